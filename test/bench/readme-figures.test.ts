import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { writeReport } from "../../bench/report/files.ts";
import {
	BEGIN_MARK,
	END_MARK,
	findStale,
	replaceBetweenMarks,
	updateReadme,
} from "../../scripts/readme-figures.ts";
import { root } from "../../scripts/root.ts";
import { report } from "./sample.ts";

const SCRIPT = join(root, "scripts/readme-figures.ts");

// Each starts programs; a busy machine takes its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
const EMPTY = `# Title\n\n${BEGIN_MARK}\n${END_MARK}\n\nThe end.\n`;

let folder = "";
const inFolder = (name: string) => join(folder, name);

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), "bench-test-"));
	await writeFile(inFolder("README.md"), EMPTY);
	await writeReport(report(), inFolder("bench/results"));
});

afterEach(async () => {
	await rm(folder, { recursive: true });
});

function run(...args: string[]) {
	const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, ...args], {
		encoding: "utf8",
	});
	return { status, stdout, stderr };
}

describe("replaceBetweenMarks()", () => {
	test("replaces what is between, and nothing else", () => {
		const text = `a\n${BEGIN_MARK}\nold\n${END_MARK}\nb\n`;
		expect(replaceBetweenMarks(text, "new")).toBe(`a\n${BEGIN_MARK}\nnew\n${END_MARK}\nb\n`);
	});

	test.each([
		["no marks", "text"],
		["no end", `a ${BEGIN_MARK} b`],
		["no beginning", `a ${END_MARK} b`],
		["the wrong order", `${END_MARK} a ${BEGIN_MARK}`],
		["the wrong order and a second end", `${END_MARK} a ${BEGIN_MARK} b ${END_MARK}`],
		["two beginnings", `${BEGIN_MARK} a ${BEGIN_MARK} b ${END_MARK}`],
		["a second beginning behind", `${BEGIN_MARK} a ${END_MARK} b ${BEGIN_MARK}`],
		["two ends", `${BEGIN_MARK} a ${END_MARK} b ${END_MARK}`],
	])("refuses %s, and says what is needed", (_what, text) => {
		expect(() => replaceBetweenMarks(text, "new")).toThrow(
			`${BEGIN_MARK} and ${END_MARK} once each`,
		);
	});
});

describe("updateReadme()", () => {
	test("puts chart and table between the marks, and leaves the rest as it was", async () => {
		await updateReadme(folder);
		const readme = await readFile(inFolder("README.md"), "utf8");
		expect(readme).toContain("| start as PID 1, a true | **0.50** · 425 µs | 1.00 · 850 µs |");
		expect(replaceBetweenMarks(readme, "")).toBe(replaceBetweenMarks(EMPTY, ""));
		const [, chart = ""] = /!\[[^\]]+\]\(([^)]+)\)/.exec(readme) ?? [];
		expect(existsSync(inFolder(chart)), `${chart} is there`).toBe(true);
	});

	test("changes nothing when it runs again", async () => {
		await updateReadme(folder);
		const once = await readFile(inFolder("README.md"), "utf8");
		await updateReadme(folder);
		expect(await readFile(inFolder("README.md"), "utf8")).toBe(once);
	});
});

describe("findStale()", () => {
	test("finds nothing after an update", async () => {
		await updateReadme(folder);
		expect(await findStale(folder)).toEqual([]);
	});

	test("finds a README without the figures, or with others", async () => {
		const stale = ["README.md has other figures than bench/results"];
		expect(await findStale(folder)).toEqual([expect.stringContaining(stale[0] ?? "")]);
		await updateReadme(folder);
		const readme = await readFile(inFolder("README.md"), "utf8");
		await writeFile(inFolder("README.md"), readme.replace("**0.50**", "**0.40**"));
		expect(await findStale(folder)).toEqual([expect.stringContaining(stale[0] ?? "")]);
	});

	test("finds a results.md that was edited, and a chart that is missing", async () => {
		await updateReadme(folder);
		await appendFile(inFolder("bench/results/results.md"), "and much faster\n");
		await rm(inFolder("bench/results/start.svg"));
		expect(await findStale(folder)).toEqual([
			"bench/results/results.md is not what latest.json says; run: npm run bench",
			"bench/results/start.svg is missing; run: npm run bench",
		]);
	});

	test("finds figures of a quick run, which are not for quoting", async () => {
		await writeReport(report(undefined, { quick: true }), inFolder("bench/results"));
		await updateReadme(folder);
		expect(await findStale(folder)).toEqual([
			"bench/results/latest.json is of a quick run; run: npm run bench",
		]);
	});
});

describe("the script", () => {
	test("updates, and its --check then ends with 0", () => {
		expect(run(folder)).toEqual({ status: 0, stdout: "", stderr: "" });
		expect(run("--check", folder)).toEqual({ status: 0, stdout: "", stderr: "" });
	});

	test("--check ends with 1 when the README is stale, says what to do, and changes nothing", async () => {
		const { status, stderr } = run("--check", folder);
		expect(status).toBe(1);
		expect(stderr).toContain("readme-figures: error: README.md has other figures");
		expect(stderr).toContain("run: node scripts/readme-figures.ts");
		expect(await readFile(inFolder("README.md"), "utf8")).toBe(EMPTY);
	});

	test("ends with 1 without results, and names the file of damaged ones", async () => {
		const file = inFolder("bench/results/latest.json");
		await writeFile(file, '{"format": 1}');
		expect(run(folder)).toMatchObject({ status: 1, stderr: expect.stringContaining(file) });
		await rm(file);
		expect(run(folder)).toMatchObject({ status: 1, stderr: expect.stringContaining("ENOENT") });
		expect(await readFile(inFolder("README.md"), "utf8")).toBe(EMPTY);
	});

	test.each([[["--frobnicate"]], [["a", "b"]]])("ends with 2 for %j", (args) => {
		expect(run(...args)).toMatchObject({ status: 2, stderr: expect.stringContaining("usage:") });
	});
});
