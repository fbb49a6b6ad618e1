import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { renderComparison, renderReport } from "../../../bench/report/terminal.ts";
import { compareReports } from "../../../bench/statistics/compare.ts";
import { type Paint, plainPaint } from "../../../cli/src/terminal/paint.ts";
import { cell, column, growthRow, report, startRow } from "../sample.ts";

/** Shows the tones as words. */
const marks: Paint = (tone, text) => (text === "" ? "" : `<${tone}>${text}`);

/** The cells of the lines that have one of this text. */
function lineWith(text: string, word: string): string[] {
	const line = text.split("\n").find((candidate) => candidate.includes(word)) ?? "";
	return line
		.split("│")
		.slice(1, -1)
		.map((content) => content.trim());
}

describe("renderReport()", () => {
	test("has a ratio with its margin and the median below it, or why there is none", () => {
		const text = renderReport(report(), plainPaint, false);
		expect(lineWith(text, "my_init   │")).toEqual(["my_init", "tini", "dumb-init"]);
		expect(text).toContain("│ start as PID 1, a true (less is ");
		expect(lineWith(text, "0.50 ±")).toEqual(["0.50 ±.02", "1.00", "has no"]);
		expect(lineWith(text, "425 µs")).toEqual(["425 µs", "850 µs", "mode"]);
	});

	test("says the same without colours: nothing depends on them", () => {
		const rows = [startRow(), startRow({ id: "x", cells: { my_init: cell(0.9, 1, [0.8, 1]) } })];
		const plain = renderReport(report(rows), plainPaint, true);
		expect(stripVTControlCharacters(plain)).toBe(plain);
		const toned = renderReport(report(rows), marks, true);
		expect(toned).toContain("<bad>");
		expect(plain).toContain("broken: start as PID 1");
	});

	test("describes the machine and each init, and names what is missing with the reason", () => {
		const missing = [{ name: "catatonit", reason: "not installed" }];
		const text = renderReport(report(undefined, { missing }), plainPaint, false);
		expect(text).toContain("Some Processor, 2 cores, 8 GiB, x64\n");
		expect(text).toContain("Linux 6.1.0, Some Linux 1, glibc 2.36, gcc 12\n");
		expect(text).toContain("2026-01-02 03:04 UTC, 61 s, load 0.10 before, 1.10 after\n");
		expect(text).toContain("tini: 1.2.3, static\n");
		expect(text).toContain("catatonit: not measured: not installed\n");
	});

	test("warns of a quick run, of a busy machine, and of a missing tini; else of nothing", () => {
		const quick = renderReport(report(undefined, { quick: true }), plainPaint, false);
		expect(quick).toContain("warning: a quick run");
		expect(renderReport(report(undefined, { quick: true }), marks, false)).toContain(
			"<bad>warning: ",
		);
		const busy = renderReport(report(undefined, { loadBefore: [1.1, 0, 0] }), plainPaint, false);
		expect(busy).toContain("warning: the machine was busy");
		const alone = report(undefined, { inits: [column("my_init", "ours")] });
		expect(renderReport(alone, plainPaint, false)).toContain("warning: tini could not be measured");
		expect(renderReport(report(), plainPaint, false)).not.toContain("warning");
	});

	test("says of each limit whether it holds, and by which figures", () => {
		const memory = startRow({
			id: "memory",
			title: "memory",
			unit: "KiB",
			limit: { of: "median", most: 600 },
			cells: { my_init: cell(0.5, 601) },
		});
		const unclear = startRow({ id: "u", cells: { my_init: cell(0.69, 1, [0.66, 0.73]) } });
		const added = startRow({
			id: "added",
			title: "added",
			limit: { of: "median", most: 200_000 },
			cells: { my_init: { ...cell(1, 150_000), interval: [-20_000, 190_000] } },
		});
		const lines = renderReport(report([startRow(), memory, unclear, added]), marks, false).split(
			"\n",
		);
		expect(lines).toContain(
			"<good>holds: start as PID 1, a true: 0.50 (0.49–0.52) × tini, at most 0.70",
		);
		expect(lines).toContain("<bad>broken: memory: 601 KiB, at most 600 KiB");
		expect(lines).toContain("<good>holds: added: 150 µs (-20–190 µs), at most 200 µs");
		expect(lines).toContain(
			"<strong>unclear: start as PID 1, a true: 0.69 (0.66–0.73) × tini, at most 0.70",
		);
	});

	test("says where a peer is ahead, and why", () => {
		const cells = { my_init: cell(1.5, 1, [1.4, 1.6]), tini: cell(1, 1, [1, 1]) };
		const text = renderReport(report([startRow({ cells })]), plainPaint, false);
		expect(text).toContain("ahead of my_init is tini: it does less.");
		expect(renderReport(report(), plainPaint, false)).not.toContain("ahead");
	});

	test("says how costs grow", () => {
		const rows = [growthRow(1, 5), growthRow(10, 5), growthRow(100, 5)];
		expect(renderReport(report(rows), plainPaint, false)).toContain(
			"CPU of a burst grows with its size to the power of: my_init 1.00, tini 1.00.",
		);
	});

	test("has intervals, quartiles and rounds among the details only", () => {
		const details = renderReport(report(), plainPaint, true);
		expect(lineWith(details, "0.49–0.52 │")).toEqual([
			"my_init",
			"0.50",
			"0.49–0.52",
			"425 µs",
			"383–468 µs",
			"60",
		]);
		expect(renderReport(report(), plainPaint, false)).not.toContain("quartiles");
	});

	test("has a table that fits on a terminal of 80 columns with six inits", () => {
		const names = ["my_init", "tini", "tini-static", "dumb-init", "catatonit", "floor"];
		const inits = names.map((name) => column(name));
		const cells = Object.fromEntries(names.map((name) => [name, cell(1.23, 1, [0.5, 3])]));
		const text = renderReport(report([startRow({ cells })], { inits }), plainPaint, false);
		const table = text.split("\n").filter((line) => /^[│┌├└]/.test(line));
		expect(table.length).toBeGreaterThan(4);
		for (const line of table) expect(line.length, line).toBeLessThanOrEqual(80);
	});
});

describe("renderComparison()", () => {
	const before = report([startRow({ cells: { my_init: cell(0.5, 1, [0.49, 0.51]) } })]);
	const after = report([startRow({ cells: { my_init: cell(0.4, 1, [0.39, 0.41]) } })]);

	test("has before and now, and the change in percent", () => {
		const text = renderComparison(compareReports(before, after), plainPaint);
		const line = text.split("\n").find((candidate) => candidate.includes("start as PID 1")) ?? "";
		expect(line).toMatch(/my_init.*0\.50 ±\.01.*0\.40 ±\.01.*better -20 %/);
		expect(renderComparison(compareReports(after, before), plainPaint)).toContain("worse +25 %");
	});

	test("warns of another machine, and names rows that only one has", () => {
		const { machine } = before;
		const elsewhere = report([startRow({ id: "new", title: "a new row" })], {
			machine: { ...machine, cpu: "Other" },
		});
		const text = renderComparison(compareReports(before, elsewhere), plainPaint);
		expect(text).toContain("only in the earlier run: start as PID 1, a true");
		expect(text).toContain("only in this run: a new row");
		expect(text).toContain("warning: the earlier run was on another machine");
	});
});
