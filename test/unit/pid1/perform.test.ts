import { describe, expect, test } from "vitest";
import type { Kernel } from "../../../init/src/kernel/kernel.ts";
import { openLog } from "../../../init/src/log/log.ts";
import type { Action } from "../../../init/src/pid1/events.ts";
import { perform } from "../../../init/src/pid1/perform.ts";
import type { State } from "../../../init/src/pid1/state.ts";
import { ENOTTY, ESRCH } from "../../simulation/errno.ts";
import { overridden } from "../../simulation/overridden.ts";
import { CONT, STOP, TERM } from "../../simulation/signal_actions.ts";
import { World } from "../../simulation/world.ts";
import { stateIn } from "./state_in.ts";

/** The calls of the kernel that an action leads to, and what is said at level info. */
function callsOf(
	action: Action,
	terminal: number,
	changes: Partial<State> = {},
	answers: Partial<Kernel> = {},
) {
	const calls: unknown[][] = [];
	const { kernel, machine } = new World();
	const noting =
		(name: string) =>
		(...given: unknown[]): number => {
			calls.push([name, ...given]);
			return 0;
		};
	const watched = overridden(kernel, {
		kill: noting("kill"),
		killGroup: noting("killGroup"),
		stopJob: noting("stopJob"),
		setForegroundGroup: noting("setForegroundGroup"),
		foregroundGroup: () => 1,
		...answers,
	});
	const edge = {
		kernel: watched,
		log: openLog(watched, "info"),
		terminal,
		lastWords: undefined,
		stagesEdge: undefined,
	};
	perform(edge, stateIn("running", changes), action);
	const said = machine.facts.filter((fact) => fact.type === "wrote").map(({ bytes }) => bytes);
	return { calls, said: said.join("") };
}

describe("perform()", () => {
	test("forwards to the main child, and says so", () => {
		const { calls, said } = callsOf({ type: "forward", signal: TERM }, -1);
		expect(calls).toEqual([["kill", 2, TERM]]);
		expect(said).toBe("*** sent TERM to PID 2\n");
	});

	test("says why it could not forward", () => {
		const { said } = callsOf({ type: "forward", signal: TERM }, -1, {}, { kill: () => -ESRCH });
		expect(said).toBe("*** warning: cannot send TERM to PID 2: no such process (ESRCH)\n");
	});

	test("stops ourselves, and sends a last signal to the main child's group", () => {
		expect(callsOf({ type: "stop-self" }, -1).calls).toEqual([["kill", 1, STOP]]);
		expect(callsOf({ type: "part", signal: TERM }, -1).calls).toEqual([["killGroup", 2, TERM]]);
	});

	test("resumes the main child's group, and without a terminal no more than that", () => {
		const { calls } = callsOf({ type: "resume-main" }, -1);
		expect(calls).toEqual([["killGroup", 2, CONT]]);
	});

	test("resumes it in the foreground of the terminal as PID 1, whoever stood there", () => {
		const { calls } = callsOf({ type: "resume-main" }, 0, {}, { foregroundGroup: () => 77 });
		expect(calls).toEqual([
			["setForegroundGroup", 0, 2],
			["killGroup", 2, CONT],
		]);
	});

	test.each([
		["when we stand in the foreground", 1, true],
		["not when the shell does", 77, false],
		["not when the terminal is gone", -ENOTTY, false],
	])("elsewhere gives the foreground away %s", (_what, group, isGiven) => {
		const answers = { foregroundGroup: () => group };
		const { calls } = callsOf({ type: "resume-main" }, 0, { isPid1: false }, answers);
		expect(calls.some(([name]) => name === "setForegroundGroup")).toBe(isGiven);
		expect(calls).toContainEqual(["killGroup", 2, CONT]);
	});

	test("stops its job before it resumes the main child", () => {
		const { calls } = callsOf({ type: "follow-stop" }, 2, { isPid1: false });
		expect(calls.map(([name]) => name)).toEqual(["stopJob", "setForegroundGroup", "killGroup"]);
	});

	test.each([
		["when nobody could continue us", 0, true],
		["but not when a shell has: it decides who has the terminal", 1, false],
	])(
		"gives the terminal to a main child that reads from the background %s",
		(_what, result, isGiven) => {
			const answers = { stopJob: () => result, foregroundGroup: () => 77 };
			const { calls } = callsOf({ type: "follow-stop" }, 0, { isPid1: false }, answers);
			expect(calls.some(([name]) => name === "setForegroundGroup")).toBe(isGiven);
			expect(calls).toContainEqual(["killGroup", 2, CONT]);
		},
	);

	test.each([
		["as PID 1, whoever stands in its foreground", true, 77, true],
		["elsewhere from the main child's group", false, 2, true],
		["but not from the shell before us", false, 77, false],
		["but not when it is gone", false, -ENOTTY, false],
	])("takes the terminal for its own group %s", (_what, isPid1, group, isTaken) => {
		const answers = { foregroundGroup: () => group };
		const { calls } = callsOf({ type: "take-terminal" }, 1, { isPid1, mainPid: 0 }, answers);
		expect(calls).toEqual(isTaken ? [["setForegroundGroup", 1, 1]] : []);
	});

	test("says that it asks all processes to end, and that it gives up", () => {
		expect(callsOf({ type: "sweep" }, -1).said).toBe("*** Killing all processes...\n");
		expect(callsOf({ type: "give-up" }, -1).said).toBe(
			"*** warning: some processes outlasted SIGKILL and are left to the kernel\n",
		);
	});
});
