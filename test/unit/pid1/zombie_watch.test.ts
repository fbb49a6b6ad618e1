import { describe, expect, test } from "vitest";
import { openLog } from "../../../init/src/log/log.ts";
import { ZombieWatch } from "../../../init/src/pid1/zombie_watch.ts";
import { exec, exit, fork, sleep, sleepForever, wait } from "../../simulation/actor.ts";
import { wakeUps } from "../../simulation/observe.ts";
import { type Run, World, type WorldOptions } from "../../simulation/world.ts";

const zombie = fork(exit(0));

function watch(options: WorldOptions, untilMs = 300_000): Run {
	const world = new World({ environment: { INIT_ZOMBIE_WARN: "60s" }, ...options });
	world.at(untilMs, () => world.signal(15));
	return world.run();
}

describe("INIT_ZOMBIE_WARN", () => {
	test("names a parent once that does not wait, and its children", () => {
		const { stderr } = watch({ main: [zombie, zombie, sleepForever] });
		expect(stderr).toBe(
			"*** warning: PID 2 (app) has not waited for 2 ended children (PID 3, 4): no init can do that for it; it should call waitpid, or ignore SIGCHLD\n",
		);
	});

	test("names each such parent", () => {
		const { stderr } = watch({
			main: [zombie, fork(exec("worker", zombie, sleepForever)), sleepForever],
		});
		expect(stderr).toContain("PID 2 (app) has not waited for 1 ");
		expect(stderr).toContain("(worker) has not waited for 1 ");
	});

	test("says nothing of a zombie that is waited for before the time is over", () => {
		const main = [sleep(50_000), zombie, sleep(20_000), wait, sleepForever];
		expect(watch({ main }).stderr).toBe("");
	});

	test("names ten children at most", () => {
		const main = [...new Array(12).fill(zombie), sleepForever];
		expect(watch({ main }).stderr).toContain(
			"for 12 ended children (PID 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, ...)",
		);
	});

	test("names exactly ten without dots", () => {
		const main = [...new Array(10).fill(zombie), sleepForever];
		expect(watch({ main }).stderr).toContain("(PID 3, 4, 5, 6, 7, 8, 9, 10, 11, 12): no init");
	});

	test("looks at its time and not before", () => {
		const { kernel, machine } = new World();
		const watching = new ZombieWatch(60_000, 1_000);
		expect(watching.timeoutMs(1_000)).toBe(60_000);
		watching.look(kernel, openLog(kernel, "warning"), 60_999);
		expect(machine.facts.some(({ type }) => type === "listed")).toBe(false);
		watching.look(kernel, openLog(kernel, "warning"), 61_000);
		expect(machine.facts.some(({ type }) => type === "listed")).toBe(true);
		expect(watching.timeoutMs(61_000)).toBe(60_000);
	});

	test("wakes for its own timer alone, and not at all when it is off", () => {
		const main = [sleepForever];
		const on = watch({ main });
		const off = watch({ main, environment: {} });
		expect(wakeUps(on) - wakeUps(off)).toBe(4);
		expect(watch({ main: [zombie, sleepForever], environment: {} }).stderr).toBe("");
	});

	test("finds nothing where /proc cannot be read", () => {
		expect(watch({ main: [zombie, sleepForever], conditions: { proc: "none" } }).stderr).toBe("");
	});

	test("looks at its descendants alone where it is not PID 1", () => {
		const { stderr } = watch({ main: [zombie, sleepForever], conditions: { isPid1: false } });
		expect(stderr).toMatch(
			/^\*\*\* warning: PID \d+ \(app\) has not waited for 1 ended children [^\n]*\n$/,
		);
	});
});
