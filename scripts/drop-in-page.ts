// docs/drop-in.md: what ours does otherwise than the inits whose names it has, from the rows that the conformance test demands.
import type { Difference } from "../test/process/conformance/difference.ts";
import { DIFFERENCES } from "../test/process/conformance/differences.ts";

/** The page, from the rows. */
export function dropInPage(): string {
	return [
		"<!-- Written by npm run docs from test/process/conformance/differences.ts; do not edit. -->",
		"# Beside the inits whose names it has",
		"",
		"By the names `tini`, `tini-static`, `docker-init`, `init`, `dumb-init`, `catatonit` and `podman-init` the binary does",
		"what those programs do. `test/process/conformance` sends both through the same cases, as PID 1 and not, and compares",
		"what is seen: exit codes, whether something was said, the state that the child is started in, who gets which signal,",
		"who is left. All is the same but for these rows; the test fails for a difference without a row, and for a row that is",
		"not true any more. The words of messages, of `-h` and of `-l` are our own. The last column names the issue that asked for",
		"it: of a peer's tracker, of Podman's, or of ours.",
		"",
		"Of Kubernetes' `pause` there is no package to compare with: `test/process/pause.test.ts` asserts that it reaps, ends with 0",
		"at TERM and INT, heeds no other signal, and knows `-v`. Unlike that one it ends without a word.",
		"",
		"| name | case | what | peer | ours | better? | why | asked for in |",
		"| --- | --- | --- | --- | --- | --- | --- | --- |",
		...DIFFERENCES.map(rowOf),
		"",
	].join("\n");
}

function rowOf({ names, cases, seen, isBetter, why, askedIn }: Difference): string {
	const columns = [
		names.join(", "),
		cases.map(codeOf).join(", "),
		linesOf(seen.map(({ what }) => what)),
		linesOf(seen.map(({ peer }) => peer)),
		linesOf(seen.map(({ ours }) => ours)),
		isBetter ? "better" : "other",
		why,
		askedIn,
	];
	return `| ${columns.join(" | ")} |`;
}

function linesOf(cells: readonly string[]): string {
	return cells.join("<br>");
}

function codeOf(text: string): string {
	return `\`${text}\``;
}
