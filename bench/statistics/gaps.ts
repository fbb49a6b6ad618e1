/** Rows that have no number of ours. */
import { measuredCell, type Report, type Row, rowsOf } from "../report/report.ts";

export interface Gap {
	readonly title: string;
	/** Why, as the cell says. */
	readonly reason: string;
	/** Others were measured there: it is ours that failed. Otherwise the machine lacks what the row needs. */
	readonly isOurs: boolean;
}

/** All of them, in the report's order. */
export function gapsOf(report: Report, ours: string): Gap[] {
	return rowsOf(report)
		.filter((row) => measuredCell(row, ours) === undefined)
		.map((row) => ({
			title: row.title,
			reason: reasonOf(row, ours),
			isOurs: report.inits.some(({ name }) => measuredCell(row, name) !== undefined),
		}));
}

function reasonOf(row: Row, ours: string): string {
	const cell = row.cells[ours];
	return cell !== undefined && "absent" in cell ? cell.absent : "nothing was measured";
}
