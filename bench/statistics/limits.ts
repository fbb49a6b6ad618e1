/** Whether our init keeps what the project promises of it. */
import type { Unit } from "../measurements/measurement.ts";
import {
	type MeasuredCell,
	measuredCell,
	type Report,
	type Row,
	rowsOf,
} from "../report/report.ts";
import type { Ratio } from "./ratio.ts";

/** "unclear": the limit lies within the interval, there was no ratio, or a quick run had no time to tell. */
export type Keeping = "holds" | "broken" | "unclear";

/** What a busy machine changes; in a few rounds it does not cancel out. */
export const UNITS_OF_TIME: readonly Unit[] = ["ns", "per second"];

export interface Promised {
	readonly row: Row;
	readonly keeping: Keeping;
}

/** Every row that has a limit and a number of ours. */
export function keptLimits(report: Report, ours: string): Promised[] {
	return rowsOf(report).flatMap((row) => {
		const cell = measuredCell(row, ours);
		if (row.limit === undefined || cell === undefined) return [];
		const { of, most } = row.limit;
		const found = of === "ratio" ? cell.ratio : medianOf(cell);
		const isTooShort = report.quick && UNITS_OF_TIME.includes(row.unit);
		return [{ row, keeping: isTooShort ? "unclear" : judge(found, most) }];
	});
}

function medianOf({ median, interval }: MeasuredCell): Ratio {
	return interval === undefined ? { value: median } : { value: median, interval };
}

function judge(found: Ratio | undefined, most: number): Keeping {
	if (found === undefined) return "unclear";
	const [low, high] = found.interval ?? [found.value, found.value];
	if (high <= most) return "holds";
	return low > most ? "broken" : "unclear";
}
