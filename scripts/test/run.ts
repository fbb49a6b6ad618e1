// npm test: every level of tests in turn, and one summary.
//
//   npm test                      all levels
//   npm test -- unit process      some of them
//
// A level that fails does not keep the others from running. Exit code 1 when any failed, 2 for an unknown level,
// 130 when interrupted; an engine that was started for the tests is stopped in any case.
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import Table from "cli-table3";
import { execa } from "execa";
import { type Engine, ensureEngine } from "../engine/engine.ts";
import { root } from "../root.ts";
import { isUpToDate } from "../up-to-date.ts";
import { type Counts, countsFile, parseCounts } from "./counts.ts";

/**
 * In this order: what fails fast first. The host command demonstrates the images that their level has built, and the
 * process tests try the very binary that lies in them. The benchmark's short run comes last, alone on the machine.
 */
const LEVELS = ["lint", "unit", "bench", "images", "cli", "process", "smoke"] as const;
type Level = (typeof LEVELS)[number];

/** They share one engine: each alone would start its own and stop it. */
const ENGINE_LEVELS: readonly Level[] = ["images", "cli"];
/** They take the binary out of the images where it is that of the sources. */
const BINARY_LEVELS: readonly Level[] = ["process", "smoke"];

interface Outcome extends Counts {
	readonly level: Level;
	readonly seconds: number;
}

const SKIPPED_SHOWN = 40;

const interruption = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
	process.on(signal, () => interruption.abort());
}

async function runLevel(level: Level): Promise<Outcome> {
	console.log(`\n── ${level} ${"─".repeat(Math.max(0, 70 - level.length))}`);
	await rm(countsFile(level), { force: true });
	const args =
		level === "lint"
			? ["scripts/lint.ts"]
			: ["node_modules/vitest/vitest.mjs", "run", "--project", level];
	const started = performance.now();
	const { exitCode } = await execa(process.execPath, args, {
		cwd: root,
		stdio: "inherit",
		reject: false,
		cancelSignal: interruption.signal,
		env: { TEST_LEVEL: level, ...(BINARY_LEVELS.includes(level) ? await shippedBinary() : {}) },
	});
	const counts = await readCounts(level);
	// A run that died before it could count has failed all the same.
	const failed = exitCode === 0 ? counts.failed : Math.max(1, counts.failed);
	return { level, ...counts, failed, seconds: (performance.now() - started) / 1_000 };
}

/** Has an engine run before a level that needs one. Where none can be had, the level itself says why. */
async function findEngine(): Promise<Engine | undefined> {
	try {
		return await ensureEngine();
	} catch {
		return undefined;
	}
}

/** The binary in the images, if they are of these sources; else the process tests build their own. */
async function shippedBinary(): Promise<{ INIT_BINARY?: string }> {
	const platform = process.arch === "x64" ? "linux-amd64" : "linux-arm64";
	const file = join(root, "build", "init", platform, "my_init");
	if (!(await isUpToDate(file, ["init", "package.json"]))) return {};
	console.log(`the binary under test is ${file}`);
	return { INIT_BINARY: file };
}

async function readCounts(level: Level): Promise<Counts> {
	try {
		return parseCounts(await readFile(countsFile(level), "utf8"));
	} catch {
		return { passed: 0, failed: 1, skipped: [] };
	}
}

function report(outcomes: readonly Outcome[]): void {
	const table = new Table({
		head: ["level", "passed", "failed", "skipped", "seconds"],
		style: { head: [], border: [] },
	});
	for (const { level, passed, failed, skipped, seconds } of outcomes) {
		table.push([level, passed, failed, skipped.length, seconds.toFixed(0)]);
	}
	console.log(`\n${table.toString()}`);
	const skipped = outcomes.flatMap((outcome) =>
		outcome.skipped.map((what) => `${outcome.level}: ${what}`),
	);
	for (const line of skipped.slice(0, SKIPPED_SHOWN)) console.log(`skipped  ${line}`);
	if (skipped.length > SKIPPED_SHOWN)
		console.log(`skipped  … and ${skipped.length - SKIPPED_SHOWN} more`);
	const sum = (pick: (outcome: Outcome) => number) =>
		outcomes.reduce((total, outcome) => total + pick(outcome), 0);
	const failed = sum((outcome) => outcome.failed);
	console.log(
		`\n${sum((outcome) => outcome.passed)} passed, ${failed} failed, ${skipped.length} skipped`,
	);
	process.exitCode = failed === 0 ? 0 : 1;
}

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !LEVELS.some((level) => level === name));
if (unknown.length > 0) {
	console.error(`test: error: no level ${unknown.join(", ")}; there are ${LEVELS.join(", ")}`);
	process.exitCode = 2;
} else {
	const outcomes: Outcome[] = [];
	let engine: Engine | undefined;
	for (const level of LEVELS) {
		if (interruption.signal.aborted || (asked.length > 0 && !asked.includes(level))) continue;
		if (ENGINE_LEVELS.includes(level)) engine ??= await findEngine();
		outcomes.push(await runLevel(level));
	}
	if (engine?.startedHere) await engine.stop();
	report(outcomes);
	if (interruption.signal.aborted) process.exitCode = 130;
}
