/** How many times as much as the reference, compared within each round, so that what disturbs a whole round cancels out. */
import { quantile } from "simple-statistics";
import { seededRandom } from "./random.ts";

/** The median of the rounds' ratios, and the interval that holds it with a confidence of 95 %. */
export interface Ratio {
	readonly value: number;
	/** Undefined below five rounds: too few to tell. */
	readonly interval?: readonly [low: number, high: number];
}

const RESAMPLES = 1_000;
const SEED = 20_260_101;
const FEWEST_FOR_INTERVAL = 5;
const CONFIDENCE = 0.95;

/**
 * Pairs the n-th sample with the reference's n-th. The interval is a percentile bootstrap over rounds.
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
	if (ratios.length < FEWEST_FOR_INTERVAL) return { value };
	return { value, interval: bootstrap(ratios) };
}

function bootstrap(ratios: readonly number[]): [low: number, high: number] {
	const random = seededRandom(SEED);
	const medians = Array.from({ length: RESAMPLES }, () => {
		const drawn = Float64Array.from(
			ratios,
			() => ratios[Math.floor(random() * ratios.length)] ?? 0,
		);
		return middle(drawn.sort());
	});
	const tail = (1 - CONFIDENCE) / 2;
	return [quantile(medians, tail), quantile(medians, 1 - tail)];
}

function middle(sorted: Float64Array): number {
	const half = sorted.length / 2;
	const upper = sorted[Math.floor(half)] ?? 0;
	return Number.isInteger(half) ? (upper + (sorted[half - 1] ?? 0)) / 2 : upper;
}
