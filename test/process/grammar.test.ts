// my_init [OPTIONS] [--] COMMAND [ARG...]
import { copyFileSync, linkSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Ended, runInit, startInit } from "./support/namespace.ts";
import { executableOf } from "./support/proc.ts";
import { describeInit } from "./support/suite.ts";

let folder = "";
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "my_init-grammar-"));
	symlinkSync("/bin/echo", join(folder, "as"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ECHO = ["echo", "started"];
const SAY = ["sh", "-c", 'echo "$*"', "sh"];

function outcome({ code, stdout, stderr }: Ended): Pick<Ended, "code" | "stdout" | "stderr"> {
	return { code, stdout, stderr };
}

describeInit("the command line", (binary) => {
	test.each([
		["a command", [...SAY, "x"], "x\n"],
		["a command after --", ["--", ...SAY, "x"], "x\n"],
		["a command after options", ["--stop-timeout", "5s", "--log-level=error", ...SAY, "x"], "x\n"],
		["options of the command", [...SAY, "--help", "--", "-x"], "--help -- -x\n"],
		["as my_init", ["as", "my_init", ...SAY, "x"], "x\n"],
		[
			"as my_init, and options",
			["as", "my_init", "--stop-timeout", "5s", "--", ...SAY, "x"],
			"x\n",
		],
	])("%s is understood, and the init says nothing", async (_what, args, stdout) => {
		expect(outcome(await runInit(binary, args))).toEqual({ code: 0, stdout, stderr: "" });
	});

	test("-- alone is no command", async () => {
		await using namespace = startInit(binary, ["--log-level", "info", "--"]);
		await namespace.stderr.line("*** no command: reaping until a stop is asked for");
		await namespace.signal("SIGTERM");
		expect((await namespace.end()).code).toBe(0);
	});

	test("a command named as, after --, is a command", async () => {
		const through = ["env", `PATH=${folder}:/usr/bin:/bin`];
		const ended = await runInit(binary, ["--", "as", "my_init", "x"], { through });
		expect(outcome(ended)).toEqual({ code: 0, stdout: "my_init x\n", stderr: "" });
		const behindOption = await runInit(binary, ["--stop-timeout", "1", "as", "x"], { through });
		expect(outcome(behindOption)).toEqual({ code: 0, stdout: "x\n", stderr: "" });
	});

	test.each([
		[["--no-such", ...ECHO], "unknown option --no-such"],
		[["--no-such=1", ...ECHO], "unknown option --no-such"],
		[["-x", ...ECHO], "unknown option -x"],
		[["--no\x1bsuch", ...ECHO], "unknown option --no\\x1bsuch"],
		[["--stop-timeout"], "--stop-timeout needs a value: expected a duration"],
		[
			["--stop-timeout", "soon", ...ECHO],
			'--stop-timeout: "soon" is not valid: expected a duration',
		],
		[["--stop-timeout=-1", ...ECHO], '--stop-timeout: "-1" is not valid: expected a duration'],
		[["--stop-timeout=", ...ECHO], '--stop-timeout: "" is not valid: expected a duration'],
		[["--stop-on", "TERM,KILL", ...ECHO], '--stop-on: "TERM,KILL" is not valid: expected names'],
		[["--stop-on", "NOPE", ...ECHO], '--stop-on: "NOPE" is not valid: expected names'],
		[["--log-level", "loud", ...ECHO], '--log-level: "loud" is not valid: expected one of error'],
		[["as"], '"as" needs the name of a program that this binary is: my_init, tini, '],
		[["as"], "; got nothing"],
		[["as", "nonsense", ...ECHO], "; got nonsense"],
	])("%j is a usage error: 2, one line on stderr, and nothing is started", async (args, text) => {
		const { code, stdout, stderr } = await runInit(binary, args);
		expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
		expect(stderr).toMatch(/^\*\*\* error: [^\n]*\n$/);
		expect(stderr).toContain(text);
	});

	test.each([
		[
			"--help",
			/^usage: my_init \[OPTIONS\] \[--\] COMMAND \[ARG\.\.\.\]\n.*INIT_STOP_ON.*--stop-timeout DURATION .*\n$/s,
		],
		["-h", /^usage: my_init /],
		["--version", /^my_init version \d+\.\d+\.\d+\S*\n$/],
	])("%s is answered on stdout with 0", async (option, text) => {
		const { code, stdout, stderr } = await runInit(binary, ["--log-level", "info", option, "true"]);
		expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
		expect(stdout).toMatch(text);
		for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
	});
});

describeInit("a command that is the init itself", (binary) => {
	/** A copy, so that a hard link can lie beside it. */
	function copyOfInit(): string {
		const path = join(folder, binary.name);
		copyFileSync(binary.path, path);
		return path;
	}

	test.each<[what: string, name: (path: string) => string]>([
		["by its path", (path) => path],
		["by a symbolic link", (path) => linked(symlinkSync, path, `${path}-symbolic`)],
		["by a hard link", (path) => linked(linkSync, path, `${path}-hard`)],
		["by a name in PATH", (path) => basename(path)],
	])("%s is not started a second time: its options are the outer's", async (_what, nameOf) => {
		const path = copyOfInit();
		const itself = nameOf(path);
		const args = ["--stop-timeout", "5s", itself, "--stop-timeout", "0.3s", "--", itself];
		await using namespace = startInit({ ...binary, path }, [...args, "listener", "main"], {
			through: ["sh", "-c", `PATH=${folder}:$PATH exec "$@"`, "sh"],
		});
		await namespace.stdout.line("main ready");
		const executables = (await namespace.processes()).map((seen) => executableOf(seen.pid));
		expect(executables).toHaveLength(2);
		expect(executables.filter((executable) => executable === path)).toHaveLength(1);
		await namespace.signal("SIGTERM");
		expect((await namespace.end()).stderr).toContain("the stop budget of 0.3 s");
	});
});

function linked(link: (from: string, to: string) => void, from: string, to: string): string {
	link(from, to);
	return to;
}

describeInit("variables", (binary) => {
	test.each([
		["INIT_STOP_TIMEOUT", "soon", "a duration"],
		["INIT_STOP_TIMEOUT", "8d", "a duration"],
		["INIT_STOP_ON", "TERM,NOPE", "names of signals"],
		["INIT_STOP_ON", "KILL", "names of signals"],
		["INIT_LOG_LEVEL", "loud", "one of error, warning, notice, info, debug"],
	])("%s=%s is one warning, and the default holds", async (name, value, expected) => {
		const ended = await runInit(binary, SAY, { environment: { [name]: value } });
		expect(ended).toMatchObject({ code: 0, stdout: "\n" });
		expect(ended.stderr).toMatch(/^\*\*\* warning: [^\n]*\n$/);
		expect(ended.stderr).toContain(`${name}="${value}" is ignored: expected ${expected}`);
	});

	test("that are empty are as if they were not set", async () => {
		const environment = { INIT_STOP_TIMEOUT: "", INIT_STOP_ON: "", INIT_LOG_LEVEL: "" };
		expect(outcome(await runInit(binary, ["true"], { environment }))).toEqual({
			code: 0,
			stdout: "",
			stderr: "",
		});
	});

	test("a bad one cannot write what it likes into the log", async () => {
		const environment = { INIT_STOP_ON: `\x1b[2J\n*** forged${"x".repeat(5_000)}` };
		const { stderr } = await runInit(binary, ["true"], { environment });
		expect(stderr).toMatch(
			/^\*\*\* warning: INIT_STOP_ON="\\x1b\[2J\\x0a\*\*\* forgedx+" is [^\n]*\n$/,
		);
		expect(stderr.length).toBeLessThan(600);
	});

	test("an option is above its variable", async () => {
		const { stderr } = await runInit(binary, ["--log-level", "info", "true"], {
			environment: { INIT_LOG_LEVEL: "error" },
		});
		expect(stderr).toContain("*** started PID 2\n");
	});
});
