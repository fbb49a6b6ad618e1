/** What changed from one run to another: ratios only, since times of two runs differ with the machine's mood. */
import { measuredCell, type Report, rowsOf } from "../report/report.ts";
import type { Ratio } from "./ratio.ts";
import { isBelow } from "./standing.ts";

/** "unclear": the difference is smaller than the intervals. */
export type Verdict = "better" | "worse" | "unclear";

export interface Change {
	readonly title: string;
	readonly init: string;
	readonly before: Ratio;
	readonly after: Ratio;
	readonly verdict: Verdict;
}

export interface Comparison {
	readonly changes: readonly Change[];
	/** Rows that only one of the runs has. */
	readonly onlyBefore: readonly string[];
	readonly onlyAfter: readonly string[];
	/** Whether both ran on machines that describe themselves alike. */
	readonly sameMachine: boolean;
}

/** Compares ours in every row, and a peer where it surely changed, which tells of the machine and not of us. */
export function compareReports(before: Report, after: Report): Comparison {
	const earlier = new Map(rowsOf(before).map((row) => [row.id, row]));
	const later = new Map(rowsOf(after).map((row) => [row.id, row]));
	const changes: Change[] = [];
	for (const [id, row] of later) {
		const old = earlier.get(id);
		if (old === undefined) continue;
		for (const { name, role } of after.inits) {
			const [was, is] = [measuredCell(old, name)?.ratio, measuredCell(row, name)?.ratio];
			if (was === undefined || is === undefined) continue;
			const verdict = judge(was, is, row.better);
			if (role !== "ours" && verdict === "unclear") continue;
			changes.push({ title: row.title, init: name, before: was, after: is, verdict });
		}
	}
	const missing = (from: typeof later, others: typeof later) =>
		[...from.values()].filter(({ id }) => !others.has(id)).map(({ title }) => title);
	return {
		changes,
		onlyBefore: missing(earlier, later),
		onlyAfter: missing(later, earlier),
		sameMachine: identity(before) === identity(after),
	};
}

function judge(before: Ratio, after: Ratio, better: "less" | "more"): Verdict {
	if (isBelow(after, before)) return better === "less" ? "better" : "worse";
	if (isBelow(before, after)) return better === "less" ? "worse" : "better";
	return "unclear";
}

function identity({ machine }: Report): string {
	return [machine.cpu, machine.cores, machine.memoryBytes, machine.kernel].join("|");
}
