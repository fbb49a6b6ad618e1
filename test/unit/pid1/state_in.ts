// A state of PID 1 in the middle of its life.
import { defaultSettings } from "../../../init/src/options/settings.ts";
import { type Found, newStages, type Stages } from "../../../init/src/pid1/stages.ts";
import { initialState, type Phase, type State } from "../../../init/src/pid1/state.ts";

export const MAIN_PID = 2;

/** In the phase, with a main child, as PID 1, without a terminal, unless the changes say otherwise. */
export function stateIn(phase: Phase, changes: Partial<State> = {}): State {
	const beginning = {
		isPid1: true,
		hasTerminal: false,
		stopsItself: false,
		settings: defaultSettings(),
		mainPid: MAIN_PID,
		mainGroup: MAIN_PID,
		mainName: "app",
		stages: undefined,
	};
	return { ...initialState(beginning), phase, ...changes };
}

export const NOTHING_FOUND: Found = { preShutdown: [], postShutdown: [], services: [], watch: -1 };

/** Without scripts, hooks and services, unless the changes say otherwise. */
export function stagesWith(changes: Partial<Stages> = {}): Stages {
	return { ...newStages([], NOTHING_FOUND), ...changes };
}
