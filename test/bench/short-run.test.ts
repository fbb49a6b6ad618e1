// A run of npm run bench from its beginning to its end, as scripts meet it.
//
// The one measurement that needs no privileges is size. Peers are not fetched: their packages' folder cannot be made here.
import { execFileSync, spawnSync } from "node:child_process";
import {
	appendFileSync,
	existsSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { parseReport } from "../../bench/report/read.ts";
import { measuredCell, rowsOf } from "../../bench/report/report.ts";
import { findProgram } from "../../scripts/engine/toolchain.ts";
import { root } from "../../scripts/root.ts";
import { report } from "./sample.ts";

const MAIN = join(root, "bench/main.ts");

// Each starts programs; a busy machine takes its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
const NO_CACHE = { XDG_CACHE_HOME: "/dev/null", NO_COLOR: "1" };
const LIMIT_BYTES = 700 * 1024;

let folder = "";

beforeEach(({ skip }) => {
	const canCompile = process.platform === "linux" && findProgram("gcc") !== undefined;
	skip(!canCompile, "the benchmarks are for Linux, and need gcc");
	folder = mkdtempSync(join(tmpdir(), "bench-test-"));
});

afterEach(() => {
	if (folder !== "") rmSync(folder, { recursive: true });
});

/** Measures the size of a program of so many bytes as if it were our init. */
function measureSize(bytes: number, ...more: string[]) {
	const run = ["--only", "size", "--init", makeProgram(bytes), "--out", join(folder, "out")];
	const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...run, ...more], {
		env: { ...process.env, ...NO_CACHE },
		encoding: "utf8",
	});
	return { status, stdout, stderr };
}

function makeProgram(bytes: number): string {
	const file = join(folder, "candidate");
	const source = join(folder, "empty.c");
	writeFileSync(source, "int main(void) { return 0; }\n");
	execFileSync("gcc", ["-o", file, source]);
	appendFileSync(file, Buffer.alloc(bytes - readFileSync(file).length));
	return file;
}

function written(name: string): string {
	return readFileSync(join(folder, "out", name), "utf8");
}

test("--json has nothing but the report on stdout, which is what is written too", () => {
	const before = runFolders();
	const { status, stdout } = measureSize(LIMIT_BYTES, "--json");
	expect(status).toBe(0);
	const found = parseReport(stdout, "stdout");
	expect(parseReport(written("latest.json"), "file")).toEqual(found);
	expect(found.sections.map(({ name }) => name)).toEqual(["size"]);
	const [program] = rowsOf(found).map((row) => measuredCell(row, "my_init")?.median);
	expect(program).toBe(LIMIT_BYTES);
	// A floor that is none says so.
	expect(found.inits.at(-1)?.name).toBe("floor");
	expect(found.inits.at(-1)?.version).toMatch(/with musl$|no lower bound: musl was not found$/);
	expect(runFolders(), "what was compiled is removed").toEqual(before);
});

test("--compare adds what changed, and an earlier run may have had other rows", () => {
	const earlier = join(folder, "earlier.json");
	writeFileSync(earlier, JSON.stringify(report()));
	const { stdout } = measureSize(LIMIT_BYTES, "--json", "--compare", earlier);
	const answer: unknown = JSON.parse(stdout);
	expect(answer).toMatchObject({
		report: { format: 1 },
		comparison: { onlyBefore: ["start as PID 1, a true"], sameMachine: false },
	});
});

test("says where it wrote and whether limits hold; what it wrote names no place of the machine", () => {
	const { status, stdout, stderr } = measureSize(LIMIT_BYTES);
	expect(status).toBe(0);
	expect(stdout).toContain("holds: size of the program: 700 KiB, at most 700 KiB\n");
	expect(stderr).toContain(`bench: written to ${join(folder, "out")}\n`);
	const names = readdirSync(join(folder, "out"));
	expect(names).toContain("results.md");
	for (const name of names) {
		for (const place of [root, tmpdir(), "/dev/null"]) expect(written(name)).not.toContain(place);
	}
});

test("ends with 1 when a limit is broken, and says which; another build stands beside", () => {
	const other = join(folder, "candidate");
	writeFileSync(other, "");
	const { status, stdout, stderr } = measureSize(
		LIMIT_BYTES + 1,
		"--also",
		`before=${other}`,
		"--json",
	);
	expect(status).toBe(1);
	expect(stderr).toContain("bench: error: broken: size of the program: 700 KiB, at most 700 KiB");
	const { inits } = parseReport(stdout, "stdout");
	expect(inits.slice(0, 2).map(({ name }) => name)).toEqual(["my_init", "before"]);
});

test("refuses a second column of a name", () => {
	const other = join(folder, "candidate");
	writeFileSync(other, "");
	const { status, stdout, stderr } = measureSize(LIMIT_BYTES, "--also", `floor=${other}`);
	expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
	expect(stderr).toContain("bench: error: --also floor: there is a column of that name");
});

/** What runs have left in build/bench. */
function runFolders(): string[] {
	const parent = join(root, "build/bench");
	return existsSync(parent) ? readdirSync(parent) : [];
}
