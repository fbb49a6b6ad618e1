// What a level of tests came to; written by the reporter, read by npm test.
import { join } from "node:path";
import { root } from "../root.ts";

export interface Counts {
	readonly passed: number;
	/** Title of each test that failed, with its file and what was wrong; also what else went wrong. */
	readonly failures: readonly string[];
	/** Title of each test that did not run, with the reason. */
	readonly skipped: readonly string[];
}

/** Where the reporter leaves the counts of a level. */
export function countsFile(level: string): string {
	return join(root, "build", "test", `${level}.json`);
}

/** @throws when the text is not what the reporter wrote. */
export function parseCounts(text: string): Counts {
	const value: unknown = JSON.parse(text);
	if (
		typeof value === "object" &&
		value !== null &&
		"passed" in value &&
		"failures" in value &&
		"skipped" in value
	) {
		const { passed, failures, skipped } = value;
		if (typeof passed === "number" && Array.isArray(failures) && Array.isArray(skipped)) {
			return { passed, failures: failures.map(String), skipped: skipped.map(String) };
		}
	}
	throw new Error("a file of test counts is damaged");
}
