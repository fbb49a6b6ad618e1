// docs/start.md has every system call of a start with its reason, and none that is not made.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../../scripts/root.ts";
import { renderStartPage, START_PAGE } from "../../scripts/start-page/page.ts";
import { traceStart } from "../../scripts/start-page/trace.ts";
import { isMachineRoot } from "./support/binaries.ts";
import { describeShipped, isMissing } from "./support/suite.ts";

const REMEDY =
	"calls have changed: put their reasons into scripts/start-page/reasons.ts, then node scripts/start-page.ts";

describeShipped("a start as PID 1", (binary) => {
	test(`makes the system calls that ${START_PAGE} has, in that order`, async ({ skip }) => {
		skip(process.arch !== "x64", "the page has the calls of x86-64");
		skip(isMissing("strace"), "there is no strace");
		skip(!isMachineRoot, "tracing PID 1 of a namespace needs root");
		const page = renderStartPage(await traceStart(binary.path));
		expect(readFileSync(join(root, START_PAGE), "utf8"), REMEDY).toBe(page);
	});
});
