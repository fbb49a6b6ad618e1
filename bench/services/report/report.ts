/** What a run found out, as it lies in latest.json. */
import type { Circumstances } from "../../report/report.ts";
import type { Row } from "../judge.ts";

/** Changes when older files can no longer be read. */
export const REPORT_FORMAT = 1;

export interface Report extends Circumstances {
	readonly format: typeof REPORT_FORMAT;
	/** Ours first. */
	readonly columns: readonly { readonly name: string; readonly version: string }[];
	readonly rows: readonly Row[];
}
