/** A panel for each row, a bar for each init, a whisker for the interval, a line at the reference. */
import type { TopLevelSpec } from "vega-lite";
import { CHART_STYLE, ROLE_COLOURS } from "./chart-style.ts";
import { ratioText } from "./quantity.ts";
import { type Column, measuredCell, type Row } from "./report.ts";

/** As many as a README shows without shrinking them. */
const PANELS_ACROSS = 2;

export function ratioChart(rows: readonly Row[], columns: readonly Column[]): TopLevelSpec {
	const order = columns.map(({ name }) => name);
	const y = { field: "init", type: "nominal", sort: order, title: null } as const;
	const panels = rows.filter((row) => order.some((name) => measuredCell(row, name)?.ratio));
	return {
		config: CHART_STYLE,
		columns: PANELS_ACROSS,
		spacing: 24,
		concat: panels.map((row) => ({
			title: titleLines(row),
			width: 250,
			height: { step: 18 },
			data: { values: barsOf(row, columns) },
			layer: [
				{
					mark: { type: "bar" },
					encoding: {
						y,
						x: { field: "ratio", type: "quantitative", title: "× tini" },
						color: {
							field: "role",
							type: "nominal",
							legend: null,
							scale: { domain: Object.keys(ROLE_COLOURS), range: Object.values(ROLE_COLOURS) },
						},
					},
				},
				{
					mark: { type: "rule", strokeDash: [3, 3], color: "#444" },
					encoding: { x: { datum: 1, type: "quantitative" } },
				},
				{
					mark: { type: "rule", strokeWidth: 1.5 },
					encoding: { y, x: { field: "low", type: "quantitative" }, x2: { field: "high" } },
				},
				{
					mark: { type: "text", align: "left", dx: 6, fontSize: 11 },
					encoding: {
						y,
						x: { field: "high", type: "quantitative" },
						text: { field: "label", type: "nominal" },
					},
				},
			],
		})),
	};
}

function titleLines({ title, better }: Row): string[] {
	const [first = "", ...rest] = title.split(/, (?!\d{3}\b)/);
	const second = [...rest, ...(better === "more" ? ["more is better"] : [])].join(", ");
	return second === "" ? [first] : [first, second];
}

function barsOf(row: Row, columns: readonly Column[]) {
	return columns.flatMap(({ name, role }) => {
		const ratio = measuredCell(row, name)?.ratio;
		if (ratio === undefined) return [];
		const [low, high] = ratio.interval ?? [ratio.value, ratio.value];
		return [{ init: name, role, ratio: ratio.value, low, high, label: ratioText(ratio.value) }];
	});
}
