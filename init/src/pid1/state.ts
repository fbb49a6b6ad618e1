// What PID 1 knows while it supervises: plain data, changed by transitions.ts alone.
import { madeInAdvance } from "../made_in_advance.ts";
import { defaultSettings, type Settings } from "../options/settings.ts";
import { stageEndMs } from "./stage_times.ts";
import type { Stages } from "./stages.ts";

/**
 * starting  start-up scripts run, one after the other
 * running   the main child runs, or there is none and the init only reaps
 * delaying  a stop was asked for, the main child is told later
 * asking    a stop was asked for, the main child knows, and is being waited for
 * lingering the main child has ended, the others are waited for without being asked to end
 * pre-shutdown, stopping-services, post-shutdown
 *           the main child has ended: hooks run, services are asked to end and waited for, hooks run
 * sweeping  every process was asked to end
 * killing   the budget is used up, what was left has been killed
 * over      nothing is left
 */
export type Phase =
	| "starting"
	| "running"
	| "delaying"
	| "asking"
	| "lingering"
	| "pre-shutdown"
	| "stopping-services"
	| "post-shutdown"
	| "sweeping"
	| "killing"
	| "over";

export interface State {
	phase: Phase;
	readonly isPid1: boolean;
	/** Whether the main child was given the foreground of a terminal. */
	readonly hasTerminal: boolean;
	/** Whether the init stops itself after it has forwarded a stop of the terminal's. */
	readonly stopsItself: boolean;
	readonly settings: Settings;
	/** The main child's process group, which it may leave others in; 0: it has none of its own. */
	mainGroup: number;
	/** 0: there is none, or it has ended. Start-up scripts and hooks run in its place: stages.running. */
	mainPid: number;
	/** What the main command is called in the log. */
	mainName: string;
	/** What is done beside the main command; undefined: nothing. */
	stages: Stages | undefined;
	/** Whether the main child was last seen stopped. */
	mainIsStopped: boolean;
	/** A stop signal (TSTP, TTIN, TTOU) was forwarded: whoever sent it wants the main child stopped. */
	stoppedOnRequest: boolean;
	exitCode: number;
	/** How many signals asked for a stop. */
	stopRequests: number;
	/** The signal that asked for the stop. */
	stopSignal: number;
	/** When the main child is told of the stop. */
	askAtMs: number;
	/** How many steps of the ladder the main child was sent, and when it is sent the next. */
	rung: number;
	nextRungAtMs: number;
	/** When the last signal was forwarded to the main child. */
	forwardedAtMs: number;
	/** When all others are asked to end even though the main child has not ended. */
	sweepAtMs: number;
	/** How long a stop may take since somebody has lost patience; Infinity: nobody has. */
	impatientMs: number;
	/** When what is left is killed. */
	killAtMs: number;
	/** In killing: when to look again, and when to end all the same. */
	killAgainAtMs: number;
	giveUpAtMs: number;
}

export interface Beginning {
	readonly isPid1: boolean;
	readonly hasTerminal: boolean;
	readonly stopsItself: boolean;
	readonly settings: Settings;
	/** 0: no main command. */
	readonly mainPid: number;
	/** 0: no main command, or it leads no process group. */
	readonly mainGroup: number;
	readonly mainName: string;
	readonly stages: Stages | undefined;
}

/** Made in advance, since an object of so many fields takes a while; what is known only at the start is set then. */
const blankState = madeInAdvance((): { -readonly [Key in keyof State]: State[Key] } => ({
	isPid1: false,
	hasTerminal: false,
	stopsItself: false,
	settings: defaultSettings(),
	mainPid: 0,
	mainGroup: 0,
	mainName: "",
	stages: undefined,
	phase: "running",
	mainIsStopped: false,
	stoppedOnRequest: false,
	exitCode: 0,
	stopRequests: 0,
	stopSignal: 0,
	askAtMs: Number.POSITIVE_INFINITY,
	rung: 0,
	nextRungAtMs: Number.POSITIVE_INFINITY,
	forwardedAtMs: Number.NEGATIVE_INFINITY,
	sweepAtMs: Number.POSITIVE_INFINITY,
	impatientMs: Number.POSITIVE_INFINITY,
	killAtMs: Number.POSITIVE_INFINITY,
	killAgainAtMs: Number.POSITIVE_INFINITY,
	giveUpAtMs: Number.POSITIVE_INFINITY,
}));

export function initialState({
	isPid1,
	hasTerminal,
	stopsItself,
	settings,
	mainPid,
	mainGroup,
	mainName,
	stages,
}: Beginning): State {
	const state = blankState();
	state.isPid1 = isPid1;
	state.hasTerminal = hasTerminal;
	state.stopsItself = stopsItself;
	state.settings = settings;
	state.mainPid = mainPid;
	state.mainGroup = mainGroup;
	state.mainName = mainName;
	state.stages = stages;
	return state;
}

/** When the state wants a deadline event; Infinity: never. */
export function nextDeadlineMs(state: State): number {
	const { stages } = state;
	switch (state.phase) {
		case "starting":
			return stages === undefined
				? Number.POSITIVE_INFINITY
				: Math.min(stages.noticeAtMs, stages.timeoutAtMs);
		case "running":
		case "lingering":
		case "over":
			return Number.POSITIVE_INFINITY;
		case "delaying":
			return Math.min(state.askAtMs, state.killAtMs);
		case "asking":
			return Math.min(state.sweepAtMs, state.killAtMs, state.nextRungAtMs);
		case "pre-shutdown":
		case "stopping-services":
		case "post-shutdown":
			return stages === undefined
				? state.killAtMs
				: Math.min(state.killAtMs, stageEndMs(state, stages));
		case "sweeping":
			return Math.min(state.killAtMs, state.nextRungAtMs);
		case "killing":
			return Math.min(state.killAgainAtMs, state.giveUpAtMs);
	}
}
