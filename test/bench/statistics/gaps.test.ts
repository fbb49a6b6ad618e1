import { expect, test } from "vitest";
import { gapsOf } from "../../../bench/statistics/gaps.ts";
import { cell, report, startRow } from "../sample.ts";

test("a row with a number of ours is no gap, whatever others lack", () => {
	const row = startRow({ cells: { my_init: cell(1, 2), tini: { absent: "no tini" } } });
	expect(gapsOf(report([row]), "my_init")).toEqual([]);
});

test("where others were measured, it is ours that failed", () => {
	const row = startRow({ cells: { my_init: { absent: "it ended too early" }, tini: cell(1, 2) } });
	expect(gapsOf(report([row]), "my_init")).toEqual([
		{ title: row.title, reason: "it ended too early", isOurs: true },
	]);
});

test("where nobody was measured, the machine lacks something", () => {
	const absent = { absent: "no container engine answers" };
	const row = startRow({ cells: { my_init: absent, tini: absent } });
	expect(gapsOf(report([row]), "my_init")).toEqual([
		{ title: row.title, reason: absent.absent, isOurs: false },
	]);
});

test("a row without any cell of ours is a gap too", () => {
	const row = startRow({ cells: { tini: cell(1, 2) } });
	expect(gapsOf(report([row]), "my_init")).toEqual([
		{ title: row.title, reason: "nothing was measured", isOurs: true },
	]);
});
