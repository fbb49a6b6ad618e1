// What PID 1 does about scripts, hooks and services, and where there are none.
import { describe, expect, test } from "vitest";
import { openLog } from "../../../init/src/log/log.ts";
import { defaultSettings } from "../../../init/src/options/settings.ts";
import type { Action } from "../../../init/src/pid1/events.ts";
import { type Edge, perform, type StagesEdge } from "../../../init/src/pid1/perform.ts";
import type { ServiceManager } from "../../../init/src/pid1/service_manager.ts";
import type { Stages } from "../../../init/src/pid1/stages.ts";
import { overridden } from "../../simulation/overridden.ts";
import { World } from "../../simulation/world.ts";
import { idleManager } from "./idle_manager.ts";
import { NOTHING_FOUND, stagesWith, stateIn } from "./state_in.ts";

const ABOUT_SERVICES: readonly Action[] = [
	{ type: "start-services" },
	{ type: "hold-services" },
	{ type: "stop-services", endMs: 1 },
	{ type: "kill-services" },
];
const ABOUT_STAGES: readonly Action[] = [
	{ type: "reload-environment" },
	{ type: "look-again" },
	{ type: "start-main" },
	...ABOUT_SERVICES,
];

function stagesEdge(stages: Stages, manager: ServiceManager = idleManager()): StagesEdge {
	return {
		stages,
		startMain: () => 7,
		reloadEnvironment() {},
		findAgain: () => NOTHING_FOUND,
		openServices: () => manager,
		services: undefined,
	};
}

function edgeWith(stagesEdge: StagesEdge | undefined, closed: number[] = []): Edge {
	const { kernel } = new World();
	const watched = overridden(kernel, { close: (descriptor) => closed.push(descriptor) });
	return {
		...{ kernel: watched, log: openLog(watched, undefined), terminal: -1 },
		...{ lastWords: undefined, stagesEdge },
	};
}

describe("where there are no scripts, hooks and services", () => {
	test.each(ABOUT_STAGES)("$type does nothing", (action) => {
		expect(perform(edgeWith(undefined), stateIn("running"), action)).toBe(undefined);
		const stages = stagesWith();
		expect(perform(edgeWith(undefined), stateIn("running", { stages }), action)).toBe(undefined);
	});

	test("those that PID 1 does not know of yet are neither looked for nor started", () => {
		const later = stagesEdge(stagesWith());
		for (const type of ["look-again", "start-services"] as const)
			expect(perform(edgeWith(later), stateIn("running"), { type })).toBe(undefined);
		expect(later.services).toBe(undefined);
	});

	test.each(ABOUT_SERVICES.slice(1))(
		"$type does nothing before services were started",
		(action) => {
			const stages = stagesWith();
			const edge = edgeWith(stagesEdge(stages));
			expect(perform(edge, stateIn("running", { stages }), action)).toBe(undefined);
		},
	);
});

describe("the start of services", () => {
	function begun(services: readonly string[], watch: number) {
		const late: boolean[] = [];
		const closed: number[] = [];
		const stages = stagesWith({ found: { ...NOTHING_FOUND, services, watch } });
		const manager = { ...idleManager(), begin: (_: number, isLate: boolean) => late.push(isLate) };
		const edge = edgeWith(stagesEdge(stages, manager), closed);
		perform(edge, stateIn("running", { stages }), { type: "start-services" });
		expect(edge.stagesEdge?.services).toBe(manager);
		return { late, closed };
	}

	test("is a late one where there were none at the start", () => {
		expect(begun([], 5).late).toEqual([true]);
		expect(begun(["web"], 5).late).toEqual([false]);
	});

	test("ends the watch over their folder, whatever its number is, where there is one", () => {
		expect(begun([], 5).closed).toEqual([5]);
		expect(begun([], 0).closed).toEqual([0]);
		expect(begun(["web"], -1).closed).toEqual([]);
	});

	test.each([
		[undefined, "*** web\n"],
		["warning", ""],
	] as const)("has notices said where no level was asked for (%s)", (logLevel, said) => {
		const { kernel, machine } = new World();
		const stages = stagesWith();
		const log = openLog(kernel, logLevel);
		const edge = { ...edgeWith(stagesEdge(stages)), kernel, log };
		const settings = { ...defaultSettings(), logLevel };
		perform(edge, stateIn("running", { stages, settings }), { type: "start-services" });
		log.say("notice", "web");
		log.say("info", "more than was asked for");
		const written = machine.facts.filter((fact) => fact.type === "wrote");
		expect(written.map(({ bytes }) => bytes).join("")).toBe(said);
	});
});
