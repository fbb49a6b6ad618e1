// A reporter of vitest that leaves the counts of a level for npm test, skipped tests with their reasons.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Reporter, TestCase, TestModule } from "vitest/node";
import { type Counts, countsFile } from "./counts.ts";

export default class CountingReporter implements Reporter {
	onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
		const level = process.env["TEST_LEVEL"];
		if (level === undefined) return;
		const tests = modules.flatMap((module) => [...module.children.allTests()]);
		const broken =
			modules.filter((module) => module.errors().length > 0).length + unhandledErrors.length;
		const counts: Counts = {
			passed: tests.filter((test) => test.result().state === "passed").length,
			failed: tests.filter((test) => test.result().state === "failed").length + broken,
			skipped: tests.filter((test) => test.result().state === "skipped").map(describeSkipped),
		};
		mkdirSync(dirname(countsFile(level)), { recursive: true });
		writeFileSync(countsFile(level), JSON.stringify(counts));
	}
}

function describeSkipped(test: TestCase): string {
	const result = test.result();
	const reason = result.state === "skipped" ? result.note : undefined;
	return reason === undefined ? test.fullName : `${test.fullName}: ${reason}`;
}
