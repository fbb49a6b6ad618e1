// What the operator can set, as plain values, and what holds when nothing is set.
import { SIGINT, SIGTERM } from "../kernel/signals.ts";
import type { LogLevel } from "../log/log.ts";
import { madeInAdvance } from "../made_in_advance.ts";

export interface Settings {
	/** The budget of a whole stop, in milliseconds; 0 kills at once. */
	stopTimeoutMs: number;
	/** The signals that begin a stop. */
	stopOn: readonly number[];
	/** How much is said on stderr. */
	logLevel: LogLevel;
}

/** Below Docker's 10 s, so that the init and not the engine has the last word. */
const STOP_TIMEOUT_MS = 9_000;

export function defaultSettings(): Settings {
	return { stopTimeoutMs: STOP_TIMEOUT_MS, stopOn: [SIGTERM, SIGINT], logLevel: "warning" };
}

/** The defaults, to be changed by what the operator sets. */
export const newSettings = madeInAdvance(defaultSettings);
