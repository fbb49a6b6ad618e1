import { describe, expect, test } from "vitest";
import { evaluate, keepingOf, type Row } from "../../../bench/services/judge.ts";
import type { Samples } from "../../../bench/services/measure.ts";
import { headOf, type RowHead } from "../../../bench/services/rows.ts";

const BOOT = headOf("boot", 100);

function samples(
	head: RowHead,
	taken: Record<string, number[]>,
	absent: Record<string, string> = {},
): Samples {
	return {
		head,
		taken: new Map(Object.entries(taken)),
		absent: new Map(Object.entries(absent)),
	};
}

describe("evaluate()", () => {
	test("relates each round to the row's own reference", () => {
		const { cells } = evaluate(samples(BOOT, { my_init: [10, 40], s6: [20, 100] }));
		expect(cells).toMatchObject({
			my_init: { median: 25, ratio: { value: 0.45 } },
			s6: { median: 60, ratio: { value: 1 } },
		});
	});

	test("gives no ratio without the reference, to 0, or where rounds are missing", () => {
		const ratioOf = (taken: Record<string, number[]>) =>
			evaluate(samples(BOOT, taken)).cells["my_init"];
		expect(ratioOf({ my_init: [1] })).not.toHaveProperty("ratio");
		expect(ratioOf({ my_init: [1], s6: [0] })).not.toHaveProperty("ratio");
		expect(ratioOf({ my_init: [1, 2], s6: [1] })).not.toHaveProperty("ratio");
	});

	test("says why there is no number, unless there is one", () => {
		const row = evaluate(samples(BOOT, { s6: [1] }, { s6: "late", runit: "it ended" }));
		expect(row.cells["s6"]).toMatchObject({ median: 1 });
		expect(row.cells["runit"]).toEqual({ absent: "it ended" });
	});
});

describe("keepingOf()", () => {
	const judged = (head: RowHead, ours: number[], reference: number[], quick = false) =>
		keepingOf(evaluate(samples(head, { my_init: ours, s6: reference })), "my_init", quick);
	const ten = (value: number) => Array.from({ length: 10 }, () => value);

	test.each<[string, number, string]>([
		["below", 39, "holds"],
		["at", 40, "holds"],
		["above", 41, "broken"],
	])("a ratio %s the limit", (_name, ours, expected) => {
		expect(judged(BOOT, ten(ours), ten(100))).toBe(expected);
	});

	test("is unclear where the limit lies within the interval", () => {
		const scattered = [10, 10, 10, 10, 39, 41, 80, 80, 80, 80];
		expect(judged(BOOT, scattered, ten(100))).toBe("unclear");
	});

	test("is unclear in a quick run for times, and not for memory", () => {
		expect(judged(BOOT, ten(1), ten(100), true)).toBe("unclear");
		const memory = { ...headOf("proportional", 100), reference: "s6" };
		expect(judged(memory, ten(1), ten(100), true)).toBe("holds");
		expect(judged(memory, ten(20), ten(100), true)).toBe("broken");
	});

	test("is unclear without a ratio", () => {
		expect(judged(BOOT, [1], [0])).toBe("unclear");
	});

	test("of a median needs no reference", () => {
		const wakeUps = headOf("wake-ups", 100);
		expect(judged(wakeUps, [0], [7])).toBe("holds");
		expect(judged(wakeUps, [1], [7])).toBe("broken");
	});

	test("is nothing without a limit or a number of ours", () => {
		const row: Row = evaluate(samples(BOOT, { s6: [1] }));
		expect(keepingOf(row, "my_init", false)).toBeUndefined();
		expect(judged(headOf("cpu", 100), [1], [1])).toBeUndefined();
	});
});

test.each([
	["boot", "s6", { of: "ratio", most: 0.4 }],
	["boot-ready", "s6", { of: "ratio", most: 0.4 }],
	["stop", "runit", { of: "ratio", most: 0.5 }],
	["proportional", "runit", { of: "ratio", most: 0.125 }],
	["restart", "runit", { of: "median", most: 5_000_000 }],
	["wake-ups", "runit", { of: "median", most: 0 }],
	["resident", "runit", { of: "median", most: 1_433 }],
] as const)("the limit of %s with 100 services is to %s", (figure, reference, limit) => {
	expect(headOf(figure, 100)).toMatchObject({ id: `${figure}.100`, reference, limit });
});

test.each(["boot", "boot-ready", "stop", "proportional"] as const)(
	"the ratio of %s has no limit below 100 services",
	(figure) => {
		expect(headOf(figure, 99)).not.toHaveProperty("limit");
		expect(headOf(figure, 1_000)).toHaveProperty("limit");
	},
);

test("resident memory has its limit with 100 services alone", () => {
	expect(headOf("resident", 10)).not.toHaveProperty("limit");
	expect(headOf("resident", 1).title).toMatch(/, 1 service$/);
});
