// The table of all cases, printed at the end.
import type { Verdict } from "./judge.ts";

export interface Judged {
	readonly name: string;
	readonly caseName: string;
	readonly verdict: Verdict;
}

const VERDICTS: readonly Verdict[] = ["same", "better", "other", "different"];

/** A line for each name, and one for each case that is not the same. */
export function tableOf(judged: readonly Judged[]): string {
	const names = [...new Set(judged.map(({ name }) => name))];
	const counts = names.map((name) => {
		const own = judged.filter((one) => one.name === name);
		const numbers = VERDICTS.map((verdict) => own.filter((one) => one.verdict === verdict).length);
		return [name, ...numbers.map(String)];
	});
	const others = judged.filter(({ verdict }) => verdict !== "same");
	return [
		...aligned([["name", ...VERDICTS], ...counts]),
		"",
		...aligned(others.map(({ name, verdict, caseName }) => [name, verdict, caseName])),
	].join("\n");
}

function aligned(rows: readonly (readonly string[])[]): string[] {
	const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
	return rows.map((row) =>
		row
			.map((cell, column) => cell.padEnd(width(column)))
			.join("  ")
			.trimEnd(),
	);
}
