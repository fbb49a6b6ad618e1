import { describe, expect, test } from "vitest";
import { keptLimits } from "../../../bench/statistics/limits.ts";
import { cell, report, startRow } from "../sample.ts";

/** How ours keeps a limit of 0.7 times tini, with such a cell. */
function keeping(own: ReturnType<typeof cell>) {
	const row = startRow({ cells: { my_init: own } });
	return keptLimits(report([row]), "my_init").map((promised) => promised.keeping);
}

describe("keptLimits()", () => {
	test.each([
		["holds when the whole interval is below", [0.66, 0.69], "holds"],
		["holds when it ends at the limit itself", [0.66, 0.7], "holds"],
		["is unclear when the limit lies within", [0.66, 0.71], "unclear"],
		["is unclear when the interval begins at it", [0.7, 0.74], "unclear"],
		["is broken when the whole interval is above", [0.71, 0.74], "broken"],
	] as const)("of a ratio %s", (_what, interval, expected) => {
		expect(keeping(cell(interval[0], 1, interval))).toEqual([expected]);
	});

	test("of a ratio without an interval goes by its value", () => {
		expect(keeping(cell(0.7, 1))).toEqual(["holds"]);
		expect(keeping(cell(0.701, 1))).toEqual(["broken"]);
	});

	test("of a ratio is unclear where there is none, since tini is missing", () => {
		const { ratio: _none, ...rest } = cell(1, 1);
		expect(keeping(rest)).toEqual(["unclear"]);
	});

	test("of a quantity goes by the median, whatever the ratio to tini", () => {
		const limit = { of: "median", most: 600 } as const;
		const kept = (median: number) => {
			const row = startRow({ limit, unit: "KiB", cells: { my_init: cell(9, median) } });
			return keptLimits(report([row]), "my_init").map((promised) => promised.keeping);
		};
		expect(kept(600)).toEqual(["holds"]);
		expect(kept(601)).toEqual(["broken"]);
	});

	test("of a quantity goes by the interval of its median, where there is one", () => {
		const limit = { of: "median", most: 200 } as const;
		const kept = (interval: readonly [number, number]) => {
			const row = startRow({ limit, cells: { my_init: { ...cell(9, 190), interval } } });
			return keptLimits(report([row]), "my_init").map((promised) => promised.keeping);
		};
		expect(kept([-10, 200])).toEqual(["holds"]);
		expect(kept([180, 201])).toEqual(["unclear"]);
		expect(kept([201, 220])).toEqual(["broken"]);
	});

	test("in a quick run is unclear where it is about time, and only there", () => {
		const kept = (unit: "ns" | "KiB") => {
			const row = startRow({ unit, cells: { my_init: cell(0.9, 1, [0.8, 1]) } });
			const quick = report([row], { quick: true });
			return keptLimits(quick, "my_init").map((promised) => promised.keeping);
		};
		expect(kept("ns")).toEqual(["unclear"]);
		expect(kept("KiB")).toEqual(["broken"]);
	});

	test("says nothing of rows without a limit, without a number of ours, or of peers", () => {
		const { limit: _none, ...free } = startRow();
		const unmeasured = startRow({ cells: { my_init: { absent: "no" }, tini: cell(9, 1) } });
		expect(keptLimits(report([free, unmeasured]), "my_init")).toEqual([]);
	});
});
