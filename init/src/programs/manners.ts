// How a program treats its main child and itself, where the names differ and the operator has no say.
import type { Replacement } from "../options/settings.ts";

export interface Manners {
	/** What the main child leads: LEADS_… of the kernel. */
	readonly leads: number;
	/** Whether the main child ignores and blocks the signals that the init was started with ignored and blocked. */
	readonly keepsSignals: boolean;
	/** Signals that are forwarded as others, or not at all, where the operator does not say otherwise. */
	readonly rewrites: readonly Replacement[];
	/** Whether the main child gets the terminal's foreground. */
	readonly givesTerminal: boolean;
	/**
	 * Whether an interactive shell is hung up on at a stop, and a main child that a terminal has stopped is followed or
	 * continued.
	 */
	readonly tendsTerminal: boolean;
	/** Whether the init stops itself after it has forwarded a stop of the terminal's. */
	readonly stopsItself: boolean;
	/** Whether orphans are adopted where the init is not PID 1. */
	readonly adoptsOrphans: boolean;
	/** The exit code where the command cannot be started; 0: 127 or 126, as a shell has them. */
	readonly startFailure: number;
}
