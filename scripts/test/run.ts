// npm test: every level of tests in turn, and one summary.
//
//   npm test                      all levels
//   npm test -- unit process      some of them
//
// A level that fails does not keep the others from running. Exit code 1 when any failed, 2 for an unknown level,
// 130 when interrupted; an engine that was started for the tests is stopped in any case.
import { readFile, rm, statfs } from "node:fs/promises";
import Table from "cli-table3";
import { execa } from "execa";
import { binaryFile, buildImages } from "../build-images.ts";
import { type Engine, ensureEngine } from "../engine/engine.ts";
import { freshImages } from "../fresh-images.ts";
import { machinePlatform } from "../platforms.ts";
import { trialObstacle } from "../release/tools.ts";
import { root } from "../root.ts";
import { isUpToDate } from "../up-to-date.ts";
import { type Counts, countsFile, parseCounts } from "./counts.ts";

/**
 * In this order: what fails fast first. The host command demonstrates the images that their level has built, and the
 * process tests try the very binary that lies in them. A release finds the binaries of all platforms in the build cache, and
 * pushes so much else out of it that they would be compiled once more behind it. The benchmark's short run comes last, alone on the machine.
 */
const LEVELS = [
	"lint",
	"unit",
	"bench",
	"images",
	"cli",
	"platforms",
	"release",
	"process",
	"smoke",
] as const;
type Level = (typeof LEVELS)[number];

/** They keep all cores busy: the engine and the images are begun behind them. */
const BUSY_LEVELS: readonly Level[] = ["lint", "unit"];
/** They share one engine: each alone would start its own and stop it. */
const ENGINE_LEVELS: readonly Level[] = ["images", "cli", "release", "platforms"];
/** They take the binary out of the images where it is that of the sources. */
const BINARY_LEVELS: readonly Level[] = ["process", "smoke"];

interface Outcome extends Counts {
	readonly level: Level;
	readonly seconds: number;
}

const SKIPPED_SHOWN = 80;
/** What a whole run takes of the disk at most: images, build cache, the packages of an engine. Measured. */
const NEEDED_BYTES = 7e9;

const interruption = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
	process.on(signal, () => interruption.abort());
}

async function runLevel(level: Level): Promise<Outcome> {
	console.log(`\n── ${level} ${"─".repeat(Math.max(0, 70 - level.length))}`);
	const obstacle = level === "release" ? await trialObstacle() : undefined;
	if (obstacle !== undefined) {
		console.log(`skipped: ${obstacle}`);
		return {
			level,
			passed: 0,
			failures: [],
			skipped: [`all of it: ${obstacle}`],
			seconds: 0,
		};
	}
	await rm(countsFile(level), { force: true });
	const args =
		level === "lint"
			? ["scripts/lint.ts"]
			: ["node_modules/vitest/vitest.mjs", "run", "--project", `${level}*`];
	const started = performance.now();
	const { exitCode } = await execa(process.execPath, args, {
		cwd: root,
		stdio: "inherit",
		reject: false,
		cancelSignal: interruption.signal,
		env: { TEST_LEVEL: level, ...(BINARY_LEVELS.includes(level) ? await shippedBinary() : {}) },
	});
	const { failures, ...counts } = await readCounts(level);
	// A run that died before it could count has failed all the same.
	const hidden = exitCode !== 0 && failures.length === 0 ? [`it ended with ${exitCode}`] : [];
	const seconds = (performance.now() - started) / 1_000;
	return { level, ...counts, failures: [...failures, ...hidden], seconds };
}

/** Has an engine run. Where none can be had, the level that needs it says why. */
async function findEngine(): Promise<Engine | undefined> {
	try {
		return await ensureEngine();
	} catch {
		return undefined;
	}
}

/** Builds the images while the levels before theirs leave a core idle. What fails here fails once more there, and is told. */
async function prepareImages(finding: Promise<Engine | undefined>): Promise<void> {
	const engine = await finding;
	if (engine === undefined) return;
	try {
		if ((await freshImages(engine)) === undefined) await buildImages({ engine });
	} catch {
		// What has been made so far need not be made again.
	}
}

/** The binary in the images, if they are of these sources; else the process tests build their own. */
async function shippedBinary(): Promise<{ INIT_BINARY?: string }> {
	const file = binaryFile(machinePlatform());
	if (!(await isUpToDate(file, ["init", "package.json"]))) return {};
	console.log(`the binary under test is ${file}`);
	return { INIT_BINARY: file };
}

/** A disk that fills up in the middle fails in a hundred ways: the reason is said beforehand. */
async function warnOfSpace(): Promise<void> {
	const { bavail, bsize } = await statfs(root);
	const free = bavail * bsize;
	if (free >= NEEDED_BYTES) return;
	const [has, needs] = [free, NEEDED_BYTES].map((bytes) => `${(bytes / 1e9).toFixed(1)} GB`);
	console.error(`test: warning: the disk has ${has} free; all levels from nothing take ${needs}`);
}

async function readCounts(level: Level): Promise<Counts> {
	try {
		return parseCounts(await readFile(countsFile(level), "utf8"));
	} catch {
		return { passed: 0, failures: ["the run ended before it counted"], skipped: [] };
	}
}

function report(outcomes: readonly Outcome[]): void {
	const table = new Table({
		head: ["level", "passed", "failed", "skipped", "seconds"],
		style: { head: [], border: [] },
	});
	for (const { level, passed, failures, skipped, seconds } of outcomes) {
		table.push([level, passed, failures.length, skipped.length, seconds.toFixed(0)]);
	}
	console.log(`\n${table.toString()}`);
	const skipped = outcomes.flatMap((outcome) =>
		outcome.skipped.map((what) => `${outcome.level}: ${what}`),
	);
	for (const line of skipped.slice(0, SKIPPED_SHOWN)) console.log(`skipped  ${line}`);
	if (skipped.length > SKIPPED_SHOWN)
		console.log(`skipped  … and ${skipped.length - SKIPPED_SHOWN} more`);
	// Last, where a log that was cut still has them.
	for (const { level, failures } of outcomes) {
		for (const failure of failures) console.log(`\nfailed   ${level}: ${failure}`);
	}
	const sum = (pick: (outcome: Outcome) => number) =>
		outcomes.reduce((total, outcome) => total + pick(outcome), 0);
	const failed = sum((outcome) => outcome.failures.length);
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
	await warnOfSpace();
	const outcomes: Outcome[] = [];
	const levels = LEVELS.filter((level) => asked.length === 0 || asked.includes(level));
	const needsEngine = levels.some((level) => ENGINE_LEVELS.includes(level));
	let finding: Promise<Engine | undefined> | undefined;
	let preparation: Promise<unknown> | undefined;
	for (const level of levels) {
		if (interruption.signal.aborted) break;
		if (needsEngine && !BUSY_LEVELS.includes(level)) {
			finding ??= findEngine();
			preparation ??= levels.includes("images") ? prepareImages(finding) : finding;
		}
		if (ENGINE_LEVELS.includes(level)) await preparation;
		outcomes.push(await runLevel(level));
	}
	const engine = await finding;
	if (engine?.startedHere) await engine.stop();
	report(outcomes);
	if (interruption.signal.aborted) process.exitCode = 130;
}
