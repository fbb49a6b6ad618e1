import { describe, expect, test } from "vitest";
import { fitExponent, fittedGrowths } from "../../../bench/statistics/growth.ts";
import { cell, growthRow, report, startRow } from "../sample.ts";

describe("fitExponent()", () => {
	test.each([
		["1 for a cost of each thing alone", (size: number) => 7 * size, 1],
		["2 for a cost of each pair", (size: number) => 3 * size ** 2, 2],
		["0 for a cost that does not grow", () => 5, 0],
	])("is %s", (_what, total, expected) => {
		const points = [1, 10, 1_000].map((size) => ({ size, total: total(size) }));
		expect(fitExponent(points)).toBeCloseTo(expected, 10);
	});
});

describe("fittedGrowths()", () => {
	test("fits what all things of a size cost together, for each init", () => {
		const rows = [growthRow(1, 100), growthRow(10, 100), growthRow(1_000, 100)];
		const fitted = fittedGrowths(report(rows));
		expect(fitted.map(({ init }) => init)).toEqual(["my_init", "tini"]);
		expect(fitted[0]?.family).toBe("CPU of a burst");
		expect(fitted[0]?.points).toEqual([
			{ size: 1, total: 100 },
			{ size: 10, total: 1_000 },
			{ size: 1_000, total: 100_000 },
		]);
		expect(fitted[0]?.exponent).toBeCloseTo(1, 10);
	});

	test("shows a cost of each thing that grows with their number", () => {
		const rows = [growthRow(1, 10), growthRow(10, 100), growthRow(100, 1_000)];
		expect(fittedGrowths(report(rows))[0]?.exponent).toBeCloseTo(2, 10);
	});

	test("takes a quantity that is that of all together as it is", () => {
		const rows = [1, 10, 100].map((size) => ({
			...growthRow(size, 500),
			growth: { family: "stop", size, things: "processes", of: "all" } as const,
		}));
		const [fitted] = fittedGrowths(report(rows));
		expect(fitted).toMatchObject({ family: "stop", things: "processes", unit: "ns" });
		expect(fitted?.points.map(({ total }) => total)).toEqual([500, 500, 500]);
		expect(fitted?.exponent).toBeCloseTo(0, 10);
	});

	test("keeps families apart, and calls sizes that nobody named so", () => {
		const others = [1, 10, 100].map((size) => ({
			...growthRow(size, size),
			growth: { family: "other", size },
		}));
		const fitted = fittedGrowths(report([growthRow(1, 1), growthRow(10, 1), ...others]));
		expect(fitted.map(({ family, init, things }) => `${family} ${init} ${things}`)).toEqual([
			"other my_init size",
			"other tini size",
		]);
	});

	test("says nothing with fewer than three sizes, or of rows without one", () => {
		expect(fittedGrowths(report([growthRow(1, 1), growthRow(10, 1), startRow()]))).toEqual([]);
	});

	test("leaves out an init that cost nothing measurable or was not measured at one size", () => {
		const [first, second] = [growthRow(1, 100), growthRow(10, 100)];
		const zero = { ...growthRow(100, 1), cells: { my_init: cell(0, 0), tini: cell(1, 100) } };
		const fitted = fittedGrowths(report([first, second, zero]));
		expect(fitted.map(({ init }) => init)).toEqual(["tini"]);
		const absent = {
			...growthRow(1_000, 1),
			cells: { my_init: { absent: "no" }, tini: cell(1, 100) },
		};
		const others = fittedGrowths(report([first, second, absent]));
		expect(others.map(({ init }) => init)).toEqual(["tini"]);
	});
});
