// Two observations beside each other, and the list of differences that are known.
import type { Observation } from "./case.ts";
import type { Deviation, Difference } from "./difference.ts";
import { DIFFERENCES } from "./differences.ts";

/** same; better, or other than the peer on purpose: there is a row for each deviation; different: there is none. */
export type Verdict = "same" | "better" | "other" | "different";

const NOTHING = "nothing";

export function deviationsOf(peer: Observation, ours: Observation): Deviation[] {
	const keys = new Set([...Object.keys(peer), ...Object.keys(ours)]);
	return [...keys]
		.map((what) => ({ what, peer: peer[what] ?? NOTHING, ours: ours[what] ?? NOTHING }))
		.filter(({ peer: theirs, ours: own }) => theirs !== own);
}

/** The rows about the case. */
export function rowsOf(name: string, caseName: string): Difference[] {
	return DIFFERENCES.filter((row) => row.names.includes(name) && row.cases.includes(caseName));
}

export function isKnown(deviation: Deviation, rows: readonly Difference[]): boolean {
	return rows.some(({ seen }) => includes(seen, deviation));
}

/** Whether the row is still true, all of it. */
export function isShownBy({ seen }: Difference, deviations: readonly Deviation[]): boolean {
	return seen.every((one) => includes(deviations, one));
}

export function verdictOf(deviations: readonly Deviation[], rows: readonly Difference[]): Verdict {
	if (deviations.length === 0) return "same";
	if (!deviations.every((deviation) => isKnown(deviation, rows))) return "different";
	return rows.every((row) => row.isBetter) ? "better" : "other";
}

function includes(deviations: readonly Deviation[], sought: Deviation): boolean {
	return deviations.some(
		({ what, peer, ours }) => what === sought.what && peer === sought.peer && ours === sought.ours,
	);
}
