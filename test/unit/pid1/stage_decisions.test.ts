// What single events lead to where there are scripts and hooks, and in their phases where there are none.
import { describe, expect, test } from "vitest";
import type { Action, Event } from "../../../init/src/pid1/events.ts";
import { newStages, type Stages } from "../../../init/src/pid1/stages.ts";
import { nextDeadlineMs, type Phase, type State } from "../../../init/src/pid1/state.ts";
import { decide } from "../../../init/src/pid1/transitions.ts";
import { HUP, TERM } from "../../simulation/signal_actions.ts";
import { NOTHING_FOUND, stagesWith, stateIn } from "./state_in.ts";

const NOW_MS = 100_000;
const STAGES = ["starting", "pre-shutdown", "stopping-services", "post-shutdown"] as const;
const ended: Event = { type: "main-ended", status: 0, isLast: false };
const deadline: Event = { type: "deadline" };
const signal = (number: number): Event => ({ type: "signal", signal: number });

function decided(
	phase: Phase,
	event: Event,
	stages: Partial<Stages>,
	changes: Partial<State> = {},
): readonly Action[] {
	return decide(stateIn(phase, { stages: stagesWith(stages), ...changes }), event, NOW_MS);
}

describe("without scripts, hooks and services", () => {
	test.each(STAGES)("nothing follows in the phase %s, which is never reached", (phase) => {
		const state = stateIn(phase);
		for (const event of [ended, deadline, signal(TERM)])
			expect(decide(state, event, NOW_MS)).toEqual([]);
		expect(state.phase).toBe(phase);
	});

	test.each<Event>([
		{ type: "started", pid: 7 },
		{ type: "not-started", exitCode: 127 },
		{ type: "found", found: NOTHING_FOUND },
		{ type: "main-due", name: "web" },
		{ type: "services-over", exitCode: 1, why: "" },
		{ type: "services-ended", mainCode: undefined },
	])("nothing follows from %o", (event) => {
		const state = stateIn("running");
		expect(decide(state, event, NOW_MS)).toEqual([]);
		expect(state).toEqual(stateIn("running"));
	});

	test("their phases end with the budget of the stop", () => {
		expect(nextDeadlineMs(stateIn("starting"))).toBe(Number.POSITIVE_INFINITY);
		for (const phase of STAGES.slice(1))
			expect(nextDeadlineMs(stateIn(phase, { killAtMs: 20 }))).toBe(20);
	});
});

describe("start-up", () => {
	test("looks a second time for what is beside the main command only after scripts", () => {
		const lookedFor = (queue: readonly string[]): readonly Action[] =>
			decide(
				stateIn("starting", { stages: newStages(queue, NOTHING_FOUND) }),
				{ type: "main-ended", status: 0, isLast: false },
				NOW_MS,
			);
		expect(newStages(["/1"], NOTHING_FOUND).isFoundOld).toBe(true);
		expect(lookedFor([])).toEqual([{ type: "reload-environment" }, { type: "start-main" }]);
	});

	test("of a script or the main command leads to nothing but the wait for its end", () => {
		expect(decided("starting", { type: "started", pid: 7 }, { running: "/1" })).toEqual([]);
	});

	test("passes on no signal that is no stop to a script", () => {
		expect(decided("starting", signal(HUP), { running: "/1" })).toEqual([]);
	});
});

describe("hooks", () => {
	test.each(["pre-shutdown", "stopping-services", "post-shutdown"] as const)(
		"and services are sent no signal of a stop that has begun (%s)",
		(phase) => {
			for (const number of [HUP, TERM])
				expect(decided(phase, signal(number), { running: "/1" })).toEqual([]);
		},
	);

	test("that end well are followed by the next one, and nothing is said", () => {
		expect(decided("pre-shutdown", ended, { running: "/1", queue: ["/2"] })).toEqual([
			{ type: "run-hook", path: "/2" },
		]);
	});

	test("that are too late are killed, and those behind them named, where there are any", () => {
		const late: Action = {
			...{ type: "say", level: "warning" },
			text: "/1 (PID 2) did not shut down in time. Forcing it to exit.",
		};
		const at = { killAtMs: NOW_MS + 1_000 };
		expect(decided("pre-shutdown", deadline, { running: "/1" }, at)).toEqual([
			late,
			{ type: "kill-group" },
		]);
		expect(decided("pre-shutdown", deadline, { running: "/1", queue: ["/2", "/3"] }, at)).toEqual([
			late,
			{
				...{ type: "say", level: "warning" },
				text: "left out, since the time of the hooks before them is over: /2, /3",
			},
			{ type: "kill-group" },
		]);
	});

	test("that outlast everything are no main command: the exit code stays", () => {
		const changes = { exitCode: 3, giveUpAtMs: NOW_MS };
		const hook = stateIn("killing", { stages: stagesWith({ running: "/1" }), ...changes });
		decide(hook, deadline, NOW_MS);
		expect(hook).toMatchObject({ phase: "over", exitCode: 3 });
		const main = stateIn("killing", { stages: stagesWith(), ...changes });
		decide(main, deadline, NOW_MS);
		expect(main).toMatchObject({ phase: "over", exitCode: 137 });
	});
});

test("a main child that is killed as the last of all ends the stop", () => {
	const state = stateIn("killing", { stages: stagesWith() });
	expect(decide(state, { type: "main-ended", status: 9, isLast: true }, NOW_MS)).toEqual([]);
	expect(state).toMatchObject({ phase: "over", exitCode: 137 });
});
