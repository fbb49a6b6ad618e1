// Signals that cases send.
import { SIGNAL_LAST } from "./signal_names.ts";

const [KILL, CHLD, CONT, STOP] = [9, 17, 18, 19];
/** Of those that stop and the one that continues, the last one sent takes the others out of the queue: each goes alone. */
export const STOPS_AND_CONT = [CONT, 20, 21, 22];
/** What the C library keeps for itself. */
export const OF_THE_C_LIBRARY = [32, 33];
/** Raised by a fault of one's own, but anybody can send them. */
export const FAULTS = [4, 5, 6, 7, 8, 11, 31];

/** All that can be caught, but those of job control, the highest, which marks their end, and what is left out. */
export function catchable(without: readonly number[] = []): number[] {
	const left = [KILL, CHLD, STOP, ...STOPS_AND_CONT, SIGNAL_LAST, ...without];
	return Array.from({ length: SIGNAL_LAST }, (_, i) => i + 1).filter((n) => !left.includes(n));
}
