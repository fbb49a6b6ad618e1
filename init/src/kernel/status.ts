// The wait status as wait(2) encodes it.

/** Whether the child was stopped, not ended. */
export function isStopped(status: number): boolean {
	return (status & 0xff) === 0x7f;
}

/** The signal that stopped the child. */
export function stopSignal(status: number): number {
	return (status >> 8) & 0xff;
}

/** The signal that ended the child; 0 when it exited by itself. */
export function endSignal(status: number): number {
	return status & 0x7f;
}

/** Whether the signal that ended the child has left a core dump. */
export function coreWasDumped(status: number): boolean {
	return endSignal(status) !== 0 && (status & 0x80) !== 0;
}

/** The exit code that stands for the status: the child's own, or 128 + N when signal N ended it. */
export function exitCode(status: number): number {
	const signal = endSignal(status);
	return signal === 0 ? (status >> 8) & 0xff : 128 + signal;
}
