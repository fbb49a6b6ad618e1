// What the settings change in the decisions: for whom is waited, what the main child is told, and when.
import { describe, expect, test } from "vitest";
import {
	defaultSettings,
	forwardingSettings,
	type Settings,
} from "../../../init/src/options/settings.ts";
import type { Action, Event } from "../../../init/src/pid1/events.ts";
import { nextDeadlineMs, type State } from "../../../init/src/pid1/state.ts";
import { decide } from "../../../init/src/pid1/transitions.ts";
import { HUP, INT, QUIT, TERM, TSTP, USR1 } from "../../simulation/signal_actions.ts";
import { stateIn } from "./state_in.ts";

const NOW_MS = 100_000;
const deadline: Event = { type: "deadline" };
const signal = (number: number): Event => ({ type: "signal", signal: number });
const mainEnded = (status: number, isLast = false): Event => ({
	type: "main-ended",
	status,
	isLast,
});
const forward = (number: number): Action => ({ type: "forward", signal: number });
const sweep: Action = { type: "sweep" };

function running(settings: Partial<Settings>, changes: Partial<State> = {}): State {
	return stateIn("running", { settings: { ...defaultSettings(), ...settings }, ...changes });
}

describe("wait", () => {
	test("none: nobody but the main child, whether a stop was asked for or not", () => {
		const unasked = running({ wait: "none" });
		expect(decide(unasked, mainEnded(3 << 8), NOW_MS)).toEqual([]);
		expect(unasked).toMatchObject({ phase: "over", exitCode: 3 });

		const asked = running({ wait: "none" });
		expect(decide(asked, signal(TERM), NOW_MS)).toEqual([forward(TERM)]);
		expect(decide(asked, mainEnded(TERM), NOW_MS)).toEqual([]);
		expect(asked).toMatchObject({ phase: "over", exitCode: 143 });
	});

	test("none: nobody else is asked at a stop, however long the main child takes", () => {
		const state = running({ wait: "none" });
		decide(state, signal(TERM), NOW_MS);
		expect(nextDeadlineMs(state)).toBe(NOW_MS + 9_000);
		decide(state, signal(TERM), NOW_MS + 10);
		expect(nextDeadlineMs(state)).toBe(NOW_MS + 2_010);
	});

	test("none, with a parting signal: the main child's group gets it", () => {
		const state = running({ wait: "none", partingSignal: TERM });
		expect(decide(state, mainEnded(0), NOW_MS)).toEqual([{ type: "part", signal: TERM }]);
		expect(state.phase).toBe("over");
	});

	test("all: without a stop without limit, nobody is asked to end, and the exit code is kept", () => {
		const state = running({ wait: "all" });
		expect(decide(state, mainEnded(4 << 8), NOW_MS)).toEqual([]);
		expect(state.phase).toBe("lingering");
		expect(nextDeadlineMs(state)).toBe(Number.POSITIVE_INFINITY);
		expect(decide(state, { type: "tree-empty" }, NOW_MS)).toEqual([]);
		expect(state).toMatchObject({ phase: "over", exitCode: 4 });
	});

	test("all: over at once when the main child was the last", () => {
		const state = running({ wait: "all" });
		decide(state, mainEnded(0, true), NOW_MS);
		expect(state.phase).toBe("over");
	});

	test("all: a stop is one with a budget, before the main child's end and after it", () => {
		const before = running({ wait: "all" });
		decide(before, signal(TERM), NOW_MS);
		expect(decide(before, mainEnded(0), NOW_MS)).toEqual([sweep]);
		expect(nextDeadlineMs(before)).toBe(NOW_MS + 9_000);

		const after = running({ wait: "all" });
		decide(after, mainEnded(0), NOW_MS);
		expect(decide(after, signal(INT), NOW_MS + 1)).toEqual([sweep]);
		expect(nextDeadlineMs(after)).toBe(NOW_MS + 9_001);
	});
});

describe("an init that only forwards", () => {
	test("knows no stop: TERM is a signal like any other, however often it comes", () => {
		const state = running(forwardingSettings());
		for (const number of [TERM, INT, TERM, HUP]) {
			expect(decide(state, signal(number), NOW_MS)).toEqual([forward(number)]);
		}
		expect(state.phase).toBe("running");
		expect(nextDeadlineMs(state)).toBe(Number.POSITIVE_INFINITY);
	});
});

describe("rewrites", () => {
	const rewrites = [
		{ from: TERM, to: QUIT },
		{ from: HUP, to: 0 },
		{ from: INT, to: TERM },
		{ from: USR1, to: HUP },
	];

	test("forward one signal as another, once", () => {
		expect(decide(running({ rewrites }), signal(USR1), NOW_MS)).toEqual([forward(HUP)]);
	});

	test("drop a signal, a stop too", () => {
		const state = running({ rewrites });
		expect(decide(state, signal(HUP), NOW_MS)).toEqual([]);
		const dropping = running({ rewrites: [{ from: TERM, to: 0 }] });
		expect(decide(dropping, signal(TERM), NOW_MS)).toEqual([]);
		expect(dropping.phase).toBe("running");
	});

	test("leave it to the signal that came whether a stop begins", () => {
		const state = running({ rewrites });
		expect(decide(state, signal(TERM), NOW_MS)).toEqual([forward(QUIT)]);
		expect(state.phase).toBe("asking");
		expect(decide(state, signal(INT), NOW_MS)).toEqual([forward(TERM)]);
		expect(state.stopRequests).toBe(2);
	});
});

describe("an init that stops itself", () => {
	test("does so after a stop of the terminal's was passed on, and after nothing else", () => {
		const state = running({}, { stopsItself: true });
		expect(decide(state, signal(TSTP), NOW_MS)).toEqual([forward(TSTP), { type: "stop-self" }]);
		expect(decide(state, signal(USR1), NOW_MS)).toEqual([forward(USR1)]);
		expect(decide(running({}), signal(TSTP), NOW_MS)).toEqual([forward(TSTP)]);
	});
});

describe("without a main child", () => {
	test("only what goes to everybody arrives", () => {
		const settings = { ...defaultSettings(), signalScope: "all" as const };
		const toAll = stateIn("lingering", { mainPid: 0, settings });
		expect(decide(toAll, signal(USR1), NOW_MS)).toEqual([forward(USR1)]);
		expect(decide(stateIn("lingering", { mainPid: 0 }), signal(USR1), NOW_MS)).toEqual([]);
	});

	test("a second stop signal climbs no ladder and hangs up on nobody", () => {
		const settings = { ...defaultSettings(), stopSignals: [{ signal: TERM, waitMs: 5 }] };
		const state = stateIn("sweeping", { mainPid: 0, settings, hasTerminal: true });
		expect(decide(state, signal(TERM), NOW_MS)).toEqual([]);
		expect(state).toMatchObject({ rung: 0, nextRungAtMs: Number.POSITIVE_INFINITY });
	});
});

describe("stopDelayMs", () => {
	test("tells the main child later, within the budget", () => {
		const state = running({ stopDelayMs: 5_000 });
		expect(decide(state, signal(TERM), NOW_MS)).toEqual([]);
		expect(nextDeadlineMs(state)).toBe(NOW_MS + 5_000);
		expect(decide(state, deadline, NOW_MS + 5_000)).toEqual([forward(TERM)]);
		expect(nextDeadlineMs(state)).toBe(NOW_MS + 6_000);
	});

	test("is cut short by a second stop signal, which does not count as impatience", () => {
		const state = running({ stopDelayMs: 5_000 });
		decide(state, signal(INT), NOW_MS);
		expect(decide(state, signal(TERM), NOW_MS + 10)).toEqual([forward(INT)]);
		expect(state.killAtMs).toBe(NOW_MS + 9_000);
	});

	test("longer than two thirds of the budget, the main child is told then all the same", () => {
		const state = running({ stopDelayMs: 20_000 });
		decide(state, signal(TERM), NOW_MS);
		expect(nextDeadlineMs(state)).toBe(NOW_MS + 6_000);
		expect(decide(state, deadline, NOW_MS + 6_000)).toEqual([forward(TERM)]);
		expect(state.phase).toBe("asking");
	});
});

describe("stopSignals", () => {
	const stopSignals = [
		{ signal: TERM, waitMs: 2_000 },
		{ signal: INT, waitMs: 1_000 },
	];

	test("are sent one after the other, and KILL at last", () => {
		const state = running({ stopSignals });
		expect(decide(state, signal(QUIT), NOW_MS)).toEqual([forward(QUIT)]);
		expect(decide(state, signal(INT), NOW_MS)).toEqual([forward(TERM)]);
		expect(nextDeadlineMs(state)).toBe(NOW_MS + 2_000);
		expect(decide(state, deadline, NOW_MS + 2_000)).toEqual([forward(INT)]);
		expect(nextDeadlineMs(state)).toBe(NOW_MS + 3_000);
		expect(decide(state, deadline, NOW_MS + 3_000)).toEqual([{ type: "kill-main", isLate: false }]);
		expect(nextDeadlineMs(state)).toBe(NOW_MS + 6_000);
	});

	test("go on while the others are asked, and end with the budget", () => {
		const state = running({ stopSignals: [{ signal: TERM, waitMs: 7_000 }] });
		decide(state, signal(TERM), NOW_MS);
		expect(decide(state, deadline, NOW_MS + 6_000)).toEqual([sweep]);
		expect(nextDeadlineMs(state)).toBe(NOW_MS + 7_000);
		expect(decide(state, deadline, NOW_MS + 7_000)).toEqual([{ type: "kill-main", isLate: false }]);
		expect(nextDeadlineMs(state)).toBe(NOW_MS + 9_000);
	});

	test("wait for the end of the budget where no time is given", () => {
		const state = running({ stopSignals: [{ signal: QUIT, waitMs: Number.POSITIVE_INFINITY }] });
		expect(decide(state, signal(TERM), NOW_MS)).toEqual([forward(QUIT)]);
		expect(nextDeadlineMs(state)).toBe(NOW_MS + 6_000);
	});

	test("are climbed by a second stop signal", () => {
		const state = running({ stopSignals });
		decide(state, signal(TERM), NOW_MS);
		expect(decide(state, signal(TERM), NOW_MS + 10)).toEqual([forward(INT)]);
	});

	test("stop with the main child's end", () => {
		const state = running({ stopSignals });
		decide(state, signal(TERM), NOW_MS);
		expect(decide(state, mainEnded(0), NOW_MS + 1)).toEqual([sweep]);
		expect(nextDeadlineMs(state)).toBe(NOW_MS + 9_000);
	});
});
