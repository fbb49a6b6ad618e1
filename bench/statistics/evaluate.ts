/** From samples to a row of the report. */
import { REFERENCE } from "../inits/init.ts";
import type { Measured, RowHead } from "../measurements/measurement.ts";
import type { Cell, MeasuredCell, Row } from "../report/report.ts";
import { medianInterval } from "./bootstrap.ts";
import { UNITS_OF_TIME } from "./limits.ts";
import { pairedRatio } from "./ratio.ts";
import { summarize } from "./summary.ts";

/** Summarizes each init's samples and relates them to the reference's. */
export function evaluate({ samples, absent, ...head }: Measured): Row {
	const reference = samples.get(REFERENCE);
	const measured = [...samples]
		.filter(([, values]) => values.length > 0)
		.map(([name, values]): [string, Cell] => [name, evaluateCell(values, reference, head)]);
	const missing = [...absent].map(([name, reason]): [string, Cell] => [name, { absent: reason }]);
	return { ...head, cells: Object.fromEntries([...measured, ...missing]) };
}

function evaluateCell(
	values: readonly number[],
	reference: readonly number[] | undefined,
	{ limit, unit }: RowHead,
): MeasuredCell {
	const ratio = reference && pairedRatio(values, reference);
	// A count of pages does not vary as a time does: its median keeps the limit or breaks it.
	const isUncertain = limit?.of === "median" && UNITS_OF_TIME.includes(unit);
	const interval = isUncertain ? medianInterval(values) : undefined;
	return {
		...summarize(values),
		...(ratio !== undefined && { ratio }),
		...(interval !== undefined && { interval }),
	};
}
