import { describe, expect, test } from "vitest";
import { renderExcerpt, renderMarkdown } from "../../../bench/report/markdown.ts";
import { cell, growthRow, report, startRow } from "../sample.ts";

const CHARTS = [
	{ title: "Overview", file: "overview.svg" },
	{ title: "Start", section: "start", file: "start.svg" },
];

/** The cells of the table's line that begins with this word. */
function cells(text: string, word: string): string[][] {
	return text
		.split("\n")
		.filter((line) => line.startsWith(`| ${word} |`))
		.map((line) =>
			line
				.split(/(?<!\\)\|/)
				.slice(1, -1)
				.map((content) => content.trim()),
		);
}

describe("renderMarkdown()", () => {
	test("has a table with ours in bold, a dash where there is nothing, and one width", () => {
		const text = renderMarkdown(report(), CHARTS);
		expect(cells(text, "")).toEqual([["", "**my_init**", "tini", "dumb-init"]]);
		expect(cells(text, "start as PID 1, a true")[0]).toEqual([
			"start as PID 1, a true",
			"**0.50** · 425 µs",
			"1.00 · 850 µs",
			"–",
		]);
		expect(cells(text, "---")[0]).toEqual(["---", "--:", "--:", "--:"]);
	});

	test("has a detailed table of each row, with the reason for what is missing", () => {
		const text = renderMarkdown(report(), CHARTS);
		expect(cells(text, "my_init")).toEqual([
			["my_init", "0.50", "0.49–0.52", "425 µs", "383–468 µs", "60"],
		]);
		expect(cells(text, "dumb-init")).toEqual([["dumb-init", "–", "", "has no mode", "", ""]]);
	});

	test("has method, limits, charts and warnings in their places", () => {
		const text = renderMarkdown(report(undefined, { quick: true }), CHARTS);
		expect(text).toContain("**Warning:** a quick run");
		expect(text).toContain("## Limits of our own\n\n- unclear: start as PID 1, a true: 0.50");
		expect(text).toMatch(
			/!\[Overview\]\(overview\.svg\)[\s\S]*## Start\n\nA launcher starts all\./,
		);
		expect(text).toMatch(/## Start[\s\S]*!\[Start\]\(start\.svg\)/);
		expect(text.endsWith("|\n")).toBe(true);
	});

	test("leaves out what there is nothing to say about", () => {
		const { limit: _none, ...free } = startRow();
		const text = renderMarkdown(report([free]), []);
		expect(text).not.toMatch(/## (Limits|Where|Growth)/);
		const rows = [growthRow(1, 5), growthRow(10, 5), growthRow(100, 5)];
		expect(renderMarkdown(report(rows), [])).toContain("## Growth\n\n- CPU of a burst grows");
	});

	test("keeps a bar within a cell from ending it", () => {
		const text = renderMarkdown(report([startRow({ title: "a | b" })]), []);
		expect(cells(text, "a \\| b")[0]).toHaveLength(4);
	});
});

describe("renderExcerpt()", () => {
	test("has the headline rows only, and names machine, date and where the rest is", () => {
		const rows = [startRow(), startRow({ id: "x", title: "a detail", headline: false })];
		const text = renderExcerpt(report(rows), CHARTS, "bench/results");
		expect(text).toContain("| start as PID 1, a true |");
		expect(text).not.toContain("a detail");
		expect(text).toContain("Some Processor, 2 cores, Linux 6.1.0, 2026-01-02");
		expect(text).toContain("[bench/results/results.md](bench/results/results.md)");
		expect(text).toContain("![Overview](bench/results/overview.svg)");
		expect(text).not.toContain("start.svg");
	});

	test("does not hide where a peer is ahead, nor that the run was quick", () => {
		const row = startRow({
			cells: { my_init: cell(2, 1, [1.9, 2.1]), tini: cell(1, 1, [1, 1]) },
		});
		const text = renderExcerpt(report([row], { quick: true }), [], "bench/results");
		expect(text).toContain("- start as PID 1, a true: ahead of my_init is tini: it does less.");
		expect(text).toContain("**Warning:** a quick run");
	});
});
