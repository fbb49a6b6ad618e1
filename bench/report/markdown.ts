/** The report as Markdown: results.md, and the part of it that the README shows. */
import { intervalText, quantity, range, ratioText } from "./quantity.ts";
import type { Cell, Column, Report, Row } from "./report.ts";
import { rowsOf } from "./report.ts";
import { growthSentences, headerFacts, limitSentences, warnings, whereBehind } from "./words.ts";

const NOTHING = "–";
const READING =
	"First how many times as much as tini in the same round (median), then the median itself.";

/** A chart beside the Markdown file. */
export interface ChartFile {
	readonly title: string;
	/** Section that it belongs to; undefined: it is the overview. */
	readonly section?: string;
	readonly file: string;
}

/** The whole of results.md. */
export function renderMarkdown(report: Report, charts: readonly ChartFile[]): string {
	const rows = rowsOf(report);
	const overview = charts.filter(({ section }) => section === undefined);
	return `${[
		"# Benchmarks",
		"Written by `npm run bench`; not edited by hand.",
		list(headerFacts(report)),
		...warnings(report).map((warning) => `**Warning:** ${warning}.`),
		...overview.map((chart) => picture(chart)),
		overviewTable(report.inits, rows),
		`${READING} A dash: nothing to measure there, or no ratio to zero.`,
		...section(
			"Limits of our own",
			limitSentences(report).map(({ text }) => text),
		),
		...section("Where a peer is ahead", whereBehind(report, rows)),
		...section("Growth", growthSentences(report)),
		...report.sections.flatMap(({ name, title, method, rows: own }) => [
			`## ${title}`,
			method,
			...charts.filter((chart) => chart.section === name).map((chart) => picture(chart)),
			...own.map((row) => detailTable(report.inits, row)),
		]),
	].join("\n\n")}\n`;
}

/** The part for the README: the rows that matter most, the chart, and where a peer is ahead. */
export function renderExcerpt(
	report: Report,
	charts: readonly ChartFile[],
	folder: string,
): string {
	const rows = rowsOf(report).filter(({ headline }) => headline);
	const overview = charts.filter(({ section }) => section === undefined);
	const { machine } = report;
	const behind = whereBehind(report, rows);
	return [
		...overview.map((chart) => picture(chart, folder)),
		overviewTable(report.inits, rows),
		`${READING} ${machine.cpu}, ${machine.cores} cores, Linux ${machine.kernel}, ${report.date.slice(0, 10)}; all rows, intervals and methods: [${folder}/results.md](${folder}/results.md).`,
		...warnings(report).map((warning) => `**Warning:** ${warning}.`),
		...(behind.length === 0 ? [] : [list(behind)]),
	].join("\n\n");
}

function overviewTable(columns: readonly Column[], rows: readonly Row[]): string {
	return table(
		["", ...columns.map(({ name, role }) => (role === "ours" ? `**${name}**` : name))],
		rows.map((row) => [
			row.better === "less" ? row.title : `${row.title} (more is better)`,
			...columns.map(({ name, role }) => overviewCell(row, name, role === "ours")),
		]),
	);
}

function overviewCell(row: Row, name: string, isOurs: boolean): string {
	const cell = row.cells[name];
	if (cell === undefined || "absent" in cell) return NOTHING;
	const ratio = cell.ratio === undefined ? NOTHING : ratioText(cell.ratio.value);
	return `${isOurs ? `**${ratio}**` : ratio} · ${quantity(cell.median, row.unit)}`;
}

function detailTable(columns: readonly Column[], row: Row): string {
	const lines = columns.flatMap(({ name }): string[][] => {
		const cell = row.cells[name];
		return cell === undefined ? [] : [[name, ...detailCells(cell, row)]];
	});
	const head = [row.title, "× tini", "95 %", "median", "quartiles", "rounds"];
	return table(head, lines);
}

function detailCells(cell: Cell, { unit }: Row): string[] {
	if ("absent" in cell) return [NOTHING, "", cell.absent, "", ""];
	const { ratio, median, lowerQuartile, upperQuartile, rounds } = cell;
	return [
		ratio === undefined ? NOTHING : ratioText(ratio.value),
		ratio === undefined ? "" : intervalText(ratio),
		quantity(median, unit),
		rounds === 1 ? "" : range(lowerQuartile, upperQuartile, unit),
		String(rounds),
	];
}

function section(title: string, sentences: readonly string[]): string[] {
	return sentences.length === 0 ? [] : [`## ${title}`, list(sentences)];
}

function picture({ title, file }: ChartFile, folder = "."): string {
	return `![${title}](${folder === "." ? file : `${folder}/${file}`})`;
}

function list(lines: readonly string[]): string {
	return lines.map((line) => `- ${line}`).join("\n");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
	const line = (cells: readonly string[]) =>
		`| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
	return [line(head), line(head.map((_, i) => (i === 0 ? "---" : "--:"))), ...rows.map(line)].join(
		"\n",
	);
}
