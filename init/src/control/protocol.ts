// What initctl and PID 1 say to each other over the control socket: one line of JSON asks, lines of JSON answer, the end of
// the stream is the end of the answer. Strings are bytes, times are milliseconds.

/** Where the control socket lies: the first of these folders that can be written. */
export const RUN_FOLDERS = ["/run/my_init", "/dev/shm/my_init", "/tmp/my_init"];
export const SOCKET_NAME = "control";
/** The longest request, with its newline. */
export const MOST_REQUEST_BYTES = 4_096;

export type Request =
	/** An answer of one `ServiceStatus` a line for each service, in order of name; names: only those. */
	| { readonly verb: "status"; readonly names: readonly string[] }
	/**
	 * start, stop, restart, once (started, and not again by itself): answered, once it is done (or has failed), by one Done a
	 * service, or where `waits` is false at once. A stop of "unless-stopped" lasts.
	 */
	| {
			readonly verb: "start" | "stop" | "restart" | "once";
			readonly names: readonly string[];
			readonly waits: boolean;
	  }
	/** By the number of the signal; the whole process group where `isGroup`. */
	| {
			readonly verb: "signal";
			readonly names: readonly string[];
			readonly signal: number;
			readonly isGroup: boolean;
	  }
	/**
	 * Answered by one Done a service (names empty: all) once it is in the state, or can't come into it any more (its error says
	 * why); never sooner. The client has the deadline.
	 */
	| { readonly verb: "wait"; readonly names: readonly string[]; readonly until: WaitFor }
	/** One `ServiceEvent` a line for what is remembered (256 at most); with `follows` also for what comes. */
	| { readonly verb: "events"; readonly follows: boolean }
	/** One `Totals`. */
	| { readonly verb: "totals" };

export type WaitFor = "started" | "ready" | "healthy" | "stopped";

/** What a service does now. */
export type ServiceState =
	/** Not asked to run: `down`, stopped by somebody, or between two times of its schedule. */
	| "stopped"
	| "scheduled"
	/** Dependencies are not there yet. */
	| "waiting"
	/** It runs, but is not ready yet. */
	| "starting"
	| "running"
	/** Asked to end. */
	| "stopping"
	/** Ended, and started again in a while. */
	| "backoff"
	/** Ended with 0, and not to be started again. */
	| "completed"
	/** Ended otherwise, or not startable, and not to be started again. */
	| "failed";

export interface ServiceStatus {
	readonly name: string;
	readonly state: ServiceState;
	/** undefined: it has no check, or none has ended yet. */
	readonly health: "healthy" | "unhealthy" | "starting" | undefined;
	/** 0: it does not run. */
	readonly pid: number;
	/** Of runit's `finish`; 0: it does not run. */
	readonly finishPid: number;
	/** Since when it is in this state: before now. */
	readonly sinceMs: number;
	/** How often it was started, the first time not counted. */
	readonly restarts: number;
	/** The exit code of its last end (128 + N for signal N); undefined: it has not ended yet. */
	readonly exitCode: number | undefined;
	/** Until the next start, where it is "backoff" or "scheduled". */
	readonly nextMs: number | undefined;
	/** In words: what it waits for, why it failed; empty: nothing to say. */
	readonly reason: string;
	/** Whether a pause (STOP) was the last thing asked of it, and whether somebody wants it down. */
	readonly isPaused: boolean;
	readonly isWanted: boolean;
	/** Whether it is started at boot: not `Definition.isDown`. */
	readonly isNormallyUp: boolean;
	/** Since the boot began: when it was started first, and ready; undefined: not yet. */
	readonly startedAtMs: number | undefined;
	readonly readyAtMs: number | undefined;
}

export interface Done {
	readonly name: string;
	/** Empty: done; else why not. */
	readonly error: string;
}

export interface ServiceEvent {
	/** Seconds since 1970. */
	readonly timeS: number;
	readonly name: string;
	/** started, ready, healthy, unhealthy, exited, stopping, killed, backoff, failed, completed … */
	readonly event: string;
	readonly pid: number;
	readonly exitCode: number | undefined;
	readonly text: string;
}

export interface Totals {
	/** Milliseconds since PID 1 began to supervise. */
	readonly uptimeMs: number;
	/** Processes that PID 1 has waited for, orphans among them. */
	readonly reaped: number;
	readonly services: number;
}

/** Where a request cannot be answered. */
export interface Refusal {
	readonly refused: string;
}
