/** Sentences that the terminal and the Markdown have in common. */
import { REFERENCE } from "../inits/init.ts";
import { fittedGrowths, sizeInWords } from "../statistics/growth.ts";
import { type Keeping, keptLimits } from "../statistics/limits.ts";
import { peersAhead } from "../statistics/standing.ts";
import { exponentText, intervalText, quantity, range, ratioText } from "./quantity.ts";
import { type MeasuredCell, measuredCell, type Report, type Row } from "./report.ts";

/** What the run was, one fact each. */
export function headerFacts(report: Report): string[] {
	const { machine, loadBefore, loadAfter } = report;
	const gib = (machine.memoryBytes / 1024 ** 3).toFixed(0);
	return [
		`${machine.cpu}, ${machine.cores} cores, ${gib} GiB, ${machine.architecture}`,
		`Linux ${machine.kernel}, ${machine.distribution}, ${machine.libc}, ${machine.compiler}`,
		`${report.date.slice(0, 16).replace("T", " ")} UTC, ${report.seconds.toFixed(0)} s, load ${loadText(loadBefore)} before, ${loadText(loadAfter)} after`,
		...report.inits.map(({ name, version, linkage }) => `${name}: ${version}, ${linkage}`),
		...report.missing.map(({ name, reason }) => `${name}: not measured: ${reason}`),
	];
}

/** What to know before quoting a figure. */
export function warnings(report: Report): string[] {
	const found: string[] = [];
	if (report.quick)
		found.push("a quick run, to see that it works: too short to quote figures of it");
	if (!report.inits.some(({ name }) => name === REFERENCE)) {
		found.push(`${REFERENCE} could not be measured, so that there are no ratios`);
	}
	const busy = report.loadBefore[0] / report.machine.cores;
	if (busy > 0.5) {
		found.push(
			"the machine was busy: ratios within a round hold, times do not; a quiet machine tells more",
		);
	}
	return found;
}

/** How to read the table. */
export function legend(): string {
	return `Each cell: how many times as much as ${REFERENCE} in the same round (median, ± 95 % confidence), and below it the median itself.`;
}

/** For each row where a peer is surely ahead of ours: who, and why. */
export function whereBehind(report: Report, rows: readonly Row[]): string[] {
	const ours = ownName(report);
	return rows.flatMap((row) => {
		const ahead = peersAhead(row, ours, report.inits);
		if (ahead.length === 0) return [];
		return [`${row.title}: ahead of ${ours} is ${ahead.join(", ")}: ${row.whenBehind}.`];
	});
}

/** For each limit of ours: whether it holds, and by which figures. */
export function limitSentences(report: Report): { keeping: Keeping; text: string }[] {
	const ours = ownName(report);
	return keptLimits(report, ours).map(({ row, keeping }) => ({
		keeping,
		text: `${keeping}: ${row.title}: ${limitFigures(row, ours)}`,
	}));
}

function limitFigures(row: Row, ours: string): string {
	const cell = measuredCell(row, ours);
	if (row.limit === undefined || cell === undefined) return "not measured";
	const { of, most } = row.limit;
	if (of === "median") {
		const margin = marginText(cell, row);
		return `${quantity(cell.median, row.unit)}${margin}, at most ${quantity(most, row.unit)}`;
	}
	if (cell.ratio === undefined) return `no ratio to ${REFERENCE}, at most ${ratioText(most)}`;
	const interval = intervalText(cell.ratio);
	const margin = interval === "" ? "" : ` (${interval})`;
	return `${ratioText(cell.ratio.value)}${margin} × ${REFERENCE}, at most ${ratioText(most)}`;
}

/** " (120–140 µs)"; empty when there were too few rounds, or nothing varied. */
function marginText({ interval }: MeasuredCell, { unit }: Row): string {
	if (interval === undefined || interval[0] === interval[1]) return "";
	return ` (${range(...interval, unit)})`;
}

/** How each family of costs grows with its size, for each init. */
export function growthSentences(report: Report): string[] {
	const fitted = fittedGrowths(report);
	const families = new Map(fitted.map((growth) => [growth.family, sizeInWords(growth)]));
	return [...families].map(([family, size]) => {
		const members = fitted.filter((growth) => growth.family === family);
		const exponents = members.map(({ init, exponent }) => `${init} ${exponentText(exponent)}`);
		return `${family} grows with ${size} to the power of: ${exponents.join(", ")}.`;
	});
}

/** The name of the column that the report is about. */
export function ownName(report: Report): string {
	return report.inits.find(({ role }) => role === "ours")?.name ?? "";
}

function loadText([one]: readonly [number, number, number]): string {
	return one.toFixed(2);
}
