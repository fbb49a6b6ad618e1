/** How far a median can be relied on: a percentile bootstrap over rounds. */
import { quantile } from "simple-statistics";
import { seededRandom } from "./random.ts";

export type Interval = readonly [low: number, high: number];

const RESAMPLES = 1_000;
const SEED = 20_260_101;
const FEWEST_FOR_INTERVAL = 5;
const CONFIDENCE = 0.95;

/** The interval that holds the median with a confidence of 95 %; undefined below five values: too few to tell. */
export function medianInterval(values: readonly number[]): Interval | undefined {
	if (values.length < FEWEST_FOR_INTERVAL) return undefined;
	const random = seededRandom(SEED);
	const medians = Array.from({ length: RESAMPLES }, () => {
		const drawn = Float64Array.from(
			values,
			() => values[Math.floor(random() * values.length)] ?? 0,
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
