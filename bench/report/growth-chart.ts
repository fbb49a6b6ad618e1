/** Cost against size on logarithmic axes: a line for each init, whose slope is the exponent. */
import type { TopLevelSpec } from "vega-lite";
import type { Unit } from "../measurements/measurement.ts";
import type { FittedGrowth } from "../statistics/growth.ts";
import { CHART_STYLE, LINE_COLOURS } from "./chart-style.ts";
import { exponentText } from "./quantity.ts";

/** Units that a chart shows in another one; the rest are shown as they are. */
const AXES: Readonly<Partial<Record<Unit, { readonly divisor: number; readonly name: string }>>> = {
	ns: { divisor: 1_000, name: "µs" },
	bytes: { divisor: 1_024, name: "KiB" },
};

export function growthChart(title: string, members: readonly FittedGrowth[]): TopLevelSpec {
	const order = members.map(label);
	const { things = "size", unit = "count" } = members[0] ?? {};
	const { divisor, name } = AXES[unit] ?? { divisor: 1, name: unit };
	const values = members.flatMap((member) =>
		member.points.map(({ size, total }) => ({ init: label(member), size, total: total / divisor })),
	);
	return {
		config: CHART_STYLE,
		title,
		width: 420,
		height: 260,
		data: { values },
		mark: { type: "line", point: true },
		encoding: {
			x: { field: "size", type: "quantitative", scale: { type: "log" }, title: things },
			y: { field: "total", type: "quantitative", scale: { type: "log" }, title: `${name} in all` },
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
	return `${init} (exponent ${exponentText(exponent)})`;
}
