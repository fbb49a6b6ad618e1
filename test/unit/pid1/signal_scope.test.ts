// Who gets a signal, for each INIT_SIGNAL_SCOPE, where PID 1 can see everybody and where it cannot.
import { describe, expect, test } from "vitest";
import { sendToMany } from "../../../init/src/pid1/end_processes.ts";
import { fork, newGroup, newSession, on, sleepForever } from "../../simulation/actor.ts";
import type { Conditions } from "../../simulation/conditions.ts";
import { type SentSignal, sentSignals } from "../../simulation/observe.ts";
import { USR1 } from "../../simulation/signal_actions.ts";
import { letPass } from "../../simulation/sleeping.ts";
import { World } from "../../simulation/world.ts";
import { stateIn } from "./state_in.ts";

const resting = [on(USR1), sleepForever];
/** The main child's children: one of its group, one with its own session, one with its own group in the same session. */
const FAMILY = [fork(...resting), fork(newSession, ...resting), fork(newGroup, ...resting)];

/** Whom USR1 goes to when the init gets it, and what is said of it. */
function scoped(signalScope: string, conditions: Partial<Conditions> = {}) {
	const world = new World({
		...{ main: [...FAMILY, ...resting], conditions },
		environment: { INIT_SIGNAL_SCOPE: signalScope, INIT_LOG_LEVEL: "info" },
	});
	// From outside, with a session of its own, and before the main child in the order of /proc.
	world.enter(resting);
	world.at(100, () => world.signal(USR1));
	const run = world.run();
	const said = run.stderr.split("\n").find((line) => line.includes("sent USR1"));
	return { to: whom(sentSignals(run).filter(({ signal }) => signal === USR1)), said };
}

function whom(sent: readonly SentSignal[]): Partial<Record<SentSignal["way"], number[]>> {
	const to: Partial<Record<SentSignal["way"], number[]>> = {};
	for (const { way, pid } of sent) to[way] = [...(to[way] ?? []), pid];
	return to;
}

describe("INIT_SIGNAL_SCOPE as PID 1", () => {
	test.each([
		["child", {}, { kill: [3] }, "PID 3"],
		["group", {}, { killGroup: [3, 4] }, "the main child's process group"],
		["session", {}, { kill: [3, 4, 6] }, "the main child's session"],
		["session", { proc: "none" }, { killGroup: [3, 4] }, "the main child's session"],
		["session", { proc: "foreign" }, { killGroup: [3, 4] }, "the main child's session"],
		["all", {}, { killAll: [2, 3, 4, 5, 6] }, "all processes"],
		["all", { proc: "none" }, { killAll: [2, 3, 4, 5, 6] }, "all processes"],
	] as const)("%s with %o goes to %o", (signalScope, conditions, to, name) => {
		expect(scoped(signalScope, conditions)).toEqual({ to, said: `*** sent USR1 to ${name}` });
	});
});

describe("INIT_SIGNAL_SCOPE elsewhere", () => {
	test.each([
		["session", {}, { signalProcess: [43, 44, 46] }],
		["session", { proc: "none" }, { killGroup: [43, 44] }],
		["all", {}, { signalProcess: [43, 44, 45, 46] }],
		["all", { proc: "none" }, { killGroup: [43, 44] }],
	] as const)("%s with %o goes to %o, and to no bystander", (signalScope, conditions, to) => {
		expect(scoped(signalScope, { ...conditions, isPid1: false }).to).toEqual(to);
	});
});

describe("sendToMany() when the main child has ended", () => {
	const GROUP = 7;

	/** A main child with a family, but for the state its pid is nobody's any more. */
	function afterMain(signalScope: "session" | "all", isPid1: boolean) {
		const world = new World({ main: null, conditions: { isPid1 } });
		const { init } = world.machine;
		const child = world.machine.start({ parent: init });
		if (child !== undefined) world.machine.processes.moveToGroup(child, GROUP);
		letPass(world.machine, 10);
		const run = world.run((kernel) => {
			const { settings } = stateIn("running");
			const state = stateIn("running", {
				...{ isPid1, mainPid: 0, mainGroup: GROUP, settings: { ...settings, signalScope } },
			});
			return sendToMany(kernel, state, USR1);
		});
		return { to: whom(sentSignals(run)), child: child?.pid ?? 0, result: run.exitCode };
	}

	test("its session is not known: its group gets the signal, which may live on", () => {
		const { to, child, result } = afterMain("session", true);
		expect(to).toEqual({ killGroup: [child] });
		expect(result).toBe(0);
	});

	test("everybody is known without it", () => {
		const { to, child } = afterMain("all", false);
		expect(to).toEqual({ signalProcess: [child] });
	});
});
