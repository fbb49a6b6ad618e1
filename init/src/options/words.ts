// Arguments of verbs that are no settings of an init.
import type { Kernel } from "../kernel/kernel.ts";
import { wholeNumber } from "../kernel/signals.ts";

const UNITS_MS: readonly (readonly [unit: string, ms: number])[] = [
	["ms", 1],
	["s", 1_000],
	["m", 60_000],
	["h", 3_600_000],
];

/** Our arguments from the index on. */
export function wordsFrom(kernel: Kernel, first: number): string[] {
	const words: string[] = [];
	for (let index = first; index < kernel.argumentCount(); index++)
		words.push(kernel.argument(index) ?? "");
	return words;
}

/** "500ms", "30s", "2m", "1h" in milliseconds, a number alone in units of `bareMs`; undefined where it is none of these. */
export function durationMs(text: string, bareMs: number): number | undefined {
	for (const [unit, ms] of UNITS_MS) {
		const number = text.endsWith(unit) ? wholeNumber(text.slice(0, -unit.length)) : undefined;
		if (number !== undefined) return number * ms;
	}
	const number = wholeNumber(text);
	return number === undefined ? undefined : number * bareMs;
}
