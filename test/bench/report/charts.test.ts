import { describe, expect, test } from "vitest";
import { drawCharts } from "../../../bench/report/charts.ts";
import { cell, growthRow, report, startRow } from "../sample.ts";
import { findXmlFault } from "./well-formed.ts";

const GROWTH = [growthRow(1, 100), growthRow(10, 90), growthRow(1_000, 80)];

describe("drawCharts()", () => {
	test("draws an overview, one chart for each section and one for each family", async () => {
		const charts = await drawCharts(report([startRow(), ...GROWTH]));
		expect(charts.map(({ file, section }) => [file, section])).toEqual([
			["overview.svg", undefined],
			["start.svg", "start"],
			["growth-cpu-of-a-burst.svg", "start"],
		]);
	});

	test("draws each family beside the section that it is in, with what its sizes count and its unit", async () => {
		const memory = [1, 100, 1_000].map((size) => ({
			...growthRow(size, 48),
			unit: "KiB" as const,
			growth: { family: "memory of inits", size, things: "inits at once", of: "each" as const },
		}));
		const [start] = report(GROWTH).sections;
		const sections = [
			{ name: "start", title: "Start", method: "All are started.", rows: start?.rows ?? [] },
			{ name: "crowd", title: "Crowd", method: "All are started at once.", rows: memory },
		];
		const charts = await drawCharts(report([], { sections }));
		const growths = charts.filter(({ file }) => file.startsWith("growth-"));
		expect(growths.map(({ file, section }) => [file, section])).toEqual([
			["growth-cpu-of-a-burst.svg", "start"],
			["growth-memory-of-inits.svg", "crowd"],
		]);
		expect(growths.map(({ title }) => title)).toEqual([
			"CPU of a burst against its size",
			"memory of inits against the inits at once",
		]);
		expect(growths[0]?.svg).toContain(">µs in all<");
		expect(growths[1]?.svg).toContain(">inits at once<");
		expect(growths[1]?.svg).toContain(">KiB in all<");
		expect(growths[1]?.svg).toContain(">tini (exponent 1.00)<");
	});

	test("draws a cost that is the same at every size", async () => {
		const constant = [1, 10, 100].map((size) => ({
			...growthRow(size, 48),
			growth: { family: "memory", size, of: "all" as const },
		}));
		const [, , growth] = await drawCharts(report(constant));
		expect(growth?.file).toBe("growth-memory.svg");
		expect(findXmlFault(growth?.svg ?? "")).toBeUndefined();
		expect(growth?.svg).not.toMatch(/NaN|undefined|Infinity/);
	});

	test("draws well-formed SVG, whatever names and titles hold", async () => {
		const odd = startRow({ title: 'a <b> & "c", 10,000 live' });
		for (const { file, svg } of await drawCharts(report([odd, ...GROWTH]))) {
			expect(findXmlFault(svg), file).toBeUndefined();
			expect(svg, file).toMatch(/^<svg [^>]*viewBox="0 0 \d+ \d+"/);
			expect(svg, file).not.toMatch(/NaN|undefined|Infinity/);
		}
	});

	test("shows each init by name with its ratio, in the report's order", async () => {
		const [overview] = await drawCharts(report());
		const texts = [...(overview?.svg ?? "").matchAll(/<text[^>]*>([^<]+)</g)].map(
			([, text]) => text,
		);
		expect(texts.filter((text) => text === "my_init" || text === "tini")).toEqual([
			"my_init",
			"tini",
		]);
		expect(texts).toEqual(expect.arrayContaining(["0.50", "1.00", "× tini"]));
		// It has no ratio, so it has no bar.
		expect(texts).not.toContain("dumb-init");
	});

	test("draws the same twice, so that a stale chart can be told", async () => {
		expect(await drawCharts(report(GROWTH))).toEqual(await drawCharts(report(GROWTH)));
	});

	test("draws a ratio of nothing, and a row without any", async () => {
		const none = { rounds: 1, lowerQuartile: 0, median: 0, upperQuartile: 0 };
		const rows = [
			startRow({ cells: { my_init: cell(0, 0), tini: cell(1, 60) } }),
			startRow({ id: "x", title: "without", cells: { my_init: none, tini: none } }),
		];
		for (const { svg } of await drawCharts(report(rows))) {
			expect(findXmlFault(svg)).toBeUndefined();
			expect(svg).not.toContain("without");
		}
	});
});

describe("findXmlFault(), by which charts are judged,", () => {
	test.each([
		["<a><b/></a>", undefined],
		['<a b="c">&amp;</a>', undefined],
		["<a><b></a>", "</a> ends <b>"],
		["<a>", "<a> has no end"],
		["<a/><b/>", "2 roots"],
		["<a>x & y</a>", "a bare & in x & y"],
		["<a b=c></a>", "no markup"],
		["text", "text outside of the root: text"],
		["", "0 roots"],
	])("says of %s: %s", (text, fault) => {
		const found = findXmlFault(text);
		if (fault === undefined) expect(found).toBeUndefined();
		else expect(found).toContain(fault);
	});
});
