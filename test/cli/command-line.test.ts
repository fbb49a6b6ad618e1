// The command line as scripts meet it: exit codes, what goes to stdout and what to stderr.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };

const MAIN = join(import.meta.dirname, "..", "..", "cli", "src", "main.ts");
const NOWHERE = "unix:///nonexistent/engine.sock";

function baseimage(...args: string[]) {
	const env = { ...process.env, DOCKER_HOST: NOWHERE };
	const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
		env,
		encoding: "utf8",
	});
	return { status, stdout, stderr };
}

test("--version prints the package's version and nothing else", () => {
	expect(baseimage("--version")).toEqual({
		status: 0,
		stdout: `${manifest.version}\n`,
		stderr: "",
	});
});

test("--help lists the verbs and every exit code", () => {
	const { status, stdout } = baseimage("--help");
	expect(status).toBe(0);
	expect(stdout).toMatch(/^ {2}demo /m);
	for (const code of ["0", "1", "2", "3", "4", "111", "128\\+N"]) {
		expect(stdout).toMatch(new RegExp(`^ {2}${code} {2,}\\S`, "m"));
	}
});

test("demo --help documents its options, patterns and examples", () => {
	const { status, stdout } = baseimage("demo", "--help");
	expect(status).toBe(0);
	for (const word of ["--base", "--image", "--orphans", "--pattern", "--json", "Examples:"]) {
		expect(stdout).toContain(word);
	}
});

describe("a wrong command line ends with 2, says why on stderr, and leaves stdout empty", () => {
	test.each([
		[["frobnicate"], "unknown command 'frobnicate'"],
		[["demo", "--frobnicate"], "unknown option '--frobnicate'"],
		[["demo", "--orphans", "many"], "from 1 to 10000"],
		[["demo", "--orphans", "0"], "from 1 to 10000"],
		[["demo", "--orphans", "10001"], "from 1 to 10000"],
		[["demo", "--orphans", "1.5"], "from 1 to 10000"],
		[["demo", "--pattern", "none"], "keep-alive, start-script"],
		[["demo", "--image"], "argument missing"],
		[["demo", "surplus"], "too many arguments"],
	])("%j", (args, reason) => {
		const { status, stdout, stderr } = baseimage(...args);
		expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
		expect(stderr).toContain(reason);
	});
});

test("demo --json without an engine ends with 3, tells where it looked, and leaves stdout empty", () => {
	const { status, stdout, stderr } = baseimage("demo", "--json");
	expect({ status, stdout }).toEqual({ status: 3, stdout: "" });
	expect(stderr).toContain(`${NOWHERE} (DOCKER_HOST): no such file`);
	expect(stderr).toContain("systemctl start docker");
});
