/** What a run found out, as it lies in latest.json. */
import type { Role } from "../inits/init.ts";
import type { Load, Machine } from "../machine.ts";
import type { RowHead } from "../measurements/measurement.ts";
import type { Interval } from "../statistics/bootstrap.ts";
import type { Ratio } from "../statistics/ratio.ts";
import type { Summary } from "../statistics/summary.ts";

/** Changes when older files can no longer be read. */
export const REPORT_FORMAT = 1;

/** When and where something was measured. */
export interface Circumstances {
	/** ISO 8601, when the run began. */
	readonly date: string;
	readonly seconds: number;
	/** A smoke run: too short for figures to be quoted. */
	readonly quick: boolean;
	readonly machine: Machine;
	readonly loadBefore: Load;
	readonly loadAfter: Load;
	/** Columns that are missing, and why. */
	readonly missing: readonly { readonly name: string; readonly reason: string }[];
}

export interface Report extends Circumstances {
	readonly format: typeof REPORT_FORMAT;
	/** The columns. */
	readonly inits: readonly Column[];
	readonly sections: readonly Section[];
}

export interface Column {
	readonly name: string;
	readonly role: Role;
	readonly version: string;
	readonly linkage: "static" | "dynamic";
}

/** What one measurement gave. */
export interface Section {
	readonly name: string;
	readonly title: string;
	readonly method: string;
	readonly rows: readonly Row[];
}

export interface Row extends RowHead {
	/** By the name of the column; a column without one was not meant to be measured. */
	readonly cells: Readonly<Record<string, Cell>>;
}

export type Cell = MeasuredCell | { readonly absent: string };

export interface MeasuredCell extends Summary {
	/** Missing where the reference was 0 or absent. */
	readonly ratio?: Ratio;
	/** Of the median, where a limit is about it; missing where there were too few rounds. */
	readonly interval?: Interval;
}

/** The cell of a column if it was measured. */
export function measuredCell(row: Row, name: string): MeasuredCell | undefined {
	const cell = row.cells[name];
	return cell === undefined || "absent" in cell ? undefined : cell;
}

/** All rows, whatever their section. */
export function rowsOf(report: Report): Row[] {
	return report.sections.flatMap(({ rows }) => rows);
}
