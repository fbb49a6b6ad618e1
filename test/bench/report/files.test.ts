import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { REPORT_FILE, writeReport } from "../../../bench/report/files.ts";
import { parseReport } from "../../../bench/report/read.ts";
import { growthRow, report } from "../sample.ts";

const GROWTH = [growthRow(1, 100), growthRow(10, 90), growthRow(1_000, 80)];

let folder = "";

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), "bench-test-"));
});

afterEach(async () => {
	await rm(folder, { recursive: true });
});

test("writeReport() makes the folder, and writes what can be read back", async () => {
	const place = join(folder, "new", "results");
	await writeReport(report(), place);
	expect((await readdir(place)).sort()).toEqual([
		"latest.json",
		"overview.svg",
		"results.md",
		"start.svg",
	]);
	const text = await readFile(join(place, REPORT_FILE), "utf8");
	expect(parseReport(text, REPORT_FILE)).toEqual(report());
});

test("writeReport() removes charts of rows that are gone, and nothing else", async () => {
	await writeFile(join(folder, "notes.txt"), "mine");
	await writeReport(report(GROWTH), folder);
	expect(await readdir(folder)).toContain("growth-cpu-of-a-burst.svg");
	await writeReport(report(), folder);
	const left = await readdir(folder);
	expect(left).not.toContain("growth-cpu-of-a-burst.svg");
	expect(left).toContain("notes.txt");
});

test("writeReport() links only charts that it has written", async () => {
	await writeReport(report(GROWTH), folder);
	const text = await readFile(join(folder, "results.md"), "utf8");
	const linked = [...text.matchAll(/\]\(([^)]+\.svg)\)/g)].map(([, file]) => file);
	const written = (await readdir(folder)).filter((name) => name.endsWith(".svg"));
	expect(linked.sort()).toEqual(written.sort());
});
