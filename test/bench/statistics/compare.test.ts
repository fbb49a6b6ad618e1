import { describe, expect, test } from "vitest";
import { compareReports } from "../../../bench/statistics/compare.ts";
import { cell, report, startRow } from "../sample.ts";

type Interval = readonly [number, number];

function reportOf(own: Interval, tini: Interval = [1, 1], better: "less" | "more" = "less") {
	const cells = { my_init: cell(own[0], 1, own), tini: cell(tini[0], 1, tini) };
	return report([startRow({ cells, better })]);
}

describe("compareReports()", () => {
	test.each([
		["better", [0.6, 0.7], [0.4, 0.5], "less"],
		["worse", [0.4, 0.5], [0.6, 0.7], "less"],
		["better", [0.4, 0.5], [0.6, 0.7], "more"],
		["worse", [0.6, 0.7], [0.4, 0.5], "more"],
		["unclear", [0.4, 0.6], [0.5, 0.7], "less"],
		["unclear", [0.4, 0.5], [0.4, 0.5], "less"],
	] as const)(
		"calls it %s: from %j to %j, where %s is better",
		(verdict, before, after, better) => {
			const { changes } = compareReports(
				reportOf(before, [1, 1], better),
				reportOf(after, [1, 1], better),
			);
			expect(changes.map((change) => [change.init, change.verdict])).toEqual([
				["my_init", verdict],
			]);
		},
	);

	test("names a peer only where it surely changed", () => {
		const { changes } = compareReports(
			reportOf([0.4, 0.5], [1, 1.1]),
			reportOf([0.4, 0.5], [1.3, 1.4]),
		);
		expect(changes.map(({ init, verdict }) => [init, verdict])).toEqual([
			["my_init", "unclear"],
			["tini", "worse"],
		]);
	});

	test("compares rows by id, so that a new title changes nothing", () => {
		const { changes, onlyBefore, onlyAfter } = compareReports(
			report([startRow({ title: "before" })]),
			report([startRow({ title: "after" })]),
		);
		expect(changes.map(({ title }) => title)).toEqual(["after"]);
		expect([onlyBefore, onlyAfter]).toEqual([[], []]);
	});

	test("tells which rows only one of the runs has", () => {
		const { changes, onlyBefore, onlyAfter } = compareReports(
			report([startRow({ id: "old", title: "the old one" })]),
			report([startRow({ id: "new", title: "the new one" })]),
		);
		expect({ changes, onlyBefore, onlyAfter }).toEqual({
			changes: [],
			onlyBefore: ["the old one"],
			onlyAfter: ["the new one"],
		});
	});

	test("leaves out what was not measured in one of the runs", () => {
		const absent = startRow({ cells: { my_init: { absent: "not root" } } });
		expect(compareReports(report(), report([absent])).changes).toEqual([]);
	});

	test("tells when the machine was another", () => {
		const { machine } = report();
		const other = report(undefined, { machine: { ...machine, kernel: "6.2.0" } });
		const sameButNode = report(undefined, { machine: { ...machine, node: "v25.0.0" } });
		expect(compareReports(report(), other).sameMachine).toBe(false);
		expect(compareReports(report(), sameButNode).sameMachine).toBe(true);
	});
});
