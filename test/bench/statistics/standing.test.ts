import { describe, expect, test } from "vitest";
import { isBelow, peersAhead } from "../../../bench/statistics/standing.ts";
import { cell, column, startRow } from "../sample.ts";

const COLUMNS = [column("my_init", "ours"), column("tini"), column("floor", "floor")];

describe("isBelow()", () => {
	test.each([
		["intervals apart", [0.4, 0.5], [0.6, 0.7], true],
		["intervals that touch", [0.4, 0.5], [0.5, 0.7], false],
		["intervals that overlap", [0.4, 0.6], [0.5, 0.7], false],
		["the other way round", [0.6, 0.7], [0.4, 0.5], false],
	] as const)("%s", (_what, first, second, expected) => {
		const ratio = (interval: readonly [number, number]) => ({ value: interval[0], interval });
		expect(isBelow(ratio(first), ratio(second))).toBe(expected);
	});

	test("takes a ratio without an interval at its value", () => {
		expect(isBelow({ value: 0.5 }, { value: 0.6 })).toBe(true);
		expect(isBelow({ value: 0.5 }, { value: 0.5 })).toBe(false);
	});
});

describe("peersAhead()", () => {
	test("names the peer whose interval lies wholly on the better side", () => {
		const cells = { my_init: cell(1.5, 1, [1.4, 1.6]), tini: cell(1, 1, [0.9, 1.1]) };
		expect(peersAhead(startRow({ cells }), "my_init", COLUMNS)).toEqual(["tini"]);
		expect(peersAhead(startRow({ cells, better: "more" }), "my_init", COLUMNS)).toEqual([]);
	});

	test("knows that more is better where it is", () => {
		const cells = { my_init: cell(0.5, 1, [0.4, 0.6]), tini: cell(1, 1, [0.9, 1.1]) };
		expect(peersAhead(startRow({ cells, better: "more" }), "my_init", COLUMNS)).toEqual(["tini"]);
		expect(peersAhead(startRow({ cells }), "my_init", COLUMNS)).toEqual([]);
	});

	test("names nobody when the difference may be chance", () => {
		const cells = { my_init: cell(1.1, 1, [0.9, 1.3]), tini: cell(1, 1, [0.95, 1.05]) };
		expect(peersAhead(startRow({ cells }), "my_init", COLUMNS)).toEqual([]);
	});

	test("does not count the floor, which is no init", () => {
		const cells = { my_init: cell(1, 1, [0.9, 1.1]), floor: cell(0.3, 1, [0.2, 0.4]) };
		expect(peersAhead(startRow({ cells }), "my_init", COLUMNS)).toEqual([]);
	});

	test("names nobody where ours or the peer was not measured", () => {
		const absent = { absent: "no mode" };
		const unmeasured = startRow({ cells: { my_init: absent, tini: cell(1, 1) } });
		expect(peersAhead(unmeasured, "my_init", COLUMNS)).toEqual([]);
		const alone = startRow({ cells: { my_init: cell(2, 1), tini: absent } });
		expect(peersAhead(alone, "my_init", COLUMNS)).toEqual([]);
	});
});
