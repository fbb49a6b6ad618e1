// A reporter of vitest that leaves the counts of a level for npm test: failed tests with what was wrong, skipped ones
// with their reasons.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { Reporter, TestCase, TestModule } from "vitest/node";
import { type Counts, countsFile } from "./counts.ts";

/** Of one error; the whole of it stands in the level's own output. */
const ERROR_LINES_SHOWN = 12;

export default class CountingReporter implements Reporter {
	onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
		const level = process.env["TEST_LEVEL"];
		if (level === undefined) return;
		const tests = modules.flatMap((module) => [...module.children.allTests()]);
		const failures = [
			...tests.filter((test) => test.result().state === "failed").map(describeFailed),
			...modules
				.filter((module) => module.errors().length > 0)
				.map((module) => describe(module.relativeModuleId, module.errors())),
			...unhandledErrors.map((error) => describe("outside of the tests", [error])),
		];
		const counts: Counts = {
			passed: tests.filter((test) => test.result().state === "passed").length,
			failures,
			skipped: tests.filter((test) => test.result().state === "skipped").map(describeSkipped),
		};
		mkdirSync(dirname(countsFile(level)), { recursive: true });
		writeFileSync(countsFile(level), JSON.stringify(counts));
	}
}

function describeFailed(test: TestCase): string {
	const title = `${test.module.relativeModuleId} > ${test.fullName}`;
	return describe(title, test.result().errors ?? []);
}

function describe(title: string, errors: readonly unknown[]): string {
	const lines = errors.flatMap((error) =>
		stripVTControlCharacters(messageOf(error)).split("\n").slice(0, ERROR_LINES_SHOWN),
	);
	return [title, ...lines.map((line) => `    ${line}`)].join("\n");
}

function messageOf(error: unknown): string {
	if (typeof error !== "object" || error === null || !("message" in error)) return String(error);
	const diff = "diff" in error && typeof error.diff === "string" ? `\n${error.diff}` : "";
	return `${String(error.message)}${diff}`;
}

function describeSkipped(test: TestCase): string {
	const result = test.result();
	const reason = result.state === "skipped" ? result.note : undefined;
	return reason === undefined ? test.fullName : `${test.fullName}: ${reason}`;
}
