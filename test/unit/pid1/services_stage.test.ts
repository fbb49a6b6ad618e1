// What PID 1 decides about services.
import { describe, expect, test } from "vitest";
import type { Action, Event } from "../../../init/src/pid1/events.ts";
import type { Stages } from "../../../init/src/pid1/stages.ts";
import type { Phase, State } from "../../../init/src/pid1/state.ts";
import { decide } from "../../../init/src/pid1/transitions.ts";
import { TERM } from "../../simulation/signal_actions.ts";
import { NOTHING_FOUND, stagesWith, stateIn } from "./state_in.ts";

const NOW_MS = 100_000;
const mainDue = (name: string): Event => ({ type: "main-due", name });
const over = (exitCode: number): Event => ({ type: "services-over", exitCode, why: "db failed" });
const signal: Event = { type: "signal", signal: TERM };
const startMain: Action = { type: "start-main" };

function withStages(phase: Phase, stages: Partial<Stages>, changes: Partial<State> = {}) {
	const all = stagesWith(stages);
	return { stages: all, state: stateIn(phase, { stages: all, ...changes }) };
}

describe("once what the main command depends on is there", () => {
	test("the main command is started, once", () => {
		const { state } = withStages("running", { isMainAwaited: true }, { mainPid: 0 });
		expect(decide(state, mainDue(""), NOW_MS)).toEqual([startMain]);
		expect(decide(state, mainDue(""), NOW_MS)).toEqual([]);
	});

	test("it is not started during a stop, nor where nobody waits for it", () => {
		for (const phase of ["pre-shutdown", "sweeping"] as const) {
			const stopping = withStages(phase, { isMainAwaited: true }, { mainPid: 0 });
			expect(decide(stopping.state, mainDue(""), NOW_MS)).toEqual([]);
		}
		expect(decide(withStages("running", {}).state, mainDue(""), NOW_MS)).toEqual([]);
	});

	test("its definition may name it otherwise", () => {
		const { state } = withStages("running", { isMainAwaited: true });
		decide(state, mainDue(""), NOW_MS);
		expect(state.mainName).toBe("app");
		decide(state, mainDue("web"), NOW_MS);
		expect(state.mainName).toBe("web");
	});
});

describe("when something has come into the folder of services", () => {
	const watched = { found: { ...NOTHING_FOUND, watch: 0 } };

	test("they are started, once, and are part of the stop from then on", () => {
		const state = stateIn("running");
		const stages = stagesWith(watched);
		const came: Event = { type: "service-came", stages };
		expect(decide(state, came, NOW_MS)).toEqual([{ type: "start-services" }]);
		expect(decide(state, came, NOW_MS)).toEqual([]);
		const ended: Event = { type: "main-ended", status: 0, isLast: false };
		expect(decide(state, ended, NOW_MS)).toContainEqual({ type: "hold-services" });
	});

	test.each([
		["no container with stages", "running", undefined],
		["a folder that is not watched", "running", stagesWith()],
		["services that run already", "running", stagesWith({ ...watched, servicesRun: true })],
		["a stop", "asking", stagesWith(watched)],
		["others that are waited for", "lingering", stagesWith(watched)],
	] as const)("nothing follows: %s", (_what, phase, stages) => {
		const state = stateIn(phase);
		expect(decide(state, { type: "service-came", stages }, NOW_MS)).toEqual([]);
		expect(state.stages).toBe(undefined);
	});
});

describe("a service that ends the container", () => {
	test.each([
		[0, "notice"],
		[7, "error"],
	] as const)(
		"with code %i: its reason is said as %s, and the main child is asked",
		(code, level) => {
			const { state } = withStages("running", { servicesRun: true });
			expect(decide(state, over(code), NOW_MS)).toEqual([
				{ type: "say", level, text: "db failed" },
				{ type: "say", level: "notice", text: "Shutting down app (PID 2)..." },
				{ type: "forward", signal: TERM },
			]);
			expect(state).toMatchObject({ phase: "asking", killAtMs: NOW_MS + 9_000 });
			decide(state, { type: "main-ended", status: 3 << 8, isLast: false }, NOW_MS);
			expect(state.exitCode).toBe(code);
		},
	);

	test.each(["running", "lingering"] as const)(
		"ends it in order where no main child runs (%s), those who are left behind too",
		(phase) => {
			const { state } = withStages(phase, { servicesRun: true }, { mainPid: 0 });
			expect(decide(state, over(7), NOW_MS)).toEqual([
				{ type: "say", level: "error", text: "db failed" },
				{ type: "hold-services" },
				{ type: "stop-services", endMs: NOW_MS + 8_000 },
			]);
			expect(state).toMatchObject({ exitCode: 7, killAtMs: NOW_MS + 9_000 });
			expect(decide(state, { type: "services-ended", mainCode: undefined }, NOW_MS)).toEqual([
				{ type: "sweep" },
			]);
		},
	);

	test.each(["asking", "stopping-services", "sweeping"] as const)(
		"says nothing and changes no exit code during a stop (%s)",
		(phase) => {
			const { state, stages } = withStages(phase, { servicesRun: true }, { exitCode: 3 });
			expect(decide(state, over(7), NOW_MS)).toEqual([]);
			expect(state).toMatchObject({ phase, exitCode: 3 });
			expect(stages.serviceCode).toBe(undefined);
		},
	);

	test.each([
		["with", 2],
		["without", 0],
	])(
		"leaves the stop its time at a first stop signal, not at a second one (%s a main child)",
		(_what, mainPid) => {
			const { state } = withStages("running", { servicesRun: true }, { mainPid });
			decide(state, over(7), NOW_MS);
			decide(state, signal, NOW_MS + 100);
			expect(state.killAtMs).toBe(NOW_MS + 9_000);
			decide(state, signal, NOW_MS + 200);
			expect(state.killAtMs).toBe(NOW_MS + 2_200);
		},
	);
});

describe("when all services have ended", () => {
	const ended: Event = { type: "services-ended", mainCode: undefined };

	test("the hooks after them run", () => {
		const found = { ...NOTHING_FOUND, postShutdown: ["/hook"] };
		const { state } = withStages("stopping-services", { found, servicesRun: true });
		expect(decide(state, ended, NOW_MS)).toEqual([{ type: "run-hook", path: "/hook" }]);
		expect(state.phase).toBe("post-shutdown");
	});

	test("the code of the one in the main command's place is the container's, but for one that has ended it", () => {
		const afterCode = (serviceCode: number | undefined): number => {
			const { state } = withStages("stopping-services", { servicesRun: true, serviceCode });
			decide(state, { type: "services-ended", mainCode: 5 }, NOW_MS);
			return state.exitCode;
		};
		expect(afterCode(undefined)).toBe(5);
		expect(afterCode(7)).toBe(7);
	});

	test("nothing follows in another stage, and they are not asked to end again", () => {
		const { state } = withStages("running", { servicesRun: true }, { mainPid: 0 });
		expect(decide(state, ended, NOW_MS)).toEqual([]);
		expect(decide(state, signal, NOW_MS)).toEqual([{ type: "sweep" }]);
	});
});
