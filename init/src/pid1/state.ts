// What PID 1 knows while it supervises: plain data, changed by transitions.ts alone.
import { madeInAdvance } from "../made_in_advance.ts";
import { defaultSettings, type Settings } from "../options/settings.ts";

/**
 * running   the main child runs, or there is none and the init only reaps
 * asking    a stop was asked for, the main child knows, and is being waited for
 * sweeping  every process was asked to end
 * killing   the budget is used up, what was left has been killed
 * over      nothing is left
 */
export type Phase = "running" | "asking" | "sweeping" | "killing" | "over";

export interface State {
	phase: Phase;
	readonly isPid1: boolean;
	/** Whether the main child was given the foreground of a terminal. */
	readonly hasTerminal: boolean;
	readonly settings: Settings;
	/** The main child's process group, which it may leave others in; 0: there never was one. */
	readonly mainGroup: number;
	/** 0: there is none, or it has ended. */
	mainPid: number;
	/** Whether the main child was last seen stopped. */
	mainIsStopped: boolean;
	/** A stop signal (TSTP, TTIN, TTOU) was forwarded: whoever sent it wants the main child stopped. */
	stoppedOnRequest: boolean;
	exitCode: number;
	/** How many signals asked for a stop. */
	stopRequests: number;
	/** When the last signal was forwarded to the main child. */
	forwardedAtMs: number;
	/** When all others are asked to end even though the main child has not ended. */
	sweepAtMs: number;
	/** When what is left is killed. */
	killAtMs: number;
	/** In killing: when to look again, and when to end all the same. */
	killAgainAtMs: number;
	giveUpAtMs: number;
}

export interface Beginning {
	readonly isPid1: boolean;
	readonly hasTerminal: boolean;
	readonly settings: Settings;
	/** 0: no main command. */
	readonly mainPid: number;
}

/** Made in advance, since an object of so many fields takes a while; what is known only at the start is set then. */
const blankState = madeInAdvance((): { -readonly [Key in keyof State]: State[Key] } => ({
	isPid1: false,
	hasTerminal: false,
	settings: defaultSettings(),
	mainPid: 0,
	mainGroup: 0,
	phase: "running",
	mainIsStopped: false,
	stoppedOnRequest: false,
	exitCode: 0,
	stopRequests: 0,
	forwardedAtMs: Number.NEGATIVE_INFINITY,
	sweepAtMs: Number.POSITIVE_INFINITY,
	killAtMs: Number.POSITIVE_INFINITY,
	killAgainAtMs: Number.POSITIVE_INFINITY,
	giveUpAtMs: Number.POSITIVE_INFINITY,
}));

export function initialState({ isPid1, hasTerminal, settings, mainPid }: Beginning): State {
	const state = blankState();
	state.isPid1 = isPid1;
	state.hasTerminal = hasTerminal;
	state.settings = settings;
	state.mainPid = mainPid;
	state.mainGroup = mainPid;
	return state;
}

/** When the state wants a deadline event; Infinity: never. */
export function nextDeadlineMs(state: State): number {
	switch (state.phase) {
		case "running":
		case "over":
			return Number.POSITIVE_INFINITY;
		case "asking":
			return Math.min(state.sweepAtMs, state.killAtMs);
		case "sweeping":
			return state.killAtMs;
		case "killing":
			return Math.min(state.killAgainAtMs, state.giveUpAtMs);
	}
}
