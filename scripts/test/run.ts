// npm test: every level of tests in turn, and one summary.
//
//   npm test                      all levels
//   npm test -- unit process      some of them
//
// A level that fails does not keep the others from running. Exit code 1 when any failed, 2 for an unknown level.
import { readFile, rm } from "node:fs/promises";
import Table from "cli-table3";
import { execa } from "execa";
import { runningPrivateEngine, stopPrivateEngine } from "../engine/engine.ts";
import { root } from "../root.ts";
import { type Counts, countsFile, parseCounts } from "./counts.ts";

/** In this order: what fails fast first. The images' build leaves the very binary that the process tests then try. */
const LEVELS = ["lint", "unit", "cli", "bench", "images", "process"] as const;
type Level = (typeof LEVELS)[number];

interface Outcome extends Counts {
	readonly level: Level;
	readonly seconds: number;
}

const SKIPPED_SHOWN = 40;

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
		env: { TEST_LEVEL: level },
	});
	const counts = await readCounts(level);
	// A run that died before it could count has failed all the same.
	const failed = exitCode === 0 ? counts.failed : Math.max(1, counts.failed);
	return { level, ...counts, failed, seconds: (performance.now() - started) / 1_000 };
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
	const engineRanBefore = (await runningPrivateEngine()) !== undefined;
	const outcomes: Outcome[] = [];
	for (const level of LEVELS) {
		if (asked.length === 0 || asked.includes(level)) outcomes.push(await runLevel(level));
	}
	if (!engineRanBefore) await stopPrivateEngine();
	report(outcomes);
}
