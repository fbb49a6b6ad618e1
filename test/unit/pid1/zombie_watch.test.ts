import { describe, expect, test } from "vitest";
import { openLog } from "../../../init/src/log/log.ts";
import { ZombieWatch } from "../../../init/src/pid1/zombie_watch.ts";
import { exec, exit, fork, sleep, sleepForever, wait } from "../../simulation/actor.ts";
import { ENOENT } from "../../simulation/errno.ts";
import { wakeUps } from "../../simulation/observe.ts";
import { overridden } from "../../simulation/overridden.ts";
import { type Run, World, type WorldOptions } from "../../simulation/world.ts";

const zombie = fork(exit(0));

function watch(options: WorldOptions, prepare?: (world: World) => void): Run {
	const world = new World({ environment: { INIT_ZOMBIE_WARN: "60s" }, ...options });
	prepare?.(world);
	world.at(300_000, () => world.signal(15));
	return world.run();
}

/** What is said after looks at a parent, PID 2, each of which sees one zombie of its: its pid and when it was started. */
function saidOf(...looks: readonly (readonly [pid: number, startTime: number])[]): string {
	const { kernel, machine } = new World();
	const watching = new ZombieWatch(1, 0);
	for (const [i, [pid, startTime]] of looks.entries()) {
		const files: Readonly<Record<string, string>> = {
			"/proc/2/stat": stat(2, "S", 1, 50),
			"/proc/2/comm": "app\n",
			[`/proc/${pid}/stat`]: stat(pid, "Z", 2, startTime),
		};
		const seen = overridden(kernel, {
			listProcesses: () => [2, pid],
			readFile: (path) => files[path] ?? -ENOENT,
		});
		watching.look(seen, openLog(kernel, "warning"), i + 1);
	}
	const written = machine.facts.filter((fact) => fact.type === "wrote");
	return written.map(({ bytes }) => bytes).join("");
}

/** proc_pid_stat(5), up to the start time. */
function stat(pid: number, state: string, parent: number, startTime: number): string {
	const unread = new Array(12).fill(0).join(" ");
	return `${pid} (app) ${state} ${parent} ${pid} ${pid} 0 ${unread} 1 0 ${startTime} 0`;
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

	test("says nothing of a zombie whose pid was another one's at the look before", () => {
		expect(saidOf([3, 100], [3, 200])).toBe("");
		expect(saidOf([3, 100], [4, 100])).toBe("");
		expect(saidOf([3, 100], [3, 200], [3, 200])).toContain("1 ended child (PID 3)");
	});

	test("names a parent that came from outside", () => {
		const { stderr } = watch({ main: [sleepForever] }, (world) => {
			world.enter([zombie, sleepForever]);
		});
		expect(stderr).toContain("(exec) has not waited for 1 ");
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

	test("says once that /proc cannot be read", () => {
		expect(watch({ main: [zombie, sleepForever], conditions: { proc: "none" } }).stderr).toBe(
			"*** warning: zombies cannot be looked for: /proc cannot be read\n",
		);
	});

	test("looks at its descendants alone where it is not PID 1", () => {
		const { stderr } = watch(
			{ main: [zombie, sleepForever], conditions: { isPid1: false } },
			(world) => world.enter([zombie, sleepForever]),
		);
		expect(stderr).toMatch(
			/^\*\*\* warning: PID \d+ \(app\) has not waited for 1 ended child [^\n]*\n$/,
		);
	});
});
