// npm run bench: our init beside its peers, side by side on this machine.
//
//   npm run bench                      everything; bench/results is written anew
//   npm run bench -- --quick           a smoke run of under two minutes; nothing in bench/results changes
//   npm run bench -- --init FILE       that file as our init, such as the one that the images' build left, not a fresh build
//   npm run bench -- --compare FILE    and what changed against that earlier latest.json
//
// Ends with 0 when our init was measured in every row that this machine can measure and no limit of it is broken, 1 when not,
// 2 for wrong usage. A quick run judges no limit that is about time.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { paintFor } from "../cli/src/terminal/paint.ts";
import { root } from "../scripts/root.ts";
import type { Build } from "./inits/ours.ts";
import { MEASUREMENTS } from "./measurements/all.ts";
import type { Measurement } from "./measurements/measurement.ts";
import { writeReport } from "./report/files.ts";
import { showProgress } from "./report/progress.ts";
import { parseReport } from "./report/read.ts";
import type { Report } from "./report/report.ts";
import { renderComparison, renderReport } from "./report/terminal.ts";
import { limitSentences, ownName } from "./report/words.ts";
import { runBenchmarks } from "./run.ts";
import { compareReports } from "./statistics/compare.ts";
import { gapsOf } from "./statistics/gaps.ts";

interface Options {
	quick?: true;
	rounds?: number;
	only?: readonly Measurement[];
	init?: string;
	also: readonly Build[];
	compare?: string;
	details?: true;
	json?: true;
	out?: string;
}

const ROUNDS = 400;
const QUICK_ROUNDS = 60;
const MOST_ROUNDS = 20_000;

const program = new Command("bench")
	.usage("[options]")
	.description("Measures our init beside tini, dumb-init and catatonit, round by round.")
	.option("--quick", `few rounds and small sizes, results to bench/results/tmp`)
	.option("--rounds <n>", `starts of each init (default: ${ROUNDS}, quick ${QUICK_ROUNDS})`, rounds)
	.option("--only <names>", `of ${namesOf(MEASUREMENTS)}; results to bench/results/tmp`, selected)
	.option("--init <file>", "measures that file as our init, in place of a fresh build", existing)
	.option(
		"--also <name=file>",
		"another build of the init, as a column; can be repeated",
		append,
		[],
	)
	.option("--compare <file>", "shows what changed against an earlier latest.json")
	.option("--details", "also intervals and quartiles of every cell")
	.option("--json", "prints the report as JSON in place of the tables")
	.option("--out <folder>", "writes the results there")
	.allowExcessArguments(false)
	.exitOverride();

async function main(): Promise<number> {
	program.parse();
	const options = program.opts<Options>();
	const earlier = options.compare && (await readReport(options.compare));
	const quick = options.quick === true;
	const { init, also, only = MEASUREMENTS } = options;
	const count = options.rounds ?? (quick ? QUICK_ROUNDS : ROUNDS);
	const report = await showProgress((progress) =>
		runBenchmarks({ measurements: only, rounds: count, quick, init, also }, progress),
	);

	const isWhole = !quick && options.only === undefined && also.length === 0;
	const folder = resolve(
		options.out ?? join(root, isWhole ? "bench/results" : "bench/results/tmp"),
	);
	await writeReport(report, folder);
	print(report, earlier || undefined, options);
	process.stderr.write(`bench: written to ${folder}\n`);
	return faults(report).length === 0 ? 0 : 1;
}

function print(report: Report, earlier: Report | undefined, options: Options): void {
	const paint = paintFor(process.stdout);
	const comparison = earlier && compareReports(earlier, report);
	if (options.json) {
		process.stdout.write(`${JSON.stringify(comparison ? { report, comparison } : report)}\n`);
	} else {
		process.stdout.write(`${renderReport(report, paint, options.details === true)}\n`);
		if (comparison) process.stdout.write(`${renderComparison(comparison, paint)}\n`);
	}
	for (const { title, reason, isOurs } of gapsOf(report, ownName(report))) {
		if (!isOurs) process.stderr.write(`bench: warning: not measured: ${title}: ${reason}\n`);
	}
	for (const fault of faults(report)) process.stderr.write(`bench: error: ${fault}\n`);
}

/** Rows that our own init alone has no number in, and limits that it surely breaks. */
function faults(report: Report): string[] {
	const gaps = gapsOf(report, ownName(report)).filter(({ isOurs }) => isOurs);
	const broken = limitSentences(report).filter(({ keeping }) => keeping === "broken");
	return [
		...gaps.map(({ title, reason }) => `not measured: ${title}: ${reason}`),
		...broken.map(({ text }) => text),
	];
}

async function readReport(file: string): Promise<Report> {
	const text = await readFile(file, "utf8").catch((error) => {
		throw new Error(
			`--compare cannot read ${file}: ${error instanceof Error ? error.message : error}`,
		);
	});
	return parseReport(text, file);
}

function rounds(word: string): number {
	const count = Number(word);
	if (Number.isInteger(count) && count >= 1 && count <= MOST_ROUNDS) return count;
	throw new InvalidArgumentError(`a number from 1 to ${MOST_ROUNDS}`);
}

function selected(words: string): Measurement[] {
	const names = words.split(",");
	const unknown = names.filter((name) => !MEASUREMENTS.some((one) => one.name === name));
	if (unknown.length > 0) throw new InvalidArgumentError(`there are ${namesOf(MEASUREMENTS)}`);
	return MEASUREMENTS.filter(({ name }) => names.includes(name));
}

function existing(word: string): string {
	const file = resolve(word);
	if (existsSync(file)) return file;
	throw new InvalidArgumentError(`there is no file ${file}`);
}

function append(words: string, before: readonly Build[]): Build[] {
	const [name = "", ...rest] = words.split("=");
	if (!/^[\w.+-]{1,20}$/.test(name) || rest.length === 0) {
		throw new InvalidArgumentError("NAME=FILE, with a name of at most 20 letters");
	}
	return [...before, { name, file: existing(rest.join("=")) }];
}

function namesOf(measurements: readonly Measurement[]): string {
	return measurements.map(({ name }) => name).join(", ");
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
