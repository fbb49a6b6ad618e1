// npm run bench:services: services under our init beside runit, s6 and supervisor, side by side on this machine.
//
//   npm run bench:services                   everything; bench/results/services is written anew
//   npm run bench:services -- --quick        few services, one round, 10 s of idleness; results to bench/results/tmp/services
//   npm run bench:services -- --init FILE    that file as our init, not a fresh build
//
// Ends with 0 when ours was measured and no limit of it is broken, 1 when not, 2 for wrong usage.
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { root } from "../../scripts/root.ts";
import { showProgress } from "../report/progress.ts";
import { QUICK, WHOLE } from "./measure.ts";
import { drawCharts } from "./report/charts.ts";
import { limitLines, renderMarkdown } from "./report/markdown.ts";
import type { Report } from "./report/report.ts";
import { runServices } from "./run.ts";
import { OURS, RUNIT, S6, SUPERVISOR } from "./supervisors.ts";

interface Options {
	quick?: true;
	only?: readonly string[];
	sizes?: readonly number[];
	init?: string;
	json?: true;
	out?: string;
}

const COLUMNS = [OURS, RUNIT, S6, SUPERVISOR];
const MOST_SERVICES = 2_000;

const program = new Command("bench:services")
	.usage("[options]")
	.description("Measures services under our init beside Debian's runit, s6 and supervisor.")
	.option("--quick", "few services, one round, results to bench/results/tmp/services")
	.option(
		"--only <names>",
		`of ${COLUMNS.join(", ")}; results to bench/results/tmp/services`,
		selected,
	)
	.option(
		"--sizes <numbers>",
		"numbers of services, such as 1,100; results to bench/results/tmp/services",
		sizes,
	)
	.option("--init <file>", "measures that file as our init, in place of a fresh build", existing)
	.option("--json", "prints the report as JSON in place of the table")
	.option("--out <folder>", "writes the results there")
	.allowExcessArguments(false)
	.exitOverride();

async function main(): Promise<number> {
	program.parse();
	const { quick = false, only, sizes: wanted, init, json, out } = program.opts<Options>();
	const all = quick ? QUICK : WHOLE;
	const extent = wanted === undefined ? all : { ...all, sizes: wanted };
	const report = await showProgress((progress) =>
		runServices({ extent, quick, init, only }, progress),
	);
	const isWhole = !quick && only === undefined && wanted === undefined;
	const results = isWhole ? "bench/results/services" : "bench/results/tmp/services";
	const folder = resolve(out ?? join(root, results));
	const text = await writeReport(report, folder);
	process.stdout.write(json ? `${JSON.stringify(report)}\n` : text);
	process.stderr.write(`bench: written to ${folder}\n`);
	const broken = limitLines(report).filter(({ keeping }) => keeping === "broken");
	for (const fault of broken) process.stderr.write(`bench: error: ${fault.text}\n`);
	const gaps = report.missing.map(({ name, reason }) => `${name}: ${reason}`);
	for (const gap of gaps) process.stderr.write(`bench: warning: not measured: ${gap}\n`);
	const isOursThere = report.columns.some(({ name }) => name === OURS);
	return broken.length === 0 && isOursThere ? 0 : 1;
}

async function writeReport(report: Report, folder: string): Promise<string> {
	const charts = await drawCharts(report);
	const text = renderMarkdown(report, charts);
	await mkdir(folder, { recursive: true });
	await writeFile(join(folder, "latest.json"), `${JSON.stringify(report, undefined, "\t")}\n`);
	await writeFile(join(folder, "results.md"), text);
	for (const { file, svg } of charts) await writeFile(join(folder, file), svg);
	return text;
}

function selected(words: string): string[] {
	const names = words.split(",");
	if (names.every((name) => COLUMNS.includes(name))) return names;
	throw new InvalidArgumentError(`there are ${COLUMNS.join(", ")}`);
}

function sizes(words: string): number[] {
	const numbers = words.split(",").map(Number);
	if (numbers.every((one) => Number.isInteger(one) && one >= 1 && one <= MOST_SERVICES))
		return numbers;
	throw new InvalidArgumentError(`numbers from 1 to ${MOST_SERVICES}, separated by commas`);
}

function existing(word: string): string {
	const file = resolve(word);
	if (existsSync(file)) return file;
	throw new InvalidArgumentError(`there is no file ${file}`);
}

try {
	process.exitCode = await main();
} catch (error) {
	// Commander has written its own message.
	if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
	else {
		process.stderr.write(`bench: error: ${error instanceof Error ? error.message : error}\n`);
		process.exitCode = 1;
	}
}
