import { describe, expect, test } from "vitest";
import { defaultSettings } from "../../../init/src/options/settings.ts";
import type { Action, Event } from "../../../init/src/pid1/events.ts";
import type { Phase, State } from "../../../init/src/pid1/state.ts";
import { decide } from "../../../init/src/pid1/transitions.ts";
import {
	CATCHABLE,
	CONT,
	INT,
	QUIT,
	STOP,
	TERM,
	TSTP,
	TTIN,
	TTOU,
	USR1,
} from "../../simulation/signal_actions.ts";
import { stateIn } from "./state_in.ts";

const signal = (number: number): Event => ({ type: "signal", signal: number });
const mainEnded = (status: number, isLast = false): Event => ({
	type: "main-ended",
	status,
	isLast,
});
const mainStopped = (number: number): Event => ({ type: "main-stopped", signal: number });
const deadline: Event = { type: "deadline" };
const treeEmpty: Event = { type: "tree-empty" };

const forward = (number: number): Action => ({ type: "forward", signal: number });
const sweep: Action = { type: "sweep" };
const resume: Action = { type: "resume-main" };
const kill = (why: string): Action => ({ type: "kill", why });
const OVER_BUDGET = "still running at the end of the stop budget of 9 s";
const NOW_MS = 100_000;

/** In the phase, the event leads to the next phase with the actions. */
type Row = [phase: Phase, event: Event, next: Phase, actions: Action[], changes?: Partial<State>];

const TABLE: Row[] = [
	["running", signal(USR1), "running", [forward(USR1)]],
	["running", signal(TERM), "asking", [forward(TERM)]],
	["running", signal(INT), "asking", [forward(INT)]],
	["running", signal(TERM), "sweeping", [sweep], { mainPid: 0 }],
	["running", signal(USR1), "running", [], { mainPid: 0 }],
	["running", mainEnded(0), "sweeping", [sweep]],
	["running", mainEnded(0, true), "over", []],
	["running", mainStopped(STOP), "running", []],
	["running", deadline, "running", []],
	["running", treeEmpty, "running", []],

	["asking", signal(USR1), "asking", [forward(USR1)]],
	["asking", signal(TERM), "asking", [forward(TERM)]],
	["asking", mainEnded(0), "sweeping", [sweep]],
	["asking", mainEnded(0, true), "over", []],
	["asking", mainStopped(TSTP), "asking", [resume]],
	["asking", deadline, "sweeping", [sweep], { sweepAtMs: NOW_MS, killAtMs: NOW_MS + 1 }],
	["asking", deadline, "killing", [kill(OVER_BUDGET)], { sweepAtMs: NOW_MS, killAtMs: NOW_MS }],
	["asking", treeEmpty, "asking", []],

	["delaying", signal(USR1), "delaying", [forward(USR1)]],
	["delaying", signal(INT), "asking", [forward(TERM)], { stopSignal: TERM }],
	["delaying", mainEnded(0), "sweeping", [sweep]],
	["delaying", mainEnded(0, true), "over", []],
	["delaying", mainStopped(STOP), "delaying", []],
	["delaying", deadline, "asking", [forward(TERM)], { stopSignal: TERM, askAtMs: NOW_MS }],
	["delaying", deadline, "killing", [kill(OVER_BUDGET)], { killAtMs: NOW_MS }],
	["delaying", treeEmpty, "delaying", []],

	["lingering", signal(USR1), "lingering", [], { mainPid: 0 }],
	["lingering", signal(TERM), "sweeping", [sweep], { mainPid: 0 }],
	["lingering", mainEnded(0), "lingering", []],
	["lingering", mainStopped(STOP), "lingering", []],
	["lingering", deadline, "lingering", []],
	["lingering", treeEmpty, "over", [], { mainPid: 0 }],

	["sweeping", signal(USR1), "sweeping", [forward(USR1)]],
	["sweeping", signal(TERM), "sweeping", [forward(TERM)]],
	["sweeping", signal(TERM), "sweeping", [], { mainPid: 0 }],
	["sweeping", mainEnded(0), "sweeping", []],
	["sweeping", mainEnded(0, true), "over", []],
	["sweeping", mainStopped(STOP), "sweeping", [resume]],
	["sweeping", deadline, "killing", [kill(OVER_BUDGET)], { killAtMs: NOW_MS }],
	["sweeping", treeEmpty, "over", []],

	["killing", signal(TERM), "killing", []],
	["killing", signal(USR1), "killing", []],
	["killing", mainEnded(9), "killing", []],
	["killing", mainEnded(9, true), "over", []],
	["killing", mainStopped(STOP), "killing", []],
	["killing", deadline, "killing", [{ type: "kill-again" }], { giveUpAtMs: NOW_MS + 1 }],
	["killing", deadline, "over", [{ type: "give-up" }], { giveUpAtMs: NOW_MS }],
	["killing", treeEmpty, "over", []],

	["over", signal(TERM), "over", []],
	["over", mainEnded(0), "over", []],
	["over", mainStopped(STOP), "over", []],
	["over", deadline, "over", []],
	["over", treeEmpty, "over", []],
];

describe("decide() by the table", () => {
	test.each(TABLE)("in %s, %o leads to %s with %o", (phase, event, next, actions, changes) => {
		const state = stateIn(phase, changes);
		expect(decide(state, event, NOW_MS)).toEqual(actions);
		expect(state.phase).toBe(next);
	});

	test("names every phase with every event", () => {
		const named = new Set(TABLE.map(([phase, event]) => `${phase} ${event.type}`));
		expect(named.size).toBe(7 * 5);
	});
});

describe("decide() on signals", () => {
	const STOPS = [TERM, INT];

	test.each(CATCHABLE)("forwards signal %i to the main child alone", (number) => {
		const state = stateIn("running");
		expect(decide(state, signal(number), NOW_MS)).toEqual([forward(number)]);
		expect(state.phase).toBe(STOPS.includes(number) ? "asking" : "running");
		expect(state.forwardedAtMs).toBe(NOW_MS);
	});

	test("begins a stop at the signals of the settings only", () => {
		const settings = { ...defaultSettings(), stopOn: [QUIT] };
		const state = stateIn("running", { settings });
		decide(state, signal(TERM), NOW_MS);
		expect(state.phase).toBe("running");
		decide(state, signal(QUIT), NOW_MS);
		expect(state.phase).toBe("asking");
	});

	test("gives the main child two thirds of the budget before the others are asked", () => {
		const state = stateIn("running");
		decide(state, signal(TERM), NOW_MS);
		expect(state.sweepAtMs).toBe(NOW_MS + 6_000);
		expect(state.killAtMs).toBe(NOW_MS + 9_000);
		expect(state.stopRequests).toBe(1);
	});

	test("does not move the end of the budget at a signal that is only forwarded", () => {
		const state = stateIn("running");
		decide(state, signal(TERM), NOW_MS);
		decide(state, signal(USR1), NOW_MS + 10);
		expect(state.killAtMs).toBe(NOW_MS + 9_000);
	});

	test("moves the kill to 2 s after a second stop signal, and the sweep to two thirds of that", () => {
		const state = stateIn("running");
		decide(state, signal(TERM), NOW_MS);
		decide(state, signal(INT), NOW_MS + 1_000);
		expect(state.sweepAtMs).toBeCloseTo(NOW_MS + 1_000 + 2_000 * (2 / 3), 6);
		expect(state.killAtMs).toBe(NOW_MS + 3_000);
		expect(state.stopRequests).toBe(2);
	});

	test("does not prolong the stop by a second stop signal near its end", () => {
		const state = stateIn("running");
		decide(state, signal(TERM), NOW_MS);
		decide(state, signal(TERM), NOW_MS + 8_900);
		expect(state.sweepAtMs).toBe(NOW_MS + 6_000);
		expect(state.killAtMs).toBe(NOW_MS + 9_000);
	});

	test("hurries at the second stop signal after the main child's own end, not at the first", () => {
		const state = stateIn("running");
		decide(state, mainEnded(0), NOW_MS);
		decide(state, signal(TERM), NOW_MS + 100);
		expect(state.killAtMs).toBe(NOW_MS + 9_000);
		decide(state, signal(TERM), NOW_MS + 200);
		expect(state.killAtMs).toBe(NOW_MS + 2_200);
	});

	test("continues a stopped main child that is asked to end, once", () => {
		const state = stateIn("running", { mainIsStopped: true });
		expect(decide(state, signal(TERM), NOW_MS)).toEqual([forward(TERM), forward(CONT)]);
		expect(decide(state, signal(TERM), NOW_MS)).toEqual([forward(TERM)]);
	});

	test("leaves a stopped main child stopped at a signal that asks for no stop", () => {
		const state = stateIn("running", { mainIsStopped: true });
		expect(decide(state, signal(USR1), NOW_MS)).toEqual([forward(USR1)]);
		expect(decide(state, signal(CONT), NOW_MS)).toEqual([forward(CONT)]);
		expect(state.mainIsStopped).toBe(false);
	});
});

describe("decide() at the main child's end", () => {
	test.each([
		["an exit code", 42 << 8, 42],
		["a signal", 15, 143],
		["a signal with a core dump", 0x80 | 11, 139],
	])("takes over %s", (_what, status, code) => {
		const state = stateIn("running");
		decide(state, mainEnded(status), NOW_MS);
		expect(state.exitCode).toBe(code);
		expect(state.mainPid).toBe(0);
	});

	test("takes the terminal back when others are left", () => {
		const state = stateIn("running", { hasTerminal: true });
		expect(decide(state, mainEnded(0), NOW_MS)).toEqual([{ type: "take-terminal" }, sweep]);
		const sweeping = stateIn("sweeping", { hasTerminal: true });
		expect(decide(sweeping, mainEnded(0), NOW_MS)).toEqual([{ type: "take-terminal" }]);
	});

	test("leaves the terminal alone when nobody is left, unless a script before us may want it", () => {
		const state = stateIn("running", { hasTerminal: true });
		expect(decide(state, mainEnded(0, true), NOW_MS)).toEqual([]);
		const elsewhere = stateIn("running", { hasTerminal: true, isPid1: false });
		expect(decide(elsewhere, mainEnded(0, true), NOW_MS)).toEqual([{ type: "take-terminal" }]);
		expect(elsewhere.phase).toBe("over");
	});

	test("begins the budget there when nothing was forwarded", () => {
		const state = stateIn("running");
		decide(state, mainEnded(0), NOW_MS);
		expect(state.killAtMs).toBe(NOW_MS + 9_000);
		expect(state.stopRequests).toBe(0);
	});

	test.each([
		["counts the budget from a signal that was only forwarded", 3_000, 6_000],
		["leaves the others a second when the main child took long", 8_500, 1_000],
		["leaves the others a second at the budget's very end", 9_000, 1_000],
		["begins anew when that signal is longer ago than the budget", 9_001, 9_000],
	])("%s", (_what, afterMs, leftMs) => {
		const state = stateIn("running");
		decide(state, signal(QUIT), NOW_MS - afterMs);
		decide(state, mainEnded(0), NOW_MS);
		expect(state.killAtMs).toBe(NOW_MS + leftMs);
	});

	test("leaves no second that a smaller budget does not have", () => {
		const settings = { ...defaultSettings(), stopTimeoutMs: 300, stopOn: [TERM] };
		const state = stateIn("running", { settings });
		decide(state, signal(QUIT), NOW_MS - 200);
		decide(state, mainEnded(0), NOW_MS);
		expect(state.killAtMs).toBe(NOW_MS + 300);
	});

	test("stays within the budget of a stop that was asked for", () => {
		const state = stateIn("running");
		decide(state, signal(TERM), NOW_MS);
		decide(state, mainEnded(0), NOW_MS + 5_000);
		expect(state.killAtMs).toBe(NOW_MS + 9_000);
	});
});

describe("decide() on a stop signal with a terminal", () => {
	const hangUp = { type: "hang-up-shell" };

	test("hangs up on the main child as long as there is one", () => {
		const state = stateIn("running", { hasTerminal: true });
		expect(decide(state, signal(TERM), NOW_MS)).toContainEqual(hangUp);
		decide(state, mainEnded(0), NOW_MS);
		expect(decide(state, signal(TERM), NOW_MS)).toEqual([]);
	});
});

describe("decide() on a stopped main child", () => {
	const JOB_CONTROL = [TSTP, TTIN, TTOU];

	test("only notes it where there is no terminal", () => {
		for (const number of [STOP, ...JOB_CONTROL]) {
			const state = stateIn("running");
			expect(decide(state, mainStopped(number), NOW_MS)).toEqual([]);
			expect(state.mainIsStopped).toBe(true);
		}
	});

	test.each(JOB_CONTROL)("resumes it at once as PID 1 with a terminal, signal %i", (number) => {
		const state = stateIn("running", { hasTerminal: true });
		expect(decide(state, mainStopped(number), NOW_MS)).toEqual([resume]);
		expect(state.mainIsStopped).toBe(false);
	});

	test.each(JOB_CONTROL)("stops with it where a shell waits for us, signal %i", (number) => {
		const state = stateIn("running", { hasTerminal: true, isPid1: false });
		expect(decide(state, mainStopped(number), NOW_MS)).toEqual([{ type: "follow-stop" }]);
		expect(state.mainIsStopped).toBe(false);
	});

	test.each(JOB_CONTROL)("leaves it stopped when signal %i was sent to us for it", (number) => {
		const state = stateIn("running", { hasTerminal: true });
		decide(state, signal(number), NOW_MS);
		expect(decide(state, mainStopped(number), NOW_MS)).toEqual([]);
		expect(state.mainIsStopped).toBe(true);
	});

	test("takes such a request for the next stop only", () => {
		const state = stateIn("running", { hasTerminal: true });
		decide(state, signal(TSTP), NOW_MS);
		decide(state, mainStopped(TSTP), NOW_MS);
		expect(decide(state, mainStopped(TSTP), NOW_MS)).toEqual([resume]);
	});

	test("does not take another signal for such a request", () => {
		const state = stateIn("running", { hasTerminal: true });
		decide(state, signal(USR1), NOW_MS);
		expect(decide(state, mainStopped(TSTP), NOW_MS)).toEqual([resume]);
	});

	test("leaves it stopped by SIGSTOP even with a terminal: somebody has meant it", () => {
		const state = stateIn("running", { hasTerminal: true });
		expect(decide(state, mainStopped(STOP), NOW_MS)).toEqual([]);
		expect(state.mainIsStopped).toBe(true);
	});
});

describe("decide() on the kill", () => {
	test("looks again 50 ms later, and gives up after 500 ms", () => {
		const state = stateIn("sweeping", { killAtMs: NOW_MS });
		decide(state, deadline, NOW_MS);
		expect(state.killAgainAtMs).toBe(NOW_MS + 50);
		expect(state.giveUpAtMs).toBe(NOW_MS + 500);
		decide(state, deadline, NOW_MS + 50);
		expect(state.killAgainAtMs).toBe(NOW_MS + 100);
	});

	test("says when it was the second stop signal", () => {
		const state = stateIn("sweeping", { killAtMs: NOW_MS, stopRequests: 2 });
		const why = "still running after the second stop signal";
		expect(decide(state, deadline, NOW_MS)).toEqual([kill(why)]);
	});

	test("says how long the budget was", () => {
		const settings = { ...defaultSettings(), stopTimeoutMs: 1_500, stopOn: [TERM] };
		const state = stateIn("sweeping", { killAtMs: NOW_MS, stopRequests: 1, settings });
		const why = "still running at the end of the stop budget of 1.5 s";
		expect(decide(state, deadline, NOW_MS)).toEqual([kill(why)]);
	});

	test("stands for a main child that outlasts everything with 137", () => {
		const state = stateIn("killing", { giveUpAtMs: NOW_MS });
		decide(state, deadline, NOW_MS);
		expect(state.exitCode).toBe(137);
	});

	test("keeps the main child's own code when only others outlast everything", () => {
		const state = stateIn("killing", { giveUpAtMs: NOW_MS, mainPid: 0, exitCode: 3 });
		decide(state, deadline, NOW_MS);
		expect(state.exitCode).toBe(3);
	});
});
