import { describe, expect, test } from "vitest";
import { defaultSettings } from "../../../init/src/options/settings.ts";
import { initialState, nextDeadlineMs } from "../../../init/src/pid1/state.ts";
import { stateIn } from "./state_in.ts";

describe("initialState()", () => {
	test("keeps what it is given, runs, and has no deadline", () => {
		const settings = defaultSettings();
		const state = initialState({
			isPid1: false,
			hasTerminal: true,
			stopsItself: false,
			settings,
			mainPid: 7,
			mainGroup: 7,
			mainName: "app",
			stages: undefined,
		});
		expect(state).toMatchObject({
			...{ isPid1: false, hasTerminal: true, settings, mainPid: 7, mainGroup: 7 },
			...{ phase: "running", mainIsStopped: false, stoppedOnRequest: false },
			...{ exitCode: 0, stopRequests: 0 },
		});
		expect(nextDeadlineMs(state)).toBe(Number.POSITIVE_INFINITY);
		expect(nextDeadlineMs({ ...state, phase: "asking" })).toBe(Number.POSITIVE_INFINITY);
		expect(nextDeadlineMs({ ...state, phase: "killing" })).toBe(Number.POSITIVE_INFINITY);
		expect(state.forwardedAtMs).toBe(Number.NEGATIVE_INFINITY);
	});
});

describe("nextDeadlineMs()", () => {
	const times = { sweepAtMs: 10, killAtMs: 20, killAgainAtMs: 30, giveUpAtMs: 40 };

	test.each([
		["running", {}, Number.POSITIVE_INFINITY],
		["asking", {}, 10],
		["asking", { sweepAtMs: 25 }, 20],
		["sweeping", {}, 20],
		["killing", {}, 30],
		["killing", { killAgainAtMs: 45 }, 40],
		["over", {}, Number.POSITIVE_INFINITY],
	] as const)("in %s with %o is %d", (phase, changes, deadlineMs) => {
		expect(nextDeadlineMs(stateIn(phase, { ...times, ...changes }))).toBe(deadlineMs);
	});
});
