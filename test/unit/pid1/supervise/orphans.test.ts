import { describe, expect, test } from "vitest";
import { myInit } from "../../../../init/src/programs/my_init.ts";
import {
	daemonize,
	exit,
	fork,
	forkMany,
	raise,
	sleep,
	sleepForever,
} from "../../../simulation/actor.ts";
import { ECHILD, ESRCH } from "../../../simulation/errno.ts";
import { reapedByInit, wakeUps } from "../../../simulation/observe.ts";
import { overridden } from "../../../simulation/overridden.ts";
import { KILL, STOP } from "../../../simulation/signal_actions.ts";
import { World } from "../../../simulation/world.ts";
import { runJudged } from "../../judged.ts";
import { countsBetweenSleeps } from "../between_sleeps.ts";
import { MAIN_PID } from "../state_in.ts";

const zombiesAt = (ms: number, counts: number[]) => (world: World) => {
	world.at(ms, () => {
		const { processes } = world.machine;
		counts.push(processes.all().filter(({ state }) => state === "ended").length);
	});
};

describe("supervise() reaps", () => {
	test("a burst of 1,000 orphans behind one SIGCHLD, in one wake-up", () => {
		const counts: number[] = [];
		const run = runJudged({
			main: [fork(...forkMany(1_000, exit(1)), sleep(10), exit(0)), sleep(100), exit(0)],
			arrange: (world) => {
				zombiesAt(9, counts)(world);
				zombiesAt(11, counts)(world);
			},
		});
		expect(counts).toEqual([1_000, 1]);
		expect(reapedByInit(run)).toBe(1_002);
		expect(wakeUps(run)).toBe(2);
	});

	test("more of them than it takes at once, before it sleeps again", () => {
		const count = 4_100;
		const run = runJudged({
			main: [fork(...forkMany(count, exit(1)), sleep(10), exit(0)), sleep(100), exit(0)],
		});
		expect(reapedByInit(run)).toBe(count + 2);
		expect(wakeUps(run)).toBe(2);
		expect(countsBetweenSleeps(run, "reaped")).toEqual([4_096, 4, 2]);
	});

	test("more of them than it takes at once before it ends, though nobody lives any more", () => {
		const count = 4_100;
		const run = runJudged({ main: [...forkMany(count, exit(1)), sleep(10), exit(0)] });
		expect(reapedByInit(run)).toBe(count + 1);
		expect(run).toMatchObject({ exitCode: 0, endedAtMs: 10 });
	});

	test("orphans that end one after the other", () => {
		const steps = Array.from({ length: 50 }, (_, index) => fork(sleep(20 + index), exit(0)));
		const run = runJudged({ main: [fork(...steps, exit(0)), sleep(500), exit(0)] });
		expect(reapedByInit(run)).toBe(52);
	});

	test("the children of a parent that was killed", () => {
		const run = runJudged({
			main: [fork(...forkMany(5, sleep(50)), raise(KILL)), sleep(500), exit(0)],
		});
		expect(reapedByInit(run)).toBe(7);
	});

	test("both parents of a daemon, and the daemon at its end", () => {
		const run = runJudged({ main: [daemonize(sleep(50), exit(0)), sleep(500), exit(0)] });
		expect(reapedByInit(run)).toBe(3);
	});

	test("what had ended before a script became my_init by exec", () => {
		const counts: number[] = [];
		runJudged({
			inheritedZombies: 3,
			main: [sleep(100), exit(0)],
			arrange: zombiesAt(50, counts),
		});
		expect(counts).toEqual([0]);
	});

	test("without a main command too", () => {
		const counts: number[] = [];
		const run = runJudged({
			main: null,
			arrange: (world) => {
				world.at(10, () => world.enter([fork(sleep(10), exit(0)), exit(0)]));
				zombiesAt(30, counts)(world);
			},
		});
		expect(counts).toEqual([0]);
		expect(run.end).toBe("asleep");
	});

	test("on while an orphan only stops", () => {
		const run = runJudged({
			main: [fork(fork(raise(STOP), exit(0)), exit(0)), sleep(100), exit(0)],
		});
		expect(run).toMatchObject({ exitCode: 0, endedAtMs: 100 });
	});

	test("does not take an orphan's end for the main child's", () => {
		const run = runJudged({
			main: [fork(fork(sleep(50), exit(9)), exit(8)), sleep(100), exit(1)],
		});
		expect(run).toMatchObject({ exitCode: 1, endedAtMs: 100 });
	});

	test("does not take a process that has got the main child's pid for the main child", () => {
		const pids = [MAIN_PID, MAIN_PID];
		const statuses = [1 << 8, 9 << 8];
		const world = new World({ main: [sleepForever] });
		const run = world.run((kernel) =>
			myInit(
				overridden(kernel, {
					reap: () => pids.shift() ?? -ECHILD,
					childStatus: () => statuses.shift() ?? 0,
					killAll: () => -ESRCH,
				}),
				1,
			),
		);
		expect(run.exitCode).toBe(1);
	});
});

describe("supervise() rests", () => {
	test("without a single wake-up while nothing happens", () => {
		const run = runJudged({ main: [sleepForever] });
		expect(run.end).toBe("asleep");
		expect(wakeUps(run)).toBe(1);
	});

	test("after an interrupted sleep as before it", () => {
		const run = runJudged({ main: [sleep(50), exit(0)], conditions: { interruptChance: 0.3 } });
		expect(run.exitCode).toBe(0);
	});
});
