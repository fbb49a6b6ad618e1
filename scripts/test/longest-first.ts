// The order of a level's files.
import { relative } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { root } from "../root.ts";

/**
 * Files that take minutes, the longest first. Vitest knows it from an earlier run alone, which a fresh clone has not
 * had: one of these that begins last keeps a single worker busy at the end of its level.
 */
export const LONGEST: readonly string[] = [
	"test/images/services/software.test.ts",
	"test/images/corpus.test.ts",
	"test/images/services/schedule.test.ts",
	"test/images/full.test.ts",
	"test/images/usage.test.ts",
	"test/images/examples/apps.test.ts",
	"test/cli/zoo.test.ts",
	"test/cli/demo.test.ts",
];

function rank(file: TestSpecification): number {
	const at = LONGEST.indexOf(relative(root, file.moduleId));
	return at === -1 ? LONGEST.length : at;
}

/** Vitest's order, with the files that are known to be long before it. */
export class LongestFirst extends BaseSequencer {
	override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
		return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
	}
}
