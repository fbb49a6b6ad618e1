// The main child has ended or stopped: what follows from it.
import { exitCode } from "../kernel/status.ts";
import { end } from "./ending.ts";
import type { Action, Event } from "./events.ts";
import { isMainCommand, stopAtOnce, stopBesides } from "./stages.ts";
import type { State } from "./state.ts";
import { isJobControlStop } from "./stopping.ts";

/** What processes have at least when the main child took long to end. */
const LEAST_GRACE_MS = 1_000;

export function mainEndedUnasked(
	state: State,
	event: Extract<Event, { type: "main-ended" }>,
	nowMs: number,
): readonly Action[] {
	const { stages, settings } = state;
	if (settings.wait !== "all") return beginStopAfterMain(state, event, nowMs);
	const actions = mainEnded(state, event);
	if (event.isLast && stages !== undefined)
		return [...actions, ...stopAtOnce(state, stages, true, nowMs)];
	if (!event.isLast) state.phase = "lingering";
	return actions;
}

/** Nobody else is waited for. */
function mainEndedAlone(
	state: State,
	event: Extract<Event, { type: "main-ended" }>,
): readonly Action[] {
	const actions = [...mainEnded(state, event)];
	end(state);
	const signal = state.settings.partingSignal;
	if (signal !== 0) actions.push({ type: "part", signal });
	return actions;
}

/**
 * The main child has ended unasked, or by a signal that is only forwarded, as an image's STOPSIGNAL
 * (QUIT, WINCH) may be. The engine's clock then runs since that signal, and so does the budget.
 */
function beginStopAfterMain(
	state: State,
	event: Extract<Event, { type: "main-ended" }>,
	nowMs: number,
): readonly Action[] {
	const budgetMs = state.settings.stopTimeoutMs;
	const wasAskedRecently = state.forwardedAtMs + budgetMs >= nowMs;
	state.killAtMs = wasAskedRecently
		? Math.max(state.forwardedAtMs + budgetMs, nowMs + Math.min(budgetMs, LEAST_GRACE_MS))
		: nowMs + budgetMs;
	return mainEndedBeforeSweep(state, event);
}

export function mainEndedBeforeSweep(
	state: State,
	event: Extract<Event, { type: "main-ended" }>,
): readonly Action[] {
	const { stages } = state;
	if (stages !== undefined) {
		return [...mainEnded(state, event), ...stopBesides(state, stages, event.isLast)];
	}
	if (state.settings.wait === "none") return mainEndedAlone(state, event);
	const actions = mainEnded(state, event);
	if (event.isLast) return actions;
	state.phase = "sweeping";
	return [...actions, { type: "sweep" }];
}

export function mainEnded(
	state: State,
	event: Extract<Event, { type: "main-ended" }>,
): readonly Action[] {
	state.mainPid = 0;
	state.nextRungAtMs = Number.POSITIVE_INFINITY;
	if (isMainCommand(state)) state.exitCode = state.stages?.serviceCode ?? exitCode(event.status);
	// With stages its end leads on to them, unless all are being killed.
	if (event.isLast && (state.stages === undefined || state.phase === "killing")) end(state);
	// A script that we are part of may read from the terminal after us; after PID 1 there is nobody, but for hooks.
	const isOver = event.isLast && state.stages === undefined;
	const isTerminalWanted = state.hasTerminal && !(isOver && state.isPid1);
	return isTerminalWanted ? [{ type: "take-terminal" }] : [];
}

/**
 * Ctrl-Z, or a read from the background. A shell before us must see the stop; as PID 1 there is none who
 * could ever continue the main child, so it goes on, as POSIX lets no orphaned process group stop.
 */
export function followMainStop(
	state: State,
	event: Extract<Event, { type: "main-stopped" }>,
): readonly Action[] {
	const onRequest = state.stoppedOnRequest;
	state.stoppedOnRequest = false;
	if (state.phase !== "running" && state.phase !== "delaying") return [{ type: "resume-main" }];
	if (state.hasTerminal && isJobControlStop(event.signal)) {
		if (!state.isPid1) return [{ type: "follow-stop" }];
		if (!onRequest) return [{ type: "resume-main" }];
	}
	state.mainIsStopped = true;
	return [];
}
