/** What a run found out, as it lies in latest.json. */
import type { Load, Machine } from "../../machine.ts";
import type { Row } from "../judge.ts";

/** Changes when older files can no longer be read. */
export const REPORT_FORMAT = 1;

export interface Report {
	readonly format: typeof REPORT_FORMAT;
	/** ISO 8601, when the run began. */
	readonly date: string;
	readonly seconds: number;
	/** Too short for figures to be quoted. */
	readonly quick: boolean;
	readonly machine: Machine;
	readonly loadBefore: Load;
	readonly loadAfter: Load;
	/** Ours first. */
	readonly columns: readonly { readonly name: string; readonly version: string }[];
	/** Columns without any number, and why. */
	readonly missing: readonly { readonly name: string; readonly reason: string }[];
	readonly rows: readonly Row[];
}
