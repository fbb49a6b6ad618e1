import { expect, test } from "vitest";
import { summarize } from "../../../bench/statistics/summary.ts";

test("summarize() gives median and quartiles, in whatever order the samples came", () => {
	expect(summarize([9, 1, 5, 3, 7])).toEqual({
		rounds: 5,
		lowerQuartile: 3,
		median: 5,
		upperQuartile: 7,
	});
});

test("summarize() takes the middle between the two middle samples", () => {
	expect(summarize([4, 1, 2, 10]).median).toBe(3);
});

test("summarize() is not moved by one round that the machine disturbed", () => {
	expect(summarize([10, 11, 12, 13, 1_000_000]).median).toBe(12);
});

test("summarize() takes one sample for all three", () => {
	expect(summarize([42])).toEqual({
		rounds: 1,
		lowerQuartile: 42,
		median: 42,
		upperQuartile: 42,
	});
});

test("summarize() leaves the samples in their order, since they are paired by it", () => {
	const samples = [3, 1, 2];
	summarize(samples);
	expect(samples).toEqual([3, 1, 2]);
});

test("summarize() refuses to summarize nothing", () => {
	expect(() => summarize([])).toThrow("nothing to summarize");
});
