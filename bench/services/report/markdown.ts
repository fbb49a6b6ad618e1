/** The report as Markdown, which reads well on a terminal too. */
import { intervalText, quantity, ratioText } from "../../report/quantity.ts";
import { type Cell, type Keeping, keepingOf, measuredCell, type Row } from "../judge.ts";
import { OURS } from "../supervisors.ts";
import type { Chart } from "./charts.ts";
import type { Report } from "./report.ts";

const METHOD = [
	"Each supervisor is PID 1 of a PID namespace, with the same services: a static program that says when it runs, and sleeps.",
	"Boot: from the exec of PID 1 until the last service has said that it runs, or has told its supervisor that it is ready. Stop: from the signal to PID 1 until the namespace is empty; runsvdir does not wait for its services, and the kernel kills what it leaves. Memory: of all processes but the services, by smaps_rollup. Wake-ups: switches of all of them. Restart: from SIGKILL of a service that has run for two seconds until the next one runs.",
];

export function renderMarkdown(report: Report, charts: readonly Chart[]): string {
	return [
		"# Services: side by side with Debian's supervisors",
		"",
		...headerFacts(report).map((fact) => `- ${fact}`),
		"",
		...METHOD,
		"",
		"Each cell: the median, and how many times as much as the reference of its row in the same round.",
		"",
		...table(report),
		"",
		"## What is promised",
		"",
		...limitLines(report).map(({ text }) => `- ${text}`),
		...charts.flatMap(({ title, file }) => ["", `![${title}](${file})`]),
		"",
	].join("\n");
}

function headerFacts(report: Report): string[] {
	const { machine, loadBefore, loadAfter, quick } = report;
	const gib = (machine.memoryBytes / 1024 ** 3).toFixed(0);
	return [
		...(quick ? ["a quick run, to see that it works: too short to quote figures of it"] : []),
		`${machine.cpu}, ${machine.cores} cores, ${gib} GiB, Linux ${machine.kernel}, ${machine.distribution}`,
		`${report.date.slice(0, 16).replace("T", " ")} UTC, ${report.seconds} s, load ${loadBefore[0].toFixed(2)} before, ${loadAfter[0].toFixed(2)} after`,
		...report.columns.map(({ name, version }) => `${name}: ${version}`),
		...report.missing.map(({ name, reason }) => `${name}: not measured: ${reason}`),
	];
}

function table({ rows, columns, missing }: Report): string[] {
	const names = [...new Set([...columns, ...missing].map(({ name }) => name))];
	const whys = new Map(missing.map(({ name, reason }) => [name, reason]));
	const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
	return [
		line(["", ...names, "reference"]),
		line(["---", ...names.map(() => "---:"), "---"]),
		...rows.map((row) => {
			const cells = names.map((name) =>
				cellText(row.cells[name] ?? { absent: whys.get(name) ?? "not measured" }, row),
			);
			return line([row.title, ...cells, row.reference]);
		}),
	];
}

function cellText(cell: Cell, { unit }: Row): string {
	if ("absent" in cell) return cell.absent;
	const ratio = cell.ratio === undefined ? "" : ` (${ratioText(cell.ratio.value)} ×)`;
	return `${quantity(cell.median, unit)}${ratio}`;
}

/** A sentence for each limit that ours was measured against. */
export function limitLines(report: Report): { keeping: Keeping; text: string }[] {
	return report.rows.flatMap((row) => {
		const keeping = keepingOf(row, OURS, report.quick);
		return keeping === undefined
			? []
			: [{ keeping, text: `${keeping}: ${row.title}: ${figures(row)}` }];
	});
}

function figures(row: Row): string {
	const cell = measuredCell(row, OURS);
	if (cell === undefined || row.limit === undefined) return "";
	const { of, most } = row.limit;
	if (of === "median") {
		return `${quantity(cell.median, row.unit)}, at most ${quantity(most, row.unit)}`;
	}
	if (cell.ratio === undefined) return `no ratio to ${row.reference}, at most ${ratioText(most)}`;
	const interval = intervalText(cell.ratio);
	const margin = interval === "" ? "" : ` (${interval})`;
	return `${ratioText(cell.ratio.value)}${margin} × ${row.reference}, at most ${ratioText(most)}`;
}
