/** Who is ahead in a row, as far as its intervals can tell. */
import type { Column, Row } from "../report/report.ts";
import { measuredCell } from "../report/report.ts";
import type { Ratio } from "./ratio.ts";

/** The peers that are surely ahead of `ours` in this row; a ratio without an interval stands for itself. */
export function peersAhead(row: Row, ours: string, columns: readonly Column[]): string[] {
	const own = measuredCell(row, ours)?.ratio;
	if (own === undefined) return [];
	return columns
		.filter(({ name, role }) => {
			const ratio = role === "peer" ? measuredCell(row, name)?.ratio : undefined;
			if (ratio === undefined) return false;
			return row.better === "less" ? isBelow(ratio, own) : isBelow(own, ratio);
		})
		.map(({ name }) => name);
}

/** Whether the first is below the second and their intervals do not touch. */
export function isBelow(first: Ratio, second: Ratio): boolean {
	return highest(first) < lowest(second);
}

function lowest({ value, interval }: Ratio): number {
	return interval?.[0] ?? value;
}

function highest({ value, interval }: Ratio): number {
	return interval?.[1] ?? value;
}
