// The last of it: killing what is left, and the end.
import { EXIT_KILLED } from "../exit_codes.ts";
import type { Action } from "./events.ts";
import type { State } from "./state.ts";

export const KILL_AGAIN_MS = 50;
/** A process in an uninterruptible sleep may outlast SIGKILL; the engine's own deadline is near. */
const GIVE_UP_MS = 500;

export function kill(state: State, nowMs: number): readonly Action[] {
	state.phase = "killing";
	state.killAgainAtMs = nowMs + KILL_AGAIN_MS;
	state.giveUpAtMs = nowMs + GIVE_UP_MS;
	const why =
		state.stopRequests >= 2
			? "still running after the second stop signal"
			: `still running at the end of the stop budget of ${state.settings.stopTimeoutMs / 1_000} s`;
	return [{ type: "kill", why }];
}

export function giveUp(state: State): readonly Action[] {
	end(state);
	return [{ type: "give-up" }];
}

export function end(state: State): readonly Action[] {
	const isMainLeft = state.mainPid !== 0 && (state.stages?.running ?? "") === "";
	if (isMainLeft) state.exitCode = EXIT_KILLED;
	state.phase = "over";
	return [];
}
