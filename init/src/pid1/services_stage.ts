// What PID 1 does about services, which start-up scripts may have made: they are supervised elsewhere (service_manager.ts).
import { SIGTERM } from "../kernel/signals.ts";
import type { Action, Event } from "./events.ts";
import { beginHooks, type Found, goOnStarting, type Stages } from "./stages.ts";
import type { State } from "./state.ts";
import { beginStop } from "./stopping.ts";

/** What the main command depends on is there. */
export function mainIsDue(state: State, stages: Stages, name: string): readonly Action[] {
	if (name !== "") state.mainName = name;
	const isAwaited = stages.isMainAwaited && state.phase === "running";
	stages.isMainAwaited = false;
	return isAwaited ? [{ type: "start-main" }] : [];
}

/** What there is after all scripts. */
export function foundAgain(state: State, stages: Stages, found: Found): readonly Action[] {
	stages.found = found;
	stages.isFoundOld = false;
	return goOnStarting(state, stages);
}

/** Something has come into the folder of services, where there was none: whoever supervises finds out what. */
export function serviceCame(state: State, stages: Stages | undefined): readonly Action[] {
	if (stages === undefined || stages.found.watch < 0 || stages.servicesRun) return [];
	if (state.phase !== "running") return [];
	state.stages = stages;
	stages.servicesRun = true;
	return [{ type: "start-services" }];
}

/** A service ends the container. */
export function servicesAreOver(
	state: State,
	stages: Stages,
	{ exitCode: code, why }: Extract<Event, { type: "services-over" }>,
	nowMs: number,
): readonly Action[] {
	if (state.phase !== "running" && state.phase !== "lingering") return [];
	stages.serviceCode = code;
	state.exitCode = code;
	const said: Action = { type: "say", level: code === 0 ? "notice" : "error", text: why };
	return [said, ...beginStop(state, SIGTERM, nowMs)];
}

/** All services have ended. */
export function servicesHaveEnded(
	state: State,
	stages: Stages,
	mainCode: number | undefined,
): readonly Action[] {
	stages.servicesRun = false;
	if (mainCode !== undefined) state.exitCode = stages.serviceCode ?? mainCode;
	return state.phase === "stopping-services"
		? beginHooks(state, stages, "post-shutdown", stages.found.postShutdown)
		: [];
}
