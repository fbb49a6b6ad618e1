/** From samples to a row of the report. */
import { REFERENCE } from "../inits/init.ts";
import type { Measured } from "../measurements/measurement.ts";
import type { Cell, MeasuredCell, Row } from "../report/report.ts";
import { pairedRatio } from "./ratio.ts";
import { summarize } from "./summary.ts";

/** Summarizes each init's samples and relates them to the reference's. */
export function evaluate({ samples, absent, ...head }: Measured): Row {
	const reference = samples.get(REFERENCE);
	const measured = [...samples]
		.filter(([, values]) => values.length > 0)
		.map(([name, values]): [string, Cell] => [name, evaluateCell(values, reference)]);
	const missing = [...absent].map(([name, reason]): [string, Cell] => [name, { absent: reason }]);
	return { ...head, cells: Object.fromEntries([...measured, ...missing]) };
}

function evaluateCell(
	values: readonly number[],
	reference: readonly number[] | undefined,
): MeasuredCell {
	const summary = summarize(values);
	const ratio = reference && pairedRatio(values, reference);
	return ratio === undefined ? summary : { ...summary, ratio };
}
