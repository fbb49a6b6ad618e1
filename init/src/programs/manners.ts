// How a program treats its main child and itself, where the names differ and the operator has no say.
import type { Replacement } from "../options/settings.ts";

export interface Manners {
	/** What the main child leads: LEADS_… of the kernel. */
	readonly leads: number;
	/** Whether the main child ignores and blocks the signals that the init was started with ignored and blocked. */
	readonly keepsSignals: boolean;
	/** Signals that are forwarded as others, or not at all, where the operator does not say otherwise. */
	readonly rewrites: readonly Replacement[];
	/** The last descriptor whose terminal's foreground the main child is given: 0 for stdin alone, 2 for all three, −1: none. */
	readonly lastTerminal: number;
	/**
	 * Whether an interactive shell is hung up on at a stop, and a main child that a terminal has stopped is followed or
	 * continued.
	 */
	readonly tendsTerminal: boolean;
	/** Whether the init stops itself after it has forwarded a stop of the terminal's. */
	readonly stopsItself: boolean;
	/** Whether orphans are adopted where the init is not PID 1. */
	readonly adoptsOrphans: boolean;
	/** Whether the init closes what it has inherited beside stdin, stdout and stderr once the main child has it. */
	readonly closesDescriptors: boolean;
	/** Whether the init leaves its working directory, so that it keeps no file system from being unmounted. */
	readonly leavesDirectory: boolean;
	/** The exit code where the command cannot be started; 0: 127 or 126, as a shell has them. */
	readonly startFailure: number;
	/** The same where the system is to blame, or for another reason than that it is not there or not executable; 0: ours. */
	readonly otherFailure: number;
}
