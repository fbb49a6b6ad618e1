/** The files of a run: latest.json, results.md and the charts. */
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { drawCharts } from "./charts.ts";
import { renderMarkdown } from "./markdown.ts";
import type { Report } from "./report.ts";

export const REPORT_FILE = "latest.json";

/** All files of the report by name. The same report gives the same files. */
export async function reportFiles(report: Report): Promise<ReadonlyMap<string, string>> {
	const charts = await drawCharts(report);
	return new Map([
		[REPORT_FILE, `${JSON.stringify(report, undefined, "\t")}\n`],
		["results.md", renderMarkdown(report, charts)],
		...charts.map(({ file, svg }): [string, string] => [file, svg]),
	]);
}

/** Writes them into `folder`, and removes charts that the report no longer has. */
export async function writeReport(report: Report, folder: string): Promise<void> {
	const files = await reportFiles(report);
	await mkdir(folder, { recursive: true });
	for (const [name, content] of files) await writeFile(join(folder, name), content);
	const stale = (await readdir(folder)).filter((name) => name.endsWith(".svg") && !files.has(name));
	await Promise.all(stale.map((name) => rm(join(folder, name))));
}
