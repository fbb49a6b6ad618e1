// The whole benchmark, in its short form, on the binary of the images: that it runs, not how fast anything is.
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findStage } from "../../bench/engine/engine.ts";
import { MEASUREMENTS } from "../../bench/measurements/all.ts";
import { Unmeasurable } from "../../bench/native/launcher.ts";
import { parseReport } from "../../bench/report/read.ts";
import { measuredCell, type Report, rowsOf } from "../../bench/report/report.ts";
import { gapsOf } from "../../bench/statistics/gaps.ts";
import { PID_LABEL } from "../../cli/src/engine/container.ts";
import { initBuildObstacle } from "../../scripts/build-init.ts";
import { findProgram } from "../../scripts/engine/toolchain.ts";
import { root } from "../../scripts/root.ts";
import { findXmlFault } from "../bench/report/well-formed.ts";
import { givenBinary } from "../process/support/build.ts";

const OURS = "my_init";
/** Some 40 s on two quiet cores; a machine that is busy with other things takes its time. */
const LIMIT_MS = 300_000;

const given = givenBinary();
const obstacle = await findObstacle();
/** Undefined when an engine runs that the images were built into. */
const noStage = obstacle === undefined ? await whyNoStage() : obstacle;

async function findObstacle(): Promise<string | undefined> {
	if (process.platform !== "linux") return "the benchmarks are for Linux";
	if (process.getuid?.() !== 0) return "PID namespaces for the benchmarks need root";
	if (findProgram("gcc") === undefined) return "the benchmarks need gcc";
	return given === undefined ? await initBuildObstacle() : undefined;
}

async function whyNoStage(): Promise<string | undefined> {
	const stage = await findStage();
	return stage instanceof Unmeasurable ? stage.message : undefined;
}

describe.skipIf(obstacle !== undefined)(`npm run bench -- --quick${because(obstacle)}`, () => {
	let folder = "";
	let run = { exitCode: -1, pid: -1, stdout: "", stderr: "" };

	beforeAll(async () => {
		folder = await mkdtemp(join(tmpdir(), "bench-smoke-"));
		const own = given === undefined ? [] : ["--init", given];
		const words = ["bench/main.ts", "--quick", "--json", "--out", folder, ...own];
		const child = execa(process.execPath, words, {
			cwd: root,
			reject: false,
			timeout: LIMIT_MS,
			killSignal: "SIGTERM",
		});
		const { exitCode = -1, stdout, stderr } = await child;
		run = { exitCode, pid: child.pid ?? -1, stdout, stderr };
	}, LIMIT_MS + 10_000);

	afterAll(async () => {
		if (folder !== "") await rm(folder, { recursive: true, force: true });
	});

	const report = (): Report => parseReport(run.stdout, "stdout");

	test("ends with 0 and finds no fault", () => {
		expect(run.stderr).not.toMatch(/^bench: error/m);
		expect(run.exitCode).toBe(0);
	});

	test("prints the report that it writes, with every measurement", async () => {
		const written = await readFile(join(folder, "latest.json"), "utf8");
		expect(parseReport(written, "latest.json")).toEqual(report());
		expect(report().quick).toBe(true);
		const names = MEASUREMENTS.map(({ name }) => name);
		expect(report().sections.map(({ name }) => name)).toEqual(names);
		for (const { name, rows } of report().sections) expect(rows, name).not.toEqual([]);
	});

	test("has a cell of ours in every row: a number, or why this machine cannot have one", () => {
		for (const row of rowsOf(report())) expect(row.cells, row.title).toHaveProperty(OURS);
		expect(gapsOf(report(), OURS).filter(({ isOurs }) => isOurs)).toEqual([]);
	});

	test("has no row twice", () => {
		const ids = rowsOf(report()).map(({ id }) => id);
		expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
	});

	test("leaves out only what this machine lacks", () => {
		const lacking = new Set([
			...(findProgram("strace") === undefined ? ["calls"] : []),
			...(noStage === undefined ? [] : ["images", "containers"]),
		]);
		const measured = ({ rows }: Report["sections"][number]) =>
			rows.some((row) => measuredCell(row, OURS) !== undefined);
		const without = report().sections.filter((section) => !measured(section));
		expect(without.map(({ name }) => name).filter((name) => !lacking.has(name))).toEqual([]);
	});

	test("writes results.md with every row, and a chart for each section", async () => {
		const text = await readFile(join(folder, "results.md"), "utf8");
		for (const { title } of rowsOf(report())) expect(text).toContain(title);
		const charts = (await readdir(folder)).filter((name) => name.endsWith(".svg"));
		for (const { name } of MEASUREMENTS) expect(charts).toContain(`${name}.svg`);
		expect(charts).toContain("overview.svg");
		for (const name of charts) {
			const svg = await readFile(join(folder, name), "utf8");
			expect(svg, name).toMatch(/^<svg /);
			expect(findXmlFault(svg), name).toBeUndefined();
		}
	});

	test("leaves no container behind", async ({ skip }) => {
		const stage = await findStage();
		if (stage instanceof Unmeasurable) return skip(stage.message);
		const label = `${PID_LABEL}=${run.pid}`;
		const filters = { label: [label] };
		expect(await stage.engine.client.listContainers({ all: true, filters })).toEqual([]);
	});
});

function because(reason: string | undefined): string {
	return reason === undefined ? "" : ` (skipped: ${reason})`;
}
