/** From samples to a row of the report. */
import { REFERENCE } from "../inits/init.ts";
import type { Limit, Measured } from "../measurements/measurement.ts";
import type { Cell, MeasuredCell, Row } from "../report/report.ts";
import { medianInterval } from "./bootstrap.ts";
import { pairedRatio } from "./ratio.ts";
import { summarize } from "./summary.ts";

/** Summarizes each init's samples and relates them to the reference's. */
export function evaluate({ samples, absent, ...head }: Measured): Row {
	const reference = samples.get(REFERENCE);
	const measured = [...samples]
		.filter(([, values]) => values.length > 0)
		.map(([name, values]): [string, Cell] => [name, evaluateCell(values, reference, head.limit)]);
	const missing = [...absent].map(([name, reason]): [string, Cell] => [name, { absent: reason }]);
	return { ...head, cells: Object.fromEntries([...measured, ...missing]) };
}

function evaluateCell(
	values: readonly number[],
	reference: readonly number[] | undefined,
	limit: Limit | undefined,
): MeasuredCell {
	const ratio = reference && pairedRatio(values, reference);
	const interval = limit?.of === "median" ? medianInterval(values) : undefined;
	return {
		...summarize(values),
		...(ratio !== undefined && { ratio }),
		...(interval !== undefined && { interval }),
	};
}
