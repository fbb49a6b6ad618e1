// Health checks: when they are made, which of them count, and what follows where they fail.
import { describe, expect, test } from "vitest";
import type { Healthcheck } from "../../../init/src/services/definition.ts";
import { checked, firstCheck } from "../../../init/src/services/health.ts";
import { addServices, newMachine } from "../../../init/src/services/machine.ts";
import { launched } from "../../../init/src/services/starting.ts";
import { type Actor, exit, on, say, sleep, sleepForever } from "../../simulation/actor.ts";
import { program } from "../../simulation/files.ts";
import { said } from "../../simulation/observe.ts";
import { TERM } from "../../simulation/signal_actions.ts";
import type { Run } from "../../simulation/world.ts";
import { definition, type Service, startsOf, worldOf } from "./support.ts";

const PROGRAM = { words: ["/srv/check"], isOurs: false };

/** Each second, by default, and one that fails is enough. */
const check = (more: Partial<Healthcheck> = {}): Healthcheck => ({
	...{ program: PROGRAM, intervalMs: 1_000, timeoutMs: 500, retries: 1 },
	...{ startPeriodMs: 0, startIntervalMs: 5_000, onUnhealthy: "restart" },
	...more,
});
const server: Actor = [on(TERM, say("web ends"), exit(0)), sleepForever];

/** With a check that ends with this code at once. */
function run(code: number, healthcheck: Healthcheck, more: Partial<Service> = {}): Run {
	return worldOf(
		{ web: { actor: server, healthcheck, ...more }, other: { actor: [sleepForever] } },
		{ main: [sleep(6_500), exit(3)], files: { "/srv/check": program([exit(code)]) } },
	).run();
}

describe("the start_period", () => {
	const period = { startPeriodMs: 3_000, startIntervalMs: 400 };

	test("forgives, and is checked at the start_interval until it is over", () => {
		const failed = run(1, check({ ...period, onUnhealthy: "none" }));
		const often = [400, 800, 1_200, 1_600, 2_000, 2_400, 2_800];
		expect(startsOf(failed, "check")).toEqual([...often, 3_200, 4_200, 5_200, 6_200]);
		expect(startsOf(run(1, check(period)), "web")).toEqual([0, 3_200]);
		expect(startsOf(run(1, check({ ...period, retries: 3 })), "web")).toEqual([0, 5_200]);
	});

	test("ends with the first check that succeeds", () => {
		expect(startsOf(run(0, check(period)), "check")).toEqual([
			400, 1_400, 2_400, 3_400, 4_400, 5_400, 6_400,
		]);
	});

	test("has no checks that are rarer than all others", () => {
		const rare = check({ startPeriodMs: 3_000, startIntervalMs: 2_000 });
		expect(startsOf(run(0, rare), "check").slice(0, 2)).toEqual([1_000, 2_000]);
	});

	test("does not forgive who has been healthy in it", () => {
		const machine = newMachine(true);
		addServices(machine, [definition("web", { healthcheck: check(period) })], 0);
		const [web] = machine.services;
		if (web === undefined) throw new Error("no service");
		launched(machine, web, 5, 0);
		firstCheck(machine, web, 0);
		checked(machine, web, false, 400);
		expect(web).toMatchObject({ health: "starting", failures: 0, checkAtMs: 800 });
		checked(machine, web, true, 800);
		expect(web).toMatchObject({ health: "healthy", checkAtMs: 1_800 });
		checked(machine, web, false, 1_800);
		expect(web).toMatchObject({ health: "unhealthy", failures: 1, afterStop: "retry" });
	});
});

describe("who is unhealthy", () => {
	const failing = check({ onUnhealthy: "fail", retries: 2 });
	const failure = "*** error: web has failed: unhealthy: 2 checks in a row have failed\n";

	test("has failed where that is asked for: it is stopped and not started again, all else goes on", () => {
		const { stderr, exitCode, endedAtMs, ...rest } = run(1, failing);
		expect(stderr).toContain(failure);
		expect(startsOf({ stderr, exitCode, endedAtMs, ...rest }, "web")).toEqual([0]);
		expect({ exitCode, endedAtMs }).toEqual({ exitCode: 3, endedAtMs: 6_500 });
	});

	test("ends the container by it where it is critical", () => {
		const critical = run(1, failing, { isCritical: true });
		expect(critical).toMatchObject({ end: "exited", exitCode: 1, endedAtMs: 2_000 });
		expect(said(critical)).toEqual(["web ends"]);
		expect(critical.stderr).toContain(failure);
		expect(critical.stderr).toContain("*** error: web, which is critical, has failed\n");
	});

	test("goes on where nothing is asked for", () => {
		const { facts, ...rest } = run(1, check({ onUnhealthy: "none" }), { isCritical: true });
		expect(startsOf({ facts, ...rest }, "web")).toEqual([0]);
		expect(rest).toMatchObject({ exitCode: 3, endedAtMs: 6_500 });
	});
});
