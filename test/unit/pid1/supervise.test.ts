// What no world shows: a kernel that answers as it should not.
import { describe, expect, test } from "vitest";
import { myInit } from "../../../init/src/programs/my_init.ts";
import { exit, sleep } from "../../simulation/actor.ts";
import { EINTR, EINVAL } from "../../simulation/errno.ts";
import { overridden } from "../../simulation/overridden.ts";
import { URG } from "../../simulation/signal_actions.ts";
import { World } from "../../simulation/world.ts";

describe("supervise()", () => {
	test("throws, and so leads to safe mode, when it cannot sleep", () => {
		const world = new World({ main: [sleep(10), exit(0)] });
		const broken = () => myInit(overridden(world.kernel, { waitSignal: () => -EINVAL }), 1);
		expect(broken).toThrow("sigtimedwait: this kernel refuses it (EINVAL)");
	});

	test("goes on after an interrupted sleep, and reaps what has ended meanwhile", () => {
		const world = new World({ main: [sleep(10), exit(7)] });
		const run = world.run((kernel) =>
			myInit(
				overridden(kernel, {
					waitSignal(timeoutMs) {
						kernel.waitSignal(timeoutMs);
						return -EINTR;
					},
				}),
				1,
			),
		);
		expect(run.exitCode).toBe(7);
	});

	test("starts no services where something has come into a folder that nobody has it watch", () => {
		const world = new World({ main: [sleep(100), exit(7)] });
		const { machine } = world;
		world.at(50, () => machine.send(machine.init, URG, machine.init.pid));
		expect(world.run()).toMatchObject({ exitCode: 7, endedAtMs: 100, stderr: "" });
	});

	test("asks for the time only when there is a deadline", () => {
		let asked = 0;
		const world = new World({ main: [sleep(10), exit(0)] });
		world.run((kernel) =>
			myInit(
				overridden(kernel, {
					nowMs() {
						asked++;
						return kernel.nowMs();
					},
				}),
				1,
			),
		);
		// Once, for the decision at the main child's end.
		expect(asked).toBe(1);
	});
});
