import { describe, expect, test } from "vitest";
import { seededRandom } from "../../../bench/statistics/random.ts";
import { pairedRatio } from "../../../bench/statistics/ratio.ts";

describe("pairedRatio()", () => {
	test("is the median of the rounds' ratios, not the ratio of the medians", () => {
		// Medians: 20 and 10. Ratios: 1, 0.5, 10, of which the middle is 1.
		expect(pairedRatio([10, 20, 100], [10, 40, 10])?.value).toBe(1);
	});

	test("sees through a drift of the machine that hits both in the same round", () => {
		const reference = [100, 200, 400, 800, 1_600, 3_200];
		const ratio = pairedRatio(
			reference.map((ns) => ns / 2),
			reference,
		);
		expect(ratio).toEqual({ value: 0.5, interval: [0.5, 0.5] });
	});

	test("has an interval around the value, within the rounds' ratios", () => {
		const samples = Array.from({ length: 101 }, (_, i) => 50 + i);
		const ratio = pairedRatio(
			samples,
			samples.map(() => 100),
		);
		const [low, high] = ratio?.interval ?? [Number.NaN, Number.NaN];
		expect(ratio?.value).toBe(1);
		expect(low).toBeGreaterThan(0.8);
		expect(low).toBeLessThan(1);
		expect(high).toBeGreaterThan(1);
		expect(high).toBeLessThan(1.2);
	});

	test("has a narrower interval the more rounds there are", () => {
		const widthOf = (rounds: number) => {
			const samples = Array.from({ length: rounds }, (_, i) => 100 + ((i * 37) % 100));
			const [low, high] =
				pairedRatio(
					samples,
					samples.map(() => 100),
				)?.interval ?? [];
			return (high ?? Number.NaN) - (low ?? Number.NaN);
		};
		expect(widthOf(1_000)).toBeLessThan(widthOf(50) / 2);
	});

	test("holds the true median with a confidence of about 95 %", () => {
		const random = seededRandom(7);
		let held = 0;
		for (let experiment = 0; experiment < 100; experiment++) {
			const samples = Array.from({ length: 41 }, () => 50 + 100 * random());
			const interval = pairedRatio(
				samples,
				samples.map(() => 100),
			)?.interval;
			const [low, high] = interval ?? [Number.NaN, Number.NaN];
			if (low <= 1 && 1 <= high) held++;
		}
		// The numbers are the same in every run.
		expect(held).toBeGreaterThanOrEqual(90);
		expect(held).toBeLessThan(100);
	});

	test("gives the same interval for the same rounds, so that a result can be checked", () => {
		const samples = [3, 1, 4, 1, 5, 9, 2, 6];
		const reference = [2, 7, 1, 8, 2, 8, 1, 8];
		expect(pairedRatio(samples, reference)).toEqual(pairedRatio(samples, reference));
	});

	test("claims no interval below five rounds", () => {
		expect(pairedRatio([1, 2, 3, 4], [2, 2, 2, 2])).toEqual({ value: 1.25 });
		expect(pairedRatio([1, 2, 3, 4, 5], [2, 2, 2, 2, 2])).toHaveProperty("interval");
	});

	test("is 0 for nothing, and not there for a ratio to nothing", () => {
		expect(pairedRatio([0], [60])).toEqual({ value: 0 });
		expect(pairedRatio([60], [0])).toBeUndefined();
		expect(pairedRatio([0], [0])).toBeUndefined();
		expect(pairedRatio([1, 1], [1, 0])).toBeUndefined();
		expect(pairedRatio([], [])).toBeUndefined();
	});

	test("refuses rounds that have no partner", () => {
		expect(() => pairedRatio([1, 2, 3], [1, 2])).toThrow("3 rounds cannot be paired with 2");
	});
});

describe("seededRandom()", () => {
	test("repeats itself by seed, and differs between seeds", () => {
		const draw = (seed: number) => Array.from({ length: 5 }, seededRandom(seed));
		expect(draw(1)).toEqual(draw(1));
		expect(draw(1)).not.toEqual(draw(2));
	});

	test("draws evenly from 0 to below 1", () => {
		const drawn = Array.from({ length: 10_000 }, seededRandom(3));
		expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0);
		expect(Math.max(...drawn)).toBeLessThan(1);
		for (let tenth = 0; tenth < 10; tenth++) {
			const inside = drawn.filter((value) => Math.floor(value * 10) === tenth).length;
			expect(inside).toBeGreaterThan(850);
			expect(inside).toBeLessThan(1_150);
		}
	});
});
