/** What samples come to: their middle and how far they spread. */
import { quantile } from "simple-statistics";

/** Median and quartiles, in the samples' unit. */
export interface Summary {
	readonly rounds: number;
	readonly lowerQuartile: number;
	readonly median: number;
	readonly upperQuartile: number;
}

/** @throws when there is no sample. */
export function summarize(samples: readonly number[]): Summary {
	if (samples.length === 0) throw new Error("there is nothing to summarize");
	const at = (fraction: number) => quantile([...samples], fraction);
	return {
		rounds: samples.length,
		lowerQuartile: at(0.25),
		median: at(0.5),
		upperQuartile: at(0.75),
	};
}
