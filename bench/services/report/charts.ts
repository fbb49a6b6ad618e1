/** Cost against the number of services, on logarithmic axes: a chart for each family of rows. */
import { parse, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import type { Unit } from "../../measurements/measurement.ts";
import { CHART_STYLE, LINE_COLOURS } from "../../report/chart-style.ts";
import { measuredCell, type Row } from "../judge.ts";
import type { Report } from "./report.ts";

export interface Chart {
	readonly title: string;
	readonly file: string;
	readonly svg: string;
}

const AXES: Readonly<Partial<Record<Unit, { readonly divisor: number; readonly name: string }>>> = {
	ns: { divisor: 1e6, name: "ms" },
};

export async function drawCharts({ rows, columns }: Report): Promise<Chart[]> {
	const families = Map.groupBy(rows, ({ family }) => family);
	const order = columns.map(({ name }) => name);
	const drawn = [...families].filter(([, members]) => members.length > 1);
	return await Promise.all(
		drawn.map(async ([family, members]) => {
			const title = `${family} against the number of services`;
			const file = `services-${family.toLowerCase().replaceAll(/\W+/g, "-")}.svg`;
			return { title, file, svg: await draw(specOf(title, members, order)) };
		}),
	);
}

function specOf(title: string, rows: readonly Row[], order: readonly string[]): TopLevelSpec {
	const unit = rows[0]?.unit ?? "count";
	const { divisor, name } = AXES[unit] ?? { divisor: 1, name: unit };
	const values = rows.flatMap((row) =>
		order.flatMap((supervisor) => {
			const median = measuredCell(row, supervisor)?.median;
			// A logarithm of nothing there is none.
			return median === undefined || median <= 0
				? []
				: [{ supervisor, size: row.size, value: median / divisor }];
		}),
	);
	const series = { field: "supervisor", type: "nominal", title: null } as const;
	return {
		config: CHART_STYLE,
		title,
		width: 420,
		height: 260,
		data: { values },
		mark: { type: "line", point: true },
		encoding: {
			x: { field: "size", type: "quantitative", scale: { type: "log" }, title: "services" },
			y: { field: "value", type: "quantitative", scale: { type: "log" }, title: name },
			color: { ...series, scale: { domain: [...order], range: LINE_COLOURS } },
			strokeDash: { ...series, scale: { domain: [...order] } },
		},
	};
}

async function draw(spec: TopLevelSpec): Promise<string> {
	const view = new View(parse(compile(spec).spec), { renderer: "none" });
	try {
		return `${await view.toSVG()}\n`;
	} finally {
		view.finalize();
	}
}
