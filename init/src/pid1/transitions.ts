// The decisions of PID 1, as a table: in each phase, what each event changes and which actions follow.
// Nothing here touches the system; perform.ts does.
import { EXIT_KILLED } from "../exit_codes.ts";
import { SIGCONT, SIGTSTP, SIGTTIN, SIGTTOU } from "../kernel/signals.ts";
import { exitCode } from "../kernel/status.ts";
import type { Action, Event } from "./events.ts";
import type { Phase, State } from "./state.ts";

/** The main child has the first two thirds of the budget to itself. */
const MAIN_SHARE = 2 / 3;
/** What is left is killed so long after a second stop signal; of that time too, two thirds are the main child's. */
const IMPATIENT_MS = 2_000;
/** What processes have at least when the main child took long to end. */
const LEAST_GRACE_MS = 1_000;
const KILL_AGAIN_MS = 50;
/** A process in an uninterruptible sleep may outlast SIGKILL; the engine's own deadline is near. */
const GIVE_UP_MS = 500;

type Decision<Type extends Event["type"]> = (
	state: State,
	event: Extract<Event, { type: Type }>,
	nowMs: number,
) => readonly Action[];
type Row = { readonly [Type in Event["type"]]: Decision<Type> };

const ignore = (): readonly Action[] => [];

const TABLE: Readonly<Record<Phase, Row>> = {
	running: {
		signal: (state, event, nowMs) =>
			asksForStop(state, event.signal)
				? beginStop(state, event.signal, nowMs)
				: forward(state, event.signal, nowMs),
		"main-ended": beginStopAfterMain,
		"main-stopped": followMainStop,
		deadline: ignore,
		"tree-empty": ignore,
	},
	asking: {
		signal: signalDuringStop,
		"main-ended": mainEndedBeforeSweep,
		"main-stopped": followMainStop,
		deadline: (state, _event, nowMs) => {
			if (nowMs >= state.killAtMs) return kill(state, nowMs);
			state.phase = "sweeping";
			return [{ type: "sweep" }];
		},
		"tree-empty": ignore,
	},
	sweeping: {
		signal: signalDuringStop,
		"main-ended": mainEnded,
		"main-stopped": followMainStop,
		deadline: (state, _event, nowMs) => kill(state, nowMs),
		"tree-empty": end,
	},
	killing: {
		signal: ignore,
		"main-ended": mainEnded,
		"main-stopped": ignore,
		deadline: (state, _event, nowMs) => {
			if (nowMs >= state.giveUpAtMs) return giveUp(state);
			state.killAgainAtMs = nowMs + KILL_AGAIN_MS;
			return [{ type: "kill-again" }];
		},
		"tree-empty": end,
	},
	over: {
		signal: ignore,
		"main-ended": ignore,
		"main-stopped": ignore,
		deadline: ignore,
		"tree-empty": ignore,
	},
};

/** Changes the state by the event and returns what is to be done, in this order. */
export function decide(state: State, event: Event, nowMs: number): readonly Action[] {
	const row = TABLE[state.phase];
	switch (event.type) {
		case "signal":
			return row.signal(state, event, nowMs);
		case "main-ended":
			return row["main-ended"](state, event, nowMs);
		case "main-stopped":
			return row["main-stopped"](state, event, nowMs);
		case "deadline":
			return row.deadline(state, event, nowMs);
		case "tree-empty":
			return row["tree-empty"](state, event, nowMs);
	}
}

function asksForStop(state: State, signal: number): boolean {
	return state.settings.stopOn.includes(signal);
}

function beginStop(state: State, signal: number, nowMs: number): readonly Action[] {
	state.stopRequests = 1;
	state.sweepAtMs = nowMs + state.settings.stopTimeoutMs * MAIN_SHARE;
	state.killAtMs = nowMs + state.settings.stopTimeoutMs;
	if (state.mainPid === 0) {
		state.phase = "sweeping";
		return [{ type: "sweep" }];
	}
	state.phase = "asking";
	return askMain(state, signal, nowMs);
}

/** An interactive shell does not obey, a stopped process could not: the one is hung up on, the other continued. */
function askMain(state: State, signal: number, nowMs: number): readonly Action[] {
	const actions = [...forward(state, signal, nowMs)];
	if (state.hasTerminal && state.mainPid !== 0) actions.push({ type: "hang-up-shell" });
	if (state.mainIsStopped) actions.push(...forward(state, SIGCONT, nowMs));
	return actions;
}

function forward(state: State, signal: number, nowMs: number): readonly Action[] {
	if (state.mainPid === 0) return [];
	if (isJobControlStop(signal)) state.stoppedOnRequest = true;
	if (signal === SIGCONT) state.mainIsStopped = false;
	state.forwardedAtMs = nowMs;
	return [{ type: "forward", signal }];
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

function mainEndedBeforeSweep(
	state: State,
	event: Extract<Event, { type: "main-ended" }>,
): readonly Action[] {
	const actions = mainEnded(state, event);
	if (event.isLast) return actions;
	state.phase = "sweeping";
	return [...actions, { type: "sweep" }];
}

function mainEnded(state: State, event: Extract<Event, { type: "main-ended" }>): readonly Action[] {
	state.mainPid = 0;
	state.exitCode = exitCode(event.status);
	if (event.isLast) end(state);
	// A script that we are part of may read from the terminal after us; after PID 1 there is nobody.
	const isTerminalWanted = state.hasTerminal && !(event.isLast && state.isPid1);
	return isTerminalWanted ? [{ type: "take-terminal" }] : [];
}

function signalDuringStop(
	state: State,
	event: Extract<Event, { type: "signal" }>,
	nowMs: number,
): readonly Action[] {
	if (!asksForStop(state, event.signal)) return forward(state, event.signal, nowMs);
	state.stopRequests++;
	if (state.stopRequests >= 2) {
		state.sweepAtMs = Math.min(state.sweepAtMs, nowMs + IMPATIENT_MS * MAIN_SHARE);
		state.killAtMs = Math.min(state.killAtMs, nowMs + IMPATIENT_MS);
	}
	return askMain(state, event.signal, nowMs);
}

/**
 * Ctrl-Z, or a read from the background. A shell before us must see the stop; as PID 1 there is none who
 * could ever continue the main child, so it goes on, as POSIX lets no orphaned process group stop.
 */
function followMainStop(
	state: State,
	event: Extract<Event, { type: "main-stopped" }>,
): readonly Action[] {
	const onRequest = state.stoppedOnRequest;
	state.stoppedOnRequest = false;
	if (state.phase !== "running") return [{ type: "resume-main" }];
	if (state.hasTerminal && isJobControlStop(event.signal)) {
		if (!state.isPid1) return [{ type: "follow-stop" }];
		if (!onRequest) return [{ type: "resume-main" }];
	}
	state.mainIsStopped = true;
	return [];
}

function isJobControlStop(signal: number): boolean {
	return signal === SIGTSTP || signal === SIGTTIN || signal === SIGTTOU;
}

function kill(state: State, nowMs: number): readonly Action[] {
	state.phase = "killing";
	state.killAgainAtMs = nowMs + KILL_AGAIN_MS;
	state.giveUpAtMs = nowMs + GIVE_UP_MS;
	const why =
		state.stopRequests >= 2
			? "still running after the second stop signal"
			: `still running at the end of the stop budget of ${state.settings.stopTimeoutMs / 1_000} s`;
	return [{ type: "kill", why }];
}

function giveUp(state: State): readonly Action[] {
	end(state);
	return [{ type: "give-up" }];
}

function end(state: State): readonly Action[] {
	if (state.mainPid !== 0) state.exitCode = EXIT_KILLED;
	state.phase = "over";
	return [];
}
