/** How many times as much as the reference, compared within each round, so that what disturbs a whole round cancels out. */
import { quantile } from "simple-statistics";
import { type Interval, medianInterval } from "./bootstrap.ts";

/** The median of the rounds' ratios, and the interval that holds it with a confidence of 95 %. */
export interface Ratio {
	readonly value: number;
	/** Undefined below five rounds: too few to tell. */
	readonly interval?: Interval;
}

/**
 * Pairs the n-th sample with the reference's n-th.
 * @returns undefined where the reference was 0: there is no ratio to nothing.
 * @throws when the two lists differ in length.
 */
export function pairedRatio(
	samples: readonly number[],
	reference: readonly number[],
): Ratio | undefined {
	if (samples.length !== reference.length) {
		throw new Error(`${samples.length} rounds cannot be paired with ${reference.length}`);
	}
	const ratios = samples.map((sample, round) => sample / (reference[round] ?? Number.NaN));
	if (ratios.length === 0 || !ratios.every(Number.isFinite)) return undefined;
	const value = quantile([...ratios], 0.5);
	const interval = medianInterval(ratios);
	return interval === undefined ? { value } : { value, interval };
}
