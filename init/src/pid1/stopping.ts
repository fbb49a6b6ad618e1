// A stop that was asked for: what the main child is told, and when.
import { SIGCONT, SIGTSTP, SIGTTIN, SIGTTOU } from "../kernel/signals.ts";
import { replaced } from "../options/settings.ts";
import { end } from "./ending.ts";
import type { Action, Event } from "./events.ts";
import type { State } from "./state.ts";

/** The main child has the first two thirds of the budget to itself, and no delay is longer than that. */
export const MAIN_SHARE = 2 / 3;
/** What is left is killed so long after a second stop signal; of that time too, two thirds are the main child's. */
const IMPATIENT_MS = 2_000;

export function asksForStop(state: State, signal: number): boolean {
	return state.settings.stopOn.includes(signal) && rewritten(state, signal) !== 0;
}

function rewritten({ settings }: State, signal: number): number {
	return replaced(settings.rewrites, signal);
}

export function beginStop(state: State, signal: number, nowMs: number): readonly Action[] {
	const { stopTimeoutMs, stopDelayMs, wait } = state.settings;
	const mainShareMs = stopTimeoutMs * MAIN_SHARE;
	state.stopRequests = 1;
	state.stopSignal = signal;
	if (wait !== "none") state.sweepAtMs = nowMs + mainShareMs;
	state.killAtMs = nowMs + stopTimeoutMs;
	if (state.mainPid === 0) {
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
	return state.settings.stopSignals.length > 0
		? climb(state, nowMs)
		: tellMain(state, rewritten(state, state.stopSignal), nowMs);
}

/** The next signal of the ladder; KILL after the last one. */
export function climb(state: State, nowMs: number): readonly Action[] {
	const next = state.settings.stopSignals[state.rung];
	state.rung++;
	state.nextRungAtMs = next === undefined ? Number.POSITIVE_INFINITY : nowMs + next.waitMs;
	return next === undefined ? [{ type: "kill-main" }] : tellMain(state, next.signal, nowMs);
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
	state.stopRequests++;
	if (state.stopRequests >= 2) {
		if (state.settings.wait !== "none") {
			state.sweepAtMs = Math.min(state.sweepAtMs, nowMs + IMPATIENT_MS * MAIN_SHARE);
		}
		state.killAtMs = Math.min(state.killAtMs, nowMs + IMPATIENT_MS);
	}
	return state.settings.stopSignals.length > 0 && state.mainPid !== 0
		? climb(state, nowMs)
		: tellMain(state, rewritten(state, event.signal), nowMs);
}

export function isJobControlStop(signal: number): boolean {
	return signal === SIGTSTP || signal === SIGTTIN || signal === SIGTTOU;
}
