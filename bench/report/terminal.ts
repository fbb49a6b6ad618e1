/** The report on a terminal: everything is readable without colours, and within 80 columns for six inits. */
import Table from "cli-table3";
import type { Paint } from "../../cli/src/terminal/paint.ts";
import type { Comparison, Verdict } from "../statistics/compare.ts";
import { intervalText, quantity, range, ratioText, ratioWithMargin } from "./quantity.ts";
import { type Column, type Report, type Row, rowsOf } from "./report.ts";
import {
	growthSentences,
	headerFacts,
	legend,
	limitSentences,
	warnings,
	whereBehind,
} from "./words.ts";

const STYLE = { head: [], border: [], compact: true };
/** The widest cell: "1.18 ±.02". */
const CELL_WIDTH = 9;
const NOTHING = "–";

/** Header, table, and what is to be said about it; with `details` a table of intervals and quartiles too. */
export function renderReport(report: Report, paint: Paint, details: boolean): string {
	const rows = rowsOf(report);
	return [
		...headerFacts(report).map((fact) => paint("quiet", fact)),
		...warnings(report).map((warning) => paint("bad", `warning: ${warning}`)),
		overview(report.inits, rows, paint),
		legend(),
		...whereBehind(report, rows),
		...growthSentences(report),
		...limitSentences(report).map(({ keeping, text }) => paint(KEEPING_TONES[keeping], text)),
		...(details ? [detailTable(report.inits, rows, paint)] : []),
	].join("\n");
}

function overview(columns: readonly Column[], rows: readonly Row[], paint: Paint): string {
	const widest = columns.map(({ name }) => Math.max(CELL_WIDTH, name.length) + 2);
	const table = new Table({
		head: columns.map(({ name, role }) => (role === "ours" ? paint("strong", name) : name)),
		colWidths: widest,
		wordWrap: true,
		style: { head: [], border: [] },
	});
	for (const row of rows) {
		const head = `${row.title} (${row.better} is better)`;
		table.push([{ colSpan: columns.length, content: paint("strong", head) }]);
		table.push(columns.map(({ name, role }) => cellText(row, name, role === "ours", paint)));
	}
	return table.toString();
}

function cellText(row: Row, name: string, isOurs: boolean, paint: Paint): string {
	const cell = row.cells[name];
	if (cell === undefined) return NOTHING;
	if ("absent" in cell) return cell.absent;
	const ratio = cell.ratio === undefined ? NOTHING : ratioWithMargin(cell.ratio);
	const value = paint("quiet", quantity(cell.median, row.unit));
	return `${isOurs ? paint("strong", ratio) : ratio}\n${value}`;
}

function detailTable(columns: readonly Column[], rows: readonly Row[], paint: Paint): string {
	const table = new Table({
		head: ["", "× tini", "95 %", "median", "quartiles", "rounds"],
		style: STYLE,
	});
	for (const row of rows) {
		table.push([{ colSpan: 6, content: paint("strong", row.title) }]);
		for (const { name } of columns) {
			const cell = row.cells[name];
			if (cell === undefined) continue;
			if ("absent" in cell) table.push([name, { colSpan: 5, content: cell.absent }]);
			else {
				const { ratio, median, lowerQuartile, upperQuartile, rounds } = cell;
				table.push([
					name,
					ratio === undefined ? NOTHING : ratioText(ratio.value),
					ratio === undefined ? "" : intervalText(ratio),
					quantity(median, row.unit),
					rounds === 1 ? "" : range(lowerQuartile, upperQuartile, row.unit),
					rounds,
				]);
			}
		}
	}
	return table.toString();
}

const KEEPING_TONES = { holds: "good", broken: "bad", unclear: "strong" } as const;
const TONES = { better: "good", worse: "bad", unclear: "quiet" } as const satisfies Record<
	Verdict,
	string
>;

/** What changed against an earlier run. */
export function renderComparison(comparison: Comparison, paint: Paint): string {
	const table = new Table({
		head: ["against the earlier run", "init", "before", "now", ""],
		style: STYLE,
	});
	for (const { title, init, before, after, verdict } of comparison.changes) {
		const change = before.value === 0 ? "" : ` ${percent(after.value / before.value - 1)}`;
		table.push([
			title,
			init,
			ratioWithMargin(before),
			ratioWithMargin(after),
			paint(TONES[verdict], `${verdict}${change}`),
		]);
	}
	const rest = [
		...comparison.onlyBefore.map((title) => `only in the earlier run: ${title}`),
		...comparison.onlyAfter.map((title) => `only in this run: ${title}`),
		...(comparison.sameMachine
			? []
			: ["warning: the earlier run was on another machine or kernel"]),
	];
	return [table.toString(), ...rest].join("\n");
}

function percent(part: number): string {
	const text = (part * 100).toFixed(0);
	return part > 0 ? `+${text} %` : `${text} %`;
}
