// Which builds a group of tests runs on, and what is skipped why.
import { describe } from "vitest";
import {
	type Binary,
	faulty,
	obstacle,
	sanitized,
	shipped,
	testBuildObstacle,
} from "./binaries.ts";
import { isOnPath } from "./build.ts";

type Tests = (binary: Binary) => void;

/** Tests of what the init does, on the shipped binary and once more on the one with sanitizers. */
export function describeInit(title: string, tests: Tests): void {
	describeBuild(shipped, obstacle, title, tests);
	describeBuild(sanitized, testBuildObstacle, title, tests);
}

/** Tests that mean the shipped binary alone: its size, its memory. */
export function describeShipped(title: string, tests: Tests): void {
	describeBuild(shipped, obstacle, title, tests);
}

/** Tests of the build that fails on demand. */
export function describeFaulty(title: string, tests: Tests): void {
	describeBuild(faulty, testBuildObstacle, title, tests);
}

/** Whether the tests that take minutes are wanted too: LONG=1. */
export const isLong = process.env["LONG"] === "1";

/** True, and the reason printed, when one of the programs is missing. */
export function isMissing(...programs: readonly string[]): boolean {
	const missing = programs.filter((program) => !isOnPath(program));
	if (missing.length > 0) console.warn(`skipped: ${missing.join(", ")} not found in PATH`);
	return missing.length > 0;
}

function describeBuild(
	binary: Binary,
	reason: string | undefined,
	title: string,
	tests: Tests,
): void {
	if (reason !== undefined) console.warn(`skipped: ${binary.name}, ${title}: ${reason}`);
	describe.skipIf(reason !== undefined)(`${binary.name}: ${title}`, () => tests(binary));
}
