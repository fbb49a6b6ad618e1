/** From samples to cells with ratios, and to whether the promises hold. */
import { medianInterval } from "../statistics/bootstrap.ts";
import { pairedRatio, type Ratio } from "../statistics/ratio.ts";
import { type Summary, summarize } from "../statistics/summary.ts";
import type { Samples } from "./measure.ts";
import type { RowHead } from "./rows.ts";

export interface MeasuredCell extends Summary {
	/** To the row's reference; missing where that was 0 or absent. */
	readonly ratio?: Ratio;
	/** Of the median; missing where there were too few rounds. */
	readonly interval?: readonly [low: number, high: number];
}

export type Cell = MeasuredCell | { readonly absent: string };

export interface Row extends RowHead {
	/** By column. */
	readonly cells: Readonly<Record<string, Cell>>;
}

/** "unclear": the limit lies within the interval, or a quick run had no time to tell. */
export type Keeping = "holds" | "broken" | "unclear";

export function evaluate({ head, taken, absent }: Samples): Row {
	const reference = taken.get(head.reference);
	const measured = [...taken].map(([name, values]): [string, Cell] => {
		const interval = medianInterval(values);
		const isPaired = reference !== undefined && reference.length === values.length;
		const ratio = isPaired ? pairedRatio(values, reference) : undefined;
		return [
			name,
			{
				...summarize(values),
				...(ratio !== undefined && { ratio }),
				...(interval !== undefined && { interval }),
			},
		];
	});
	const missing = [...absent]
		.filter(([name]) => !taken.has(name))
		.map(([name, why]): [string, Cell] => [name, { absent: why }]);
	return { ...head, cells: Object.fromEntries([...measured, ...missing]) };
}

export function measuredCell(row: Row, column: string): MeasuredCell | undefined {
	const cell = row.cells[column];
	return cell === undefined || "absent" in cell ? undefined : cell;
}

/** Whether ours keeps the row's limit; undefined: there is none, or no number of ours. */
export function keepingOf(row: Row, ours: string, quick: boolean): Keeping | undefined {
	const cell = measuredCell(row, ours);
	if (row.limit === undefined || cell === undefined) return undefined;
	// A few rounds tell nothing about time.
	if (quick && row.unit === "ns") return "unclear";
	const { of, most } = row.limit;
	const found: Ratio | undefined =
		of === "ratio"
			? cell.ratio
			: { value: cell.median, ...(cell.interval !== undefined && { interval: cell.interval }) };
	if (found === undefined) return "unclear";
	const [low, high] = found.interval ?? [found.value, found.value];
	if (high <= most) return "holds";
	return low > most ? "broken" : "unclear";
}
