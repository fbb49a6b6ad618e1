/** Cost against size on logarithmic axes: a line for each init, whose slope is the exponent. */
import type { TopLevelSpec } from "vega-lite";
import type { FittedGrowth } from "../statistics/growth.ts";
import { CHART_STYLE, LINE_COLOURS } from "./chart-style.ts";

export function growthChart(family: string, members: readonly FittedGrowth[]): TopLevelSpec {
	const order = members.map(label);
	const values = members.flatMap((member) =>
		member.points.map(({ size, total }) => ({ init: label(member), size, total: total / 1_000 })),
	);
	return {
		config: CHART_STYLE,
		title: `${family} against its size`,
		width: 420,
		height: 260,
		data: { values },
		mark: { type: "line", point: true },
		encoding: {
			x: { field: "size", type: "quantitative", scale: { type: "log" }, title: "orphans at once" },
			y: { field: "total", type: "quantitative", scale: { type: "log" }, title: "µs in all" },
			color: {
				field: "init",
				type: "nominal",
				title: null,
				scale: { domain: order, range: LINE_COLOURS },
				legend: { labelLimit: 250 },
			},
			strokeDash: {
				field: "init",
				type: "nominal",
				title: null,
				scale: { domain: order },
				legend: { labelLimit: 250 },
			},
		},
	};
}

function label({ init, exponent }: FittedGrowth): string {
	return `${init} (exponent ${exponent.toFixed(2)})`;
}
