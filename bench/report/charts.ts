/** The charts: vega-lite compiles them, vega draws them as SVG, without a browser. */
import { parse, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import { fittedGrowths, sizeInWords } from "../statistics/growth.ts";
import { growthChart } from "./growth-chart.ts";
import type { ChartFile } from "./markdown.ts";
import { ratioChart } from "./ratio-chart.ts";
import { type Report, rowsOf } from "./report.ts";

export interface Chart extends ChartFile {
	readonly svg: string;
}

interface Drawing extends ChartFile {
	readonly spec: TopLevelSpec;
}

/** An overview, one chart for each section of ratios, one for each family of growth. */
export async function drawCharts(report: Report): Promise<Chart[]> {
	const headlines = rowsOf(report).filter(({ headline }) => headline);
	const drawings: Drawing[] = [
		{
			title: "What an init costs, tini = 1",
			file: "overview.svg",
			spec: ratioChart(headlines, report.inits),
		},
		...report.sections.map(({ name, title, rows }) => ({
			title: `${title}, tini = 1`,
			section: name,
			file: `${name}.svg`,
			spec: ratioChart(rows, report.inits),
		})),
		...growthDrawings(report),
	];
	return Promise.all(
		drawings.map(async ({ spec, ...chart }) => ({ ...chart, svg: await draw(spec) })),
	);
}

function growthDrawings(report: Report): Drawing[] {
	const fitted = fittedGrowths(report);
	const families = new Map(
		fitted.map((growth) => [growth.family, `${growth.family} against ${sizeInWords(growth)}`]),
	);
	return [...families].map(([family, title]) => ({
		title,
		section: sectionOf(report, family),
		file: `growth-${family.toLowerCase().replaceAll(/\W+/g, "-")}.svg`,
		spec: growthChart(
			title,
			fitted.filter((growth) => growth.family === family),
		),
	}));
}

function sectionOf({ sections }: Report, family: string): string {
	const found = sections.find(({ rows }) => rows.some(({ growth }) => growth?.family === family));
	return found?.name ?? "";
}

async function draw(spec: TopLevelSpec): Promise<string> {
	const view = new View(parse(compile(spec).spec), { renderer: "none" });
	try {
		return `${await view.toSVG()}\n`;
	} finally {
		view.finalize();
	}
}
