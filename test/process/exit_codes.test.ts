// What the container's exit code is.
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isMachineRoot } from "./support/binaries.ts";
import { runInit, runScript } from "./support/namespace.ts";
import { describeInit } from "./support/suite.ts";

/** Those whose default action neither ends the process nor is nothing. */
const NOT_ENDING = new Set([17, 18, 19, 20, 21, 22, 23, 28]);
const ENDING = Array.from({ length: 64 }, (_, i) => i + 1).filter((n) => !NOT_ENDING.has(n));
const BYTE = Array.from({ length: 256 }, (_, i) => i);

let folder = "";
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "my_init-exit-"));
	chmodSync(folder, 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A file with this content; executable unless another mode is given. */
function file(name: string, content: string | Buffer, mode = 0o755): string {
	const path = join(folder, name);
	writeFileSync(path, content);
	chmodSync(path, mode);
	return path;
}

describeInit("exit codes", (binary) => {
	// A sanitized start takes twenty times as long.
	const codes = binary.name === "my_init" ? BYTE : BYTE.filter((code) => code % 16 === 15);

	test(`each of ${codes.length} exit codes of the main child is PID 1's`, async () => {
		const { stdout, stderr } = await runScript(
			binary,
			`for code in ${codes.join(" ")}; do
				unshare --pid --fork "$MY_INIT" sh -c "exit $code"; echo $?
			done`,
		);
		expect({ stdout, stderr }).toEqual({ stdout: `${codes.join("\n")}\n`, stderr: "" });
	});

	test("a main child that signal N ends makes 128 + N, for each signal", async () => {
		const { stdout, stderr } = await runScript(
			binary,
			`ulimit -c 0
			for signal in ${ENDING.join(" ")}; do
				unshare --pid --fork "$MY_INIT" sh -c "kill -$signal \\$\\$"; echo $?
			done`,
		);
		const expected = ENDING.map((signal) => 128 + signal).join("\n");
		expect({ stdout, stderr }).toEqual({ stdout: `${expected}\n`, stderr: "" });
	});

	test("not as PID 1 the exit codes are the same", async () => {
		const { stdout, stderr } = await runScript(
			binary,
			`for code in 0 1 42 255; do "$MY_INIT" sh -c "exit $code"; echo $?; done
			"$MY_INIT" sh -c 'kill -9 $$'; echo $?`,
		);
		expect({ stdout, stderr }).toEqual({ stdout: "0\n1\n42\n255\n137\n", stderr: "" });
	});

	test("an orphan's exit code is nobody's", async () => {
		const { code } = await runInit(binary, ["sh", "-c", "(sh -c 'exit 9' &) ; exit 4"]);
		expect(code).toBe(4);
	});
});

describeInit("a command that cannot be started", (binary) => {
	test.each([
		["a file that is not executable", () => file("plain", "echo hi\n", 0o644), "EACCES"],
		["a directory", () => folder, "EISDIR"],
		["a program of another platform", () => file("foreign", foreignProgram()), "ENOEXEC"],
	])("%s makes 126", async (_what, make, reason) => {
		const path = make();
		const { code, stdout, stderr } = await runInit(binary, [path]);
		expect({ code, stdout }).toEqual({ code: 126, stdout: "" });
		expect(stderr).toMatch(/^\*\*\* error: cannot start ".*": .*\n$/);
		expect(stderr).toContain(path);
		expect(stderr).toContain(reason);
	});

	test.each([
		["no such file", () => join(folder, "missing"), "ENOENT"],
		["no such name in PATH", () => "no-such-command", "not found in PATH"],
		["an empty name", () => "", "not found in PATH"],
		["a path through a file", () => `${file("plain", "", 0o644)}/x`, "ENOTDIR"],
		["a name longer than names are", () => `/${"x".repeat(300)}`, "ENAMETOOLONG"],
		["a script whose interpreter is missing", () => file("lost", "#!/no/such/sh\n"), "#!"],
	])("%s makes 127", async (_what, make, reason) => {
		const { code, stdout, stderr } = await runInit(binary, [make()]);
		expect({ code, stdout }).toEqual({ code: 127, stdout: "" });
		expect(stderr).toMatch(/^\*\*\* error: cannot start ".*": .*\n$/);
		expect(stderr).toContain(reason);
	});

	test("a file that is not executable does not hide one later in PATH", async () => {
		mkdirSync(join(folder, "first"), { recursive: true });
		file("first/tool", "", 0o644);
		file("tool", "#!/bin/sh\nexit 33\n");
		const PATH = `${folder}/first:${folder}`;
		expect((await runInit(binary, ["tool"], { through: ["env", `PATH=${PATH}`] })).code).toBe(33);
		const hidden = ["env", `PATH=${folder}/first:/nowhere`];
		expect((await runInit(binary, ["tool"], { through: hidden })).code).toBe(126);
	});

	test("an empty element of PATH is the working directory", async () => {
		file("here", "#!/bin/sh\nexit 34\n");
		const through = ["env", "-C", folder, "PATH=:/nowhere"];
		expect((await runInit(binary, ["here"], { through })).code).toBe(34);
	});

	test("without PATH the usual folders are searched", async () => {
		const { code } = await runInit(binary, ["sh", "-c", "exit 35"], {
			through: ["env", "-u", "PATH"],
		});
		expect(code).toBe(35);
	});

	test("a script without #! is run by /bin/sh with its arguments", async () => {
		const script = file("bare", 'echo "$0" "$#" "$2"; exit 36\n');
		const { code, stdout, stderr } = await runInit(binary, [script, "a b", "c"]);
		expect({ code, stdout, stderr }).toEqual({ code: 36, stdout: `${script} 2 c\n`, stderr: "" });
	});

	test("an empty executable file is an empty script", async () => {
		const { code, stderr } = await runInit(binary, [file("empty", "")]);
		expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
	});

	test.skipIf(!isMachineRoot)("no process left to have makes 111", async () => {
		const { code, stderr } = await runInit(binary, ["true"], {
			through: [
				...["setpriv", "--reuid", "54321", "--regid", "54321", "--clear-groups"],
				...["prlimit", "--nproc=1", "--"],
			],
		});
		expect(code).toBe(111);
		expect(stderr).toMatch(/^\*\*\* error: cannot start ".*true": .*\(EAGAIN\)\n$/);
	});
});

/** An ELF file as our own, but for a machine that nobody has. */
function foreignProgram(): Buffer {
	const program = readFileSync("/bin/true");
	const MACHINE_OFFSET = 18;
	program.writeUInt16LE(0xfefe, MACHINE_OFFSET);
	return program;
}
