import { describe, expect, test } from "vitest";
import { exit, fork, ignore, on, sleep, sleepForever } from "../../../simulation/actor.ts";
import { wakeUps } from "../../../simulation/observe.ts";
import { TERM } from "../../../simulation/signal_actions.ts";
import type { World } from "../../../simulation/world.ts";
import { runJudged } from "../../judged.ts";

/** What the engine takes to wait for a process that it had started inside. */
const ENGINE_MS = 2;
const LOOK_MS = 50;
const slow = [on(TERM, sleep(1_000), exit(0)), sleepForever];
const enterAt =
	(ms: number, count = 1) =>
	(world: World) => {
		world.at(ms, () => {
			for (let entered = 0; entered < count; entered++) world.enter(slow);
		});
	};

describe("a stop with processes from outside (docker exec)", () => {
	test("waits for them by their descriptors, without looking again and again", () => {
		const run = runJudged({ main: [sleep(100), exit(5)], arrange: enterAt(10) });
		expect(run).toMatchObject({ exitCode: 5, endedAtMs: 1_100 });
		expect(wakeUps(run)).toBe(2);
	});

	test("waits for several at once", () => {
		const run = runJudged({ main: [sleep(100), exit(0)], arrange: enterAt(10, 5) });
		expect(run.endedAtMs).toBe(1_100);
		expect(run.machine.processes.all().filter(({ isAlive }) => isAlive)).toHaveLength(1);
	});

	test("watches 64 of them at a time, and the others after that", () => {
		const run = runJudged({ main: [sleep(100), exit(0)], arrange: enterAt(10, 70) });
		expect(run.end).toBe("exited");
		const most = run.facts.map((fact) => (fact.type === "slept" ? fact.openDescriptors : 0));
		expect(Math.max(...most)).toBe(65);
	});

	test.each([
		["without descriptors for processes", { processDescriptors: "unknown" }],
		["without /proc", { proc: "none" }],
		["with another namespace's /proc", { proc: "foreign" }],
		["with no free descriptor", { descriptorLimit: 4 }],
	] as const)("looks every 50 ms %s", (_what, conditions) => {
		const run = runJudged({ main: [sleep(100), exit(0)], conditions, arrange: enterAt(10) });
		expect(run.endedAtMs).toBeGreaterThanOrEqual(1_100);
		expect(run.endedAtMs).toBeLessThanOrEqual(1_100 + ENGINE_MS + LOOK_MS);
		expect(wakeUps(run)).toBeGreaterThan(1_000 / LOOK_MS - 1);
	});

	test("waits for the orphans that they leave, as for its own", () => {
		const run = runJudged({
			main: [sleep(100), exit(0)],
			arrange: (world) => world.at(10, () => world.enter([fork(...slow), sleep(20), exit(0)])),
		});
		expect(run.endedAtMs).toBe(1_100);
	});

	test("does not wait for zombies that the engine has not collected yet", () => {
		const run = runJudged({
			main: [sleep(100), exit(0)],
			arrange: (world) => world.at(10, () => world.enter([sleep(89.5), exit(0)])),
		});
		expect(run.endedAtMs).toBe(100);
	});

	test("kills those who ignore it, at the end of the budget", () => {
		const run = runJudged({
			main: [sleep(100), exit(0)],
			arrange: (world) => world.at(10, () => world.enter([ignore(TERM), sleepForever])),
		});
		expect(run.endedAtMs).toBe(9_100);
		expect(run.stderr).toContain("killing PID 3 (exec)");
	});

	test("does not wait for zombies that the engine never collects", () => {
		const run = runJudged({
			main: [sleep(100), exit(0)],
			conditions: { engineCollects: false },
			arrange: enterAt(10),
		});
		expect(run.endedAtMs).toBe(1_100);
	});

	test("gives up on such zombies when it cannot tell them from the living", () => {
		const run = runJudged({
			main: [sleep(100), exit(0)],
			conditions: { engineCollects: false, proc: "none" },
			arrange: enterAt(10),
		});
		expect(run.endedAtMs).toBe(100 + 9_000 + 500);
		expect(run.stderr).toBe(
			[
				"*** warning: killing what is left (unknown: /proc cannot be read): still running at the end of the stop budget of 9 s",
				"*** warning: some processes outlasted SIGKILL and are left to the kernel",
				"",
			].join("\n"),
		);
	});
});

describe("processes from outside before a stop", () => {
	test("are neither watched nor waited for", () => {
		const run = runJudged({
			main: [sleep(1_000), exit(0)],
			arrange: (world) => world.at(10, () => world.enter([sleep(50), exit(0)])),
		});
		expect(wakeUps(run)).toBe(1);
	});
});
