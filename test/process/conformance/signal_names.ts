// Signals by name, so that a difference can be read.
import { constants } from "node:os";

export const SIGNAL_LAST = 64;
const REAL_TIME_FIRST = 34;

const NAMES = new Map(
	Object.entries(constants.signals).map(([name, number]): [number, string] => [
		number,
		name.slice("SIG".length),
	]),
);
// Node also has the older names of these.
NAMES.set(6, "ABRT").set(29, "IO");

/** "TERM"; the number where there is no name. */
export function nameOf(signal: number): string {
	return NAMES.get(signal) ?? `${signal}`;
}

/** "HUP INT", "34-64": the signals in their order, or "none". */
export function namesOf(signals: Iterable<number>): string {
	const sorted = [...new Set(signals)].sort((a, b) => a - b);
	const realTime = sorted.filter((signal) => signal >= REAL_TIME_FIRST);
	const others = sorted.filter((signal) => signal < REAL_TIME_FIRST).map(nameOf);
	const first = realTime[0];
	const last = realTime.at(-1);
	const isRange =
		first !== undefined &&
		last !== undefined &&
		realTime.length > 2 &&
		last - first + 1 === realTime.length;
	const words = [...others, ...(isRange ? [`${first}-${last}`] : realTime.map(nameOf))];
	return words.length === 0 ? "none" : words.join(" ");
}

/** The same for a set as /proc/PID/status shows it; of a large one, what is missing. */
export function namesOfMask(hex: string): string {
	const bits = BigInt(`0x${hex}`);
	const all = Array.from({ length: SIGNAL_LAST }, (_, i) => i + 1);
	const isIn = (signal: number) => ((bits >> BigInt(signal - 1)) & 1n) === 1n;
	const inside = all.filter(isIn);
	return inside.length < SIGNAL_LAST / 2
		? namesOf(inside)
		: `all but ${namesOf(all.filter((signal) => !isIn(signal)))}`;
}
