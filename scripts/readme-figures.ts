// The README's figures, cut from bench/results: no number of a benchmark is written there by hand.
//
//   node scripts/readme-figures.ts [--check] [FOLDER]
//
// Puts table and chart between the README's markers. With --check it changes nothing, and ends with 1 when README, results.md or a
// chart is not what latest.json says. FOLDER is the checkout (for tests). 2 for wrong usage.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { drawCharts } from "../bench/report/charts.ts";
import { REPORT_FILE, reportFiles } from "../bench/report/files.ts";
import { renderExcerpt } from "../bench/report/markdown.ts";
import { parseReport } from "../bench/report/read.ts";
import type { Report } from "../bench/report/report.ts";
import { root } from "./root.ts";

export const BEGIN_MARK = "<!-- bench:start -->";
export const END_MARK = "<!-- bench:end -->";

const RESULTS = "bench/results";
const REMEDY = "run: node scripts/readme-figures.ts";

/** Writes the figures into the README of the checkout `folder`. @throws when it has no markers, or there are no results. */
export async function updateReadme(folder: string): Promise<void> {
	const file = join(folder, "README.md");
	const report = await readResults(folder);
	await writeFile(file, await withFigures(await readFile(file, "utf8"), report));
}

/** What is not as latest.json says, each with what to do; nothing when all is. */
export async function findStale(folder: string): Promise<string[]> {
	const report = await readResults(folder);
	const problems: string[] = [];
	if (report.quick) {
		problems.push(`${RESULTS}/${REPORT_FILE} is of a quick run; run: npm run bench`);
	}
	for (const [name, content] of await reportFiles(report)) {
		const found = await readFile(join(folder, RESULTS, name), "utf8").catch(() => undefined);
		if (name === REPORT_FILE || found === content) continue;
		const fault = found === undefined ? "is missing" : "is not what latest.json says";
		problems.push(`${RESULTS}/${name} ${fault}; run: npm run bench`);
	}
	const readme = await readFile(join(folder, "README.md"), "utf8");
	if ((await withFigures(readme, report)) !== readme) {
		problems.push(`README.md has other figures than ${RESULTS}; ${REMEDY}`);
	}
	return problems;
}

/** The text with what lies between the marks replaced. @throws when a mark is missing, doubled or out of order. */
export function replaceBetweenMarks(text: string, content: string): string {
	const [before, rest, ...more] = text.split(BEGIN_MARK);
	const [, after, ...beyond] = rest?.split(END_MARK) ?? [];
	const isPaired = before !== undefined && after !== undefined && !before.includes(END_MARK);
	if (!isPaired || more.length > 0 || beyond.length > 0) {
		throw new Error(`README.md needs ${BEGIN_MARK} and ${END_MARK} once each, in this order`);
	}
	return `${before}${BEGIN_MARK}\n${content}\n${END_MARK}${after}`;
}

async function withFigures(readme: string, report: Report): Promise<string> {
	const charts = await drawCharts(report);
	return replaceBetweenMarks(readme, `\n${renderExcerpt(report, charts, RESULTS)}\n`);
}

async function readResults(folder: string): Promise<Report> {
	const file = join(folder, RESULTS, REPORT_FILE);
	return parseReport(await readFile(file, "utf8"), file);
}

async function main(words: readonly string[]): Promise<number> {
	const isCheck = words.includes("--check");
	const [folder = root, ...rest] = words.filter((word) => word !== "--check");
	if (rest.length > 0 || folder.startsWith("-")) {
		console.error("usage: node scripts/readme-figures.ts [--check] [FOLDER]");
		return 2;
	}
	if (!isCheck) {
		await updateReadme(folder);
		return 0;
	}
	const problems = await findStale(folder);
	for (const problem of problems) console.error(`readme-figures: error: ${problem}`);
	return problems.length === 0 ? 0 : 1;
}

if (import.meta.main) {
	try {
		process.exitCode = await main(process.argv.slice(2));
	} catch (error) {
		console.error(`readme-figures: error: ${error instanceof Error ? error.message : error}`);
		process.exitCode = 1;
	}
}
