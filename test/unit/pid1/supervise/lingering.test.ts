import { describe, expect, test } from "vitest";
import { exit, fork, sleep, sleepForever } from "../../../simulation/actor.ts";
import { World } from "../../../simulation/world.ts";

const environment = { INIT_WAIT: "all" };

describe("supervise() with INIT_WAIT=all", () => {
	test("ends with the last child", () => {
		const world = new World({ environment, main: [fork(sleep(500)), sleep(10), exit(3)] });
		expect(world.run()).toMatchObject({ exitCode: 3, endedAtMs: 500 });
	});

	test("ends with the last process that has entered from outside", () => {
		const world = new World({ environment, main: [sleep(10), exit(3)] });
		world.at(5, () => world.enter([sleep(300), exit(0)]));
		expect(world.run()).toMatchObject({ exitCode: 3, endedAtMs: 305 });
	});

	test("sleeps while somebody stays", () => {
		const world = new World({ environment, main: [fork(sleepForever), sleep(10), exit(3)] });
		expect(world.run().end).toBe("asleep");
	});
});

test("-w names the orphans, and never the main child", () => {
	const world = new World({
		...{ name: "tini", arguments: ["-w", "app"] },
		main: [fork(fork(sleep(10), exit(0)), exit(0)), sleep(50), exit(0)],
	});
	const { stderr } = world.run();
	expect(stderr).toContain("reaped PID 4, an orphan");
	expect(stderr).not.toContain("reaped PID 2,");
});
