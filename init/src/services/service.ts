// What PID 1 knows of a service: plain data, changed by the decisions in this folder alone.
import type { ServiceState } from "../control/protocol.ts";
import { printableText } from "../log/log.ts";
import type { SignalAction } from "./actions.ts";
import type { Definition } from "./definition.ts";

/** Programs that are run for a service, beside itself. */
export type Role = "ready" | "check" | "post-start" | "pre-stop" | "finish" | "control";

/** How far a stop has come. */
export type StopStep = "none" | "due" | "pre-stop" | "asked" | "killed";

/** What follows once it has ended because we wanted it to; retry: what its restart policy says of a failure. */
export type AfterStop = "stay" | "restart" | "retry" | "fail";

export interface Service {
	readonly definition: Definition;
	/** Those that depend on it. */
	dependents: readonly Service[];
	state: ServiceState;
	sinceMs: number;
	reason: string;
	/** 0: it does not run. */
	pid: number;
	/** The pid that it had last: the session of what it has left behind. */
	lastPid: number;
	startedAtMs: number;
	/** When this instance was ready, or the last one was, and ended; Infinity: it never was. */
	readyAtMs: number;
	endedAtMs: number;
	/** When its time is over, once it was asked to end. */
	stopByMs: number;
	/** Whether it is to run; for once only, without a restart. */
	isWanted: boolean;
	isOnce: boolean;
	isPaused: boolean;
	/** Its folder is gone: it is forgotten once it has ended. */
	isDoomed: boolean;
	isReady: boolean;
	health: "healthy" | "unhealthy" | "starting" | undefined;
	/** Failed checks in a row. */
	failures: number;
	/** Starts in all, and restarts in a row. */
	starts: number;
	attempts: number;
	/** The wait status of its last end; −1: none. */
	endStatus: number;
	stopStep: StopStep;
	afterStop: AfterStop;
	/** Whether what it has left behind is being ended, and how often that was tried. */
	isClearing: boolean;
	clearings: number;
	/** When its state, and its health check, want a deadline. */
	wakeAtMs: number;
	checkAtMs: number;
	/** When a scheduled one starts next, in seconds since 1970: where that is known, later than the last time. */
	dueS: number;
	/** When it was due last. */
	ranS: number;
	/** Scheduled runs that still go on while the next one runs: overlapping.ts. */
	overlapping: readonly number[];
	/** Pids of what is run for it now. */
	helpers: Helpers;
	/** What runit's script for a signal runs in place of, and whether the one for a stop is still to run. */
	controlled: SignalAction | undefined;
	isDownDue: boolean;
	firstStartMs: number;
	firstReadyMs: number;
}

/** In place of the pid of a `finish` that is to be run. */
export const DUE = -1;

export type Helpers = { [Of in Role]: number };

const NONE: Helpers = {
	ready: 0,
	check: 0,
	"post-start": 0,
	"pre-stop": 0,
	finish: 0,
	control: 0,
};

/** What each begins with, and few ever change. */
export function blankService(definition: Definition): Service {
	return {
		definition,
		dependents: [],
		state: "stopped",
		sinceMs: 0,
		reason: "",
		pid: 0,
		lastPid: 0,
		startedAtMs: 0,
		readyAtMs: Number.POSITIVE_INFINITY,
		endedAtMs: 0,
		stopByMs: Number.POSITIVE_INFINITY,
		isWanted: true,
		isOnce: false,
		isPaused: false,
		isDoomed: false,
		isReady: false,
		health: undefined,
		failures: 0,
		starts: 0,
		attempts: 0,
		endStatus: -1,
		stopStep: "none",
		afterStop: "stay",
		isClearing: false,
		clearings: 0,
		wakeAtMs: Number.POSITIVE_INFINITY,
		checkAtMs: Number.POSITIVE_INFINITY,
		dueS: 0,
		ranS: 0,
		overlapping: NOBODY,
		helpers: NONE,
		controlled: undefined,
		isDownDue: false,
		firstStartMs: -1,
		firstReadyMs: -1,
	};
}

/** @param blank what it shares with all others */
export function newService(definition: Definition, blank: Service, nowMs: number): Service {
	const own: Service = Object.create(blank);
	Object.defineProperty(own, "definition", { value: definition });
	own.sinceMs = nowMs;
	if (definition.isDown) own.isWanted = false;
	return own;
}

const NOBODY: readonly number[] = [];

/** Most services never have one: they share the object that says so. */
export function setHelper(service: Service, role: Role, pid: number): void {
	service.helpers = { ...service.helpers, [role]: pid };
}

/** Whether those that need it can go on: it is ready, has done its work, or waits for its time. */
export function isUsable({ isReady, state }: Service): boolean {
	return isReady || state === "completed" || state === "scheduled";
}

/** Whether its next start by the clock is known. */
export function hasNext({ dueS, ranS }: Service): boolean {
	return dueS > ranS;
}

/** Whether its launch has been decided on, and not been done yet: whoever leaves the state has given it up. */
export function isAboutToStart({ pid, state }: Service): boolean {
	return pid === 0 && state === "starting";
}

/** Its name for a message: a folder of runit's may have any. */
export function shownName({ definition }: Pick<Service, "definition">): string {
	return printableText(definition.name);
}

/** Whether anything of it runs, or is still cleared away. */
export function isAlive({ pid, isClearing, helpers, overlapping }: Service): boolean {
	return pid !== 0 || isClearing || helpers.finish !== 0 || overlapping.length > 0;
}

/** Its own processes, and those that runit runs around them. */
export function processesOf({ pid, overlapping, helpers }: Service): readonly number[] {
	return [pid, ...overlapping, helpers.finish, helpers.control];
}

/** Whether the next instance can be launched: nothing of the last one is left, nor does its `finish` run. */
export function isVacant({ pid, isClearing, helpers }: Service): boolean {
	return pid === 0 && !isClearing && helpers.finish === 0;
}

/** Whether nothing will change without somebody asking for it. */
export function isFinal({ state }: Service): boolean {
	return state === "stopped" || state === "completed" || state === "failed";
}
