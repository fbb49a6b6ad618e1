// A stop that was asked for: what the main child is told, and when.
import { SIGCONT, SIGTSTP, SIGTTIN, SIGTTOU } from "../kernel/signals.ts";
import { replaced } from "../options/settings.ts";
import { end } from "./ending.ts";
import type { Action, Event } from "./events.ts";
import { mainShare } from "./stage_times.ts";
import { stopBesides, tooLate } from "./stages.ts";
import type { State } from "./state.ts";

/** What is left is killed so long after a second stop signal; of that time too, two thirds are the main child's. */
const IMPATIENT_MS = 2_000;

export function asksForStop(state: State, signal: number): boolean {
	return state.settings.stopOn.includes(signal) && rewritten(state, signal) !== 0;
}

function rewritten({ settings }: State, signal: number): number {
	return replaced(settings.rewrites, signal);
}

/** Somebody asks for it, for the first time. */
export function stopRequested(state: State, signal: number, nowMs: number): readonly Action[] {
	state.stopRequests = 1;
	return beginStop(state, signal, nowMs);
}

/** The main child first, then what is beside it, within the budget. */
export function beginStop(state: State, signal: number, nowMs: number): readonly Action[] {
	const { stages, settings } = state;
	const { stopTimeoutMs, stopDelayMs, wait } = settings;
	const mainShareMs = stopTimeoutMs * mainShare(settings);
	state.stopSignal = signal;
	if (wait !== "none" || stages !== undefined) state.sweepAtMs = nowMs + mainShareMs;
	state.killAtMs = nowMs + stopTimeoutMs;
	if (state.mainPid === 0) {
		if (stages !== undefined) return stopBesides(state, stages, false);
		if (wait === "none") return end(state);
		state.phase = "sweeping";
		return [{ type: "sweep" }];
	}
	if (stopDelayMs === 0) return ask(state, nowMs);
	state.phase = "delaying";
	state.askAtMs = nowMs + Math.min(stopDelayMs, mainShareMs);
	return [];
}

/** Tells the main child of the stop, by the first signal of the ladder if there is one. */
export function ask(state: State, nowMs: number): readonly Action[] {
	state.phase = "asking";
	const told =
		state.settings.stopSignals.length > 0
			? climb(state, nowMs)
			: tellMain(state, rewritten(state, state.stopSignal), nowMs);
	if (state.stages === undefined) return told;
	const text = `Shutting down ${state.mainName} (PID ${state.mainPid})...`;
	return [{ type: "say", level: "notice", text }, ...told];
}

/** The main child's share of the budget is over: the others' turn has come, or what is beside it. */
export function mainShareOver(state: State): readonly Action[] {
	if (state.stages === undefined) {
		state.phase = "sweeping";
		return [{ type: "sweep" }];
	}
	// Its end leads to the next stage.
	state.sweepAtMs = Number.POSITIVE_INFINITY;
	state.nextRungAtMs = Number.POSITIVE_INFINITY;
	return [tooLate(state.mainName, state.mainPid), { type: "kill-main", isLate: true }];
}

/** The next signal of the ladder; KILL after the last one. */
export function climb(state: State, nowMs: number): readonly Action[] {
	const next = state.settings.stopSignals[state.rung];
	state.rung++;
	state.nextRungAtMs = next === undefined ? Number.POSITIVE_INFINITY : nowMs + next.waitMs;
	return next === undefined
		? [{ type: "kill-main", isLate: false }]
		: tellMain(state, next.signal, nowMs);
}

/** An interactive shell does not obey, a stopped process could not: the one is hung up on, the other continued. */
function tellMain(state: State, signal: number, nowMs: number): readonly Action[] {
	const actions = [...forward(state, signal, nowMs)];
	if (state.hasTerminal && state.mainPid !== 0) actions.push({ type: "hang-up-shell" });
	if (state.mainIsStopped) actions.push(...forward(state, SIGCONT, nowMs));
	return actions;
}

/** A signal that is rewritten to none (0) goes to nobody. Without a main child only what goes to everybody arrives. */
function forward(state: State, signal: number, nowMs: number): readonly Action[] {
	if (signal === 0) return [];
	if (state.mainPid === 0 && state.settings.signalScope !== "all") return [];
	if (isJobControlStop(signal)) state.stoppedOnRequest = true;
	if (signal === SIGCONT) state.mainIsStopped = false;
	state.forwardedAtMs = nowMs;
	return [{ type: "forward", signal }];
}

/** Forwards a signal that came, as what it is rewritten to. */
export function passOn(state: State, signal: number, nowMs: number): readonly Action[] {
	const actions = forward(state, rewritten(state, signal), nowMs);
	return state.stopsItself && isJobControlStop(signal)
		? [...actions, { type: "stop-self" }]
		: actions;
}

export function signalDuringStop(
	state: State,
	event: Extract<Event, { type: "signal" }>,
	nowMs: number,
): readonly Action[] {
	if (!asksForStop(state, event.signal)) return passOn(state, event.signal, nowMs);
	hurry(state, nowMs);
	return state.settings.stopSignals.length > 0 && state.mainPid !== 0
		? climb(state, nowMs)
		: tellMain(state, rewritten(state, event.signal), nowMs);
}

/** Another stop signal: what is left has two seconds more. */
export function hurry(state: State, nowMs: number): void {
	state.stopRequests++;
	if (state.stopRequests < 2) return;
	const share = mainShare(state.settings);
	const { settings, stages } = state;
	state.impatientMs = IMPATIENT_MS;
	if (settings.wait !== "none" || stages !== undefined)
		state.sweepAtMs = Math.min(state.sweepAtMs, nowMs + IMPATIENT_MS * share);
	state.killAtMs = Math.min(state.killAtMs, nowMs + IMPATIENT_MS);
}

export function isJobControlStop(signal: number): boolean {
	return signal === SIGTSTP || signal === SIGTTIN || signal === SIGTTOU;
}
