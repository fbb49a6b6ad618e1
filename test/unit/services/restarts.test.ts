// When a service that has ended is started again: back-off, its bound, its jitter, and its end.
import { describe, expect, test } from "vitest";
import { runProgram } from "../../../init/src/main.ts";
import { ended, leftovers } from "../../../init/src/services/ending.ts";
import { deadlines } from "../../../init/src/services/happenings.ts";
import { launched } from "../../../init/src/services/starting.ts";
import { exit, sleep } from "../../simulation/actor.ts";
import { overridden } from "../../simulation/overridden.ts";
import { Desk, GOOD } from "./desk.ts";
import { definition, type Service, startsOf, worldOf } from "./support.ts";

const DELAY_MS = 100;

/** When a service is started that runs for so long each time; the clock shows so much of a microsecond more. */
function startsWith(
	ranMs: number,
	lastsMs: number,
	more: Partial<Service> = {},
	microsecond = 0,
): number[] {
	const world = worldOf(
		{ web: { actor: [sleep(ranMs), exit(1)], ...more } },
		{ main: [sleep(lastsMs), exit(0)] },
	);
	const nowMs = () => world.kernel.nowMs() + microsecond / 1_000;
	const run = world.run(() => runProgram(overridden(world.kernel, { nowMs })));
	return startsOf(run, "web");
}

/** How long it waits before each restart. */
function delaysOf(starts: readonly number[], ranMs: number): number[] {
	return starts.slice(1).map((atMs, place) => Math.round(atMs - (starts[place] ?? 0) - ranMs));
}

describe("the delay before a restart", () => {
	test("is doubled up to restart_max_delay, and stays there", () => {
		const starts = startsWith(10, 5_000, { restartDelayMs: DELAY_MS, restartMaxDelayMs: 650 });
		expect(delaysOf(starts, 10)).toEqual([0, 100, 200, 400, 650, 650, 650, 650, 650, 650]);
	});

	test("is no longer than restart_max_delay from the first on", () => {
		const starts = startsWith(10, 1_000, { restartDelayMs: DELAY_MS, restartMaxDelayMs: 40 });
		expect(new Set(delaysOf(starts, 10).slice(1))).toEqual(new Set([40]));
	});

	test("is up to a fifth shorter, as the clock's last digits have it", () => {
		const seconds = [0, 0.25, 0.5, 0.75, 0.999].map(
			(microsecond) => delaysOf(startsWith(10, 500, {}, microsecond), 10)[1] ?? 0,
		);
		expect(seconds).toEqual([100, 95, 90, 85, 80]);
	});

	test("differs for each of a crowd", () => {
		const desk = new Desk([definition("web")]);
		const web = desk.get("web");
		const delays = [0, 0.1, 0.5, 0.9].map((jitter) => {
			desk.machine.jitter = jitter;
			web.attempts = 3;
			return endAfter(desk, 10) - 10;
		});
		expect(delays).toEqual([400, 392, 360, 328]);
	});
});

/** It is launched at 0, is ready, and ends after so long; when it is started next. */
function endAfter(desk: Desk, ranMs: number): number {
	const web = desk.get("web");
	if (web.pid === 0) {
		web.state = "starting";
		launched(desk.machine, web, 5, 0);
	}
	ended(desk.machine, web, web.pid, GOOD, ranMs);
	leftovers(desk.machine, web, 0, ranMs);
	return web.state === "backoff" ? web.wakeAtMs : ranMs;
}

describe("who has run for 10 s", () => {
	test("is started again at once, each time", () => {
		expect(startsWith(10_000, 35_000)).toEqual([0, 10_000, 20_000, 30_000]);
		expect(delaysOf(startsWith(9_999, 35_000), 9_999)).toEqual([0, 100, 200]);
	});

	test("begins anew, however often it has failed before", () => {
		const desk = new Desk([definition("web", { mostRestarts: 3 })]);
		const web = desk.get("web");
		web.attempts = 3;
		endAfter(desk, 10_000);
		expect(web).toMatchObject({ state: "starting", attempts: 1 });
		launched(desk.machine, web, 6, 0);
		expect(endAfter(desk, 10)).toBe(110);
		deadlines(desk.machine, 110);
		expect(web).toMatchObject({ state: "starting", attempts: 2 });
	});
});
