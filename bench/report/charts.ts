/** The charts: vega-lite compiles them, vega draws them as SVG, without a browser. */
import { parse, View } from "vega";
import { type Config, compile, type TopLevelSpec } from "vega-lite";
import { fittedGrowths } from "../statistics/growth.ts";
import type { ChartFile } from "./markdown.ts";
import { ratioText } from "./quantity.ts";
import { type Column, measuredCell, type Report, type Row, rowsOf } from "./report.ts";

export interface Chart extends ChartFile {
	readonly svg: string;
}

/** Told apart also without colours: each bar has its name beside it. */
const COLOURS = { ours: "#0b6e4f", peer: "#9aa5b1", floor: "#d9dee3" };
const FONT = "system-ui, sans-serif";
const CONFIG: Config = {
	background: "white",
	padding: 12,
	font: FONT,
	axis: { labelFontSize: 11, titleFontSize: 11, titleFontWeight: "normal", grid: false },
	view: { stroke: null },
	title: { fontSize: 13, anchor: "start", fontWeight: "bold" },
};

/** All charts of the report: an overview, one for each section of ratios, one for each family of growth. */
export async function drawCharts(report: Report): Promise<Chart[]> {
	const headlines = rowsOf(report).filter(({ headline }) => headline);
	const specs: (ChartFile & { spec: TopLevelSpec })[] = [
		{
			title: "What an init costs, tini = 1",
			file: "overview.svg",
			spec: ratioSpec(headlines, report.inits, 3),
		},
		...report.sections.map(({ name, title, rows }) => ({
			title: `${title}, tini = 1`,
			section: name,
			file: `${name}.svg`,
			spec: ratioSpec(rows, report.inits, 2),
		})),
		...growthCharts(report),
	];
	return Promise.all(
		specs.map(async ({ spec, ...chart }) => ({ ...chart, svg: await draw(spec) })),
	);
}

/** A panel for each row, a bar for each init, a whisker for the interval, a line at the reference. */
function ratioSpec(rows: readonly Row[], columns: readonly Column[], across: number): TopLevelSpec {
	const order = columns.map(({ name }) => name);
	const panels = rows.filter((row) => order.some((name) => measuredCell(row, name)?.ratio));
	return {
		config: CONFIG,
		columns: across,
		spacing: 24,
		concat: panels.map((row) => ({
			title: panelTitle(row),
			width: 200,
			height: { step: 18 },
			data: { values: barsOf(row, columns) },
			encoding: { y: { field: "init", type: "nominal", sort: order, title: null } },
			layer: [
				{
					mark: { type: "bar" },
					encoding: {
						x: { field: "ratio", type: "quantitative", title: "× tini" },
						color: {
							field: "role",
							type: "nominal",
							legend: null,
							scale: { domain: Object.keys(COLOURS), range: Object.values(COLOURS) },
						},
					},
				},
				{
					mark: { type: "rule", strokeWidth: 1.5 },
					encoding: { x: { field: "low", type: "quantitative" }, x2: { field: "high" } },
				},
				{
					mark: { type: "text", align: "left", dx: 6, fontSize: 11 },
					encoding: {
						x: { field: "high", type: "quantitative" },
						text: { field: "label", type: "nominal" },
					},
				},
				{ mark: { type: "rule", strokeDash: [3, 3] }, encoding: { x: { datum: 1 } } },
			],
		})),
	};
}

function panelTitle({ title, better }: Row): string[] {
	const words = title.split(", ");
	const [first = "", ...rest] = words;
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

function growthCharts(report: Report): (ChartFile & { spec: TopLevelSpec })[] {
	const fitted = fittedGrowths(report);
	const families = new Set(fitted.map(({ family }) => family));
	return [...families].map((family) => {
		const members = fitted.filter((growth) => growth.family === family);
		const section = report.sections.find(({ rows }) =>
			rows.some(({ growth }) => growth?.family === family),
		);
		return {
			title: `${family}, growth with its size`,
			section: section?.name ?? "",
			file: `growth-${family.toLowerCase().replaceAll(/\W+/g, "-")}.svg`,
			spec: growthSpec(family, members),
		};
	});
}

function growthSpec(family: string, members: ReturnType<typeof fittedGrowths>): TopLevelSpec {
	const values = members.flatMap(({ init, points, exponent }) =>
		points.map(({ size, total }) => ({
			init: `${init} (exponent ${exponent.toFixed(2)})`,
			size,
			total: total / 1_000,
		})),
	);
	return {
		config: CONFIG,
		title: family,
		width: 420,
		height: 260,
		data: { values },
		mark: { type: "line", point: true },
		encoding: {
			x: { field: "size", type: "quantitative", scale: { type: "log" }, title: "orphans at once" },
			y: { field: "total", type: "quantitative", scale: { type: "log" }, title: "µs in all" },
			color: { field: "init", type: "nominal", title: null },
			strokeDash: { field: "init", type: "nominal", title: null },
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
