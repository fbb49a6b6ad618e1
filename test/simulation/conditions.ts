// What the simulated machine can and cannot do, and how it behaves. Drawn anew for each random world.

export interface Conditions {
	/** Whether the init is PID 1 of its namespace; otherwise a process of a machine with bystanders. */
	readonly isPid1: boolean;
	/** What /proc shows: our namespace, another one, or nothing. */
	readonly proc: "own" | "foreign" | "none";
	/**
	 * Descriptors for processes: unknown before Linux 5.3 and in some sandboxes (ENOSYS), refused by an engine's
	 * old seccomp profile (EPERM), which may also let them be opened but not signalled.
	 */
	readonly processDescriptors: "all" | "unknown" | "refused" | "not signalled";
	/** Whether PR_SET_CHILD_SUBREAPER is known: since Linux 3.4. */
	readonly hasSubreaper: boolean;
	/** How many descriptors a process may have open. */
	readonly descriptorLimit: number;
	/** Whether the engine waits for the processes that it has started inside. */
	readonly engineCollects: boolean;
	/** The highest pid; numbers are used again soon where it is low. */
	readonly highestPid: number;
	/** Whether the init has a controlling terminal on its descriptors 0 to 2. */
	readonly hasTerminal: boolean;
	/** Whether what is due at the same time happens in a drawn order. */
	readonly isShuffled: boolean;
	/** Whether the init may signal processes of other users. */
	isPrivileged: boolean;
	/** Longest time from when something can happen (a signal's effect, a step) until it does. */
	latencyMs: number;
	/** How likely it is that others run while the init makes a system call. */
	preemptChance: number;
	/** How likely it is that a sleep ends by EINTR. */
	interruptChance: number;
	stderr: "read" | "blocked" | "closed";
}

/** A plain machine: everything there, no delays, no faults, PID 1. */
export const PLAIN: Conditions = {
	isPid1: true,
	proc: "own",
	processDescriptors: "all",
	hasSubreaper: true,
	descriptorLimit: 1_024,
	engineCollects: true,
	highestPid: 32_768,
	hasTerminal: false,
	isShuffled: false,
	isPrivileged: true,
	latencyMs: 0,
	preemptChance: 0,
	interruptChance: 0,
	stderr: "read",
};

/** From now on nothing is slow or faulty that can be mended: whatever is pending must make progress. */
export function heal(conditions: Conditions): void {
	conditions.isPrivileged = true;
	conditions.latencyMs = 0;
	conditions.preemptChance = 0;
	conditions.interruptChance = 0;
	conditions.stderr = "read";
}
