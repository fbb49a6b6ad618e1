// The command line of npm run bench: exit codes, what goes to stdout and what to stderr.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { MEASUREMENTS } from "../../bench/measurements/all.ts";
import { root } from "../../scripts/root.ts";
import { report } from "./sample.ts";

const MAIN = join(root, "bench/main.ts");
const NAMES = MEASUREMENTS.map(({ name }) => name).join(", ");

// Each starts programs; a busy machine takes its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

function bench(...args: string[]) {
	const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
		encoding: "utf8",
	});
	return { status, stdout, stderr };
}

test("--help has every option and every measurement, and ends with 0", () => {
	const { status, stdout, stderr } = bench("--help");
	expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
	for (const option of ["quick", "rounds", "only", "init", "also", "compare", "details", "json"]) {
		expect(stdout).toMatch(new RegExp(`^ {2}--${option}\\b`, "m"));
	}
	expect(stdout.replaceAll(/\s+/g, " ")).toContain(NAMES);
});

describe("a wrong command line ends with 2, says why on stderr, and leaves stdout empty", () => {
	test.each([
		[["--frobnicate"], "unknown option '--frobnicate'"],
		[["surplus"], "too many arguments"],
		[["--only", "size,speed"], `there are ${NAMES}`],
		[["--only", ""], `there are ${NAMES}`],
		[["--rounds", "0"], "a number from 1 to 20000"],
		[["--rounds", "1.5"], "a number from 1 to 20000"],
		[["--init", "/nowhere/my_init"], "there is no file /nowhere/my_init"],
		[["--also", "before"], "NAME=FILE"],
		[["--also", "a b=/bin/sh"], "NAME=FILE"],
		[["--also", "before=/nowhere/x"], "there is no file /nowhere/x"],
		[["--rounds", "20001"], "a number from 1 to 20000"],
	])("%j", (args, reason) => {
		const { status, stdout, stderr } = bench(...args);
		expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
		expect(stderr).toContain(reason);
	});
});

test("--compare says what is wrong with the earlier report before anything is measured", () => {
	const missing = bench("--compare", "/nowhere/latest.json");
	expect({ ...missing, stderr: "" }).toEqual({ status: 1, stdout: "", stderr: "" });
	expect(missing.stderr).toContain("bench: error: --compare cannot read /nowhere/latest.json: ");

	const folder = mkdtempSync(join(tmpdir(), "bench-test-"));
	try {
		const file = join(folder, "latest.json");
		writeFileSync(file, JSON.stringify({ ...report(), inits: "none" }));
		expect(bench("--compare", file)).toEqual({
			status: 1,
			stdout: "",
			stderr: `bench: error: ${file} is no report of "npm run bench": the report.inits is not a list\n`,
		});
	} finally {
		rmSync(folder, { recursive: true });
	}
});
