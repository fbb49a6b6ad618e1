import { expect, test } from "vitest";
import { evaluate } from "../../../bench/services/judge.ts";
import { drawCharts } from "../../../bench/services/report/charts.ts";
import { limitLines, renderMarkdown } from "../../../bench/services/report/markdown.ts";
import { REPORT_FORMAT, type Report } from "../../../bench/services/report/report.ts";
import { headOf } from "../../../bench/services/rows.ts";
import { findXmlFault } from "../report/well-formed.ts";

function report(changes: Partial<Report> = {}): Report {
	const row = (figure: "boot" | "wake-ups", size: number, taken: Record<string, number[]>) =>
		evaluate({
			head: headOf(figure, size),
			taken: new Map(Object.entries(taken)),
			absent: new Map(),
		});
	return {
		format: REPORT_FORMAT,
		date: "2026-01-02T03:04:05.000Z",
		seconds: 12,
		quick: false,
		machine: {
			...{ cpu: "CPU", cores: 2, memoryBytes: 2 ** 31, architecture: "x64", kernel: "6.1" },
			...{ distribution: "Debian", libc: "glibc 2", compiler: "gcc 12", node: "v24" },
		},
		loadBefore: [0.5, 0, 0],
		loadAfter: [1, 0, 0],
		columns: [
			{ name: "my_init", version: "of abc" },
			{ name: "s6", version: "2.11" },
		],
		missing: [{ name: "runit", reason: "its package has no such program" }],
		rows: [
			row("boot", 200, { my_init: [2e6], s6: [1e7] }),
			row("boot", 100, { my_init: [6e7], s6: [1e8] }),
			row("wake-ups", 100, { my_init: [0], s6: [3] }),
		],
		...changes,
	};
}

test("the table has a column for each, ratios to the row's reference, and gaps with their reason", () => {
	const text = renderMarkdown(report(), []);
	expect(text).toContain("|  | my_init | s6 | runit | reference |");
	expect(text).toContain(
		"| boot until all run, 200 services | 2 ms (0.20 ×) | 10 ms (1.00 ×) | its package has no such program | s6 |",
	);
	expect(text).toContain("- runit: not measured: its package has no such program");
	expect(text).not.toContain("quick run");
	expect(renderMarkdown(report({ quick: true }), [])).toContain("- a quick run");
});

test("each limit is a sentence with its figures", () => {
	expect(limitLines(report())).toEqual([
		{ keeping: "holds", text: "holds: boot until all run, 200 services: 0.20 × s6, at most 0.40" },
		{
			keeping: "broken",
			text: "broken: boot until all run, 100 services: 0.60 × s6, at most 0.40",
		},
		{ keeping: "holds", text: "holds: wake-ups at idle, 100 services: 0/min, at most 0/min" },
	]);
});

test("a family of several sizes is a chart, in which nothing has no logarithm", async () => {
	const charts = await drawCharts(report());
	expect(charts.map(({ file }) => file)).toEqual(["services-boot.svg"]);
	for (const { svg } of charts) expect(findXmlFault(svg)).toBeUndefined();
});
