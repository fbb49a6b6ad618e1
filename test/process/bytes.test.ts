// What the main child is given: arguments, environment, descriptors and signal state, untouched.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Binary } from "./support/binaries.ts";
import { runInit, runScript, startInit } from "./support/namespace.ts";
import { commandLineOf, descriptorsOf, parseStatus, processSeen } from "./support/proc.ts";
import { describeInit, describeShipped } from "./support/suite.ts";

const NO_SIGNAL = "0000000000000000";
/** Each byte that a string can hold, alone and all together. */
const EVERY_BYTE = Array.from({ length: 255 }, (_, i) => String.fromCharCode(i + 1));
const LONGEST = "z".repeat(128 * 1024 - 1);

/** Runs the init with arguments and variables of any bytes (one character each); returns the main child's. */
async function passThrough(
	binary: Binary,
	args: readonly string[],
	environment: readonly string[] = [],
): Promise<{ readonly args: string[]; readonly environment: string[] }> {
	const folder = mkdtempSync(join(tmpdir(), "my_init-bytes-"));
	try {
		const file = (name: string, strings: readonly string[]) => {
			const bytes = Buffer.from(strings.map((string) => `${string}\0`).join(""), "latin1");
			writeFileSync(join(folder, name), bytes);
			return join(folder, name);
		};
		const dump = `cat /proc/$$/cmdline; printf '\\0--\\0'; cat /proc/$$/environ`;
		const words = [binary.path, "/bin/sh", "-c", dump, "sh", ...args];
		const { code, stdout, stderr } = await runScript(
			binary,
			`exec exec_from "$MY_INIT" ${file("arguments", words)} ${file("environment", environment)}`,
		);
		expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
		const [seenArguments = "", seenEnvironment = ""] = stdout.split("\0\0--\0");
		return {
			args: seenArguments.split("\0").slice(4),
			environment: seenEnvironment.split("\0").slice(0, -1),
		};
	} finally {
		rmSync(folder, { recursive: true });
	}
}

describeInit("arguments and environment", (binary) => {
	test.each([
		["of every byte", EVERY_BYTE],
		["of all bytes in one", [EVERY_BYTE.join("")]],
		["that are not UTF-8", ["\xff\xfe", "\xc3", "caf\xe9", "\xed\xa0\x80"]],
		["that are UTF-8", [Buffer.from("naïve – 💾").toString("latin1")]],
		["that are empty", ["", "x", "", "", "y", ""]],
		["that look like options", ["--", "--help", "-h", "--stop-timeout", "as", "my_init"]],
		["20,000 of them", Array.from({ length: 20_000 }, (_, i) => `argument ${i}`)],
		["of 128 KB less one", [LONGEST, "after"]],
	])("arguments %s arrive byte for byte", async (_what, args) => {
		// The mark that ends the list must not be taken for a last empty argument.
		expect((await passThrough(binary, [...args, "end"])).args).toEqual([...args, "end"]);
	});

	test.each([
		["of every byte", EVERY_BYTE.map((byte, i) => `V${i}=${byte}`)],
		["without =, without a name, twice", ["nothing", "=value", "A=1", "A=2", "A="]],
		["that are empty or not UTF-8", ["", "E=", "B=\xff\xc3", "\xe9=\xe9"]],
		["20,000 of them", Array.from({ length: 20_000 }, (_, i) => `V${i}=${i}`)],
		["of 128 KB less one", [`L=${LONGEST.slice(2)}`]],
	])("variables %s arrive byte for byte", async (_what, environment) => {
		expect((await passThrough(binary, [], environment)).environment).toEqual(environment);
	});

	test("the init's own argument list stays as it was", async () => {
		const args = ["sh", "-c", "exec listener main", "a", ""];
		await using namespace = startInit(binary, args);
		await namespace.stdout.line("main ready");
		expect(commandLineOf(await namespace.initPid())).toEqual([binary.path, ...args]);
	});
});

describeInit("LISTEN_PID", (binary) => {
	test("that names the init becomes the main child's pid", async () => {
		const { stdout } = await runInit(
			binary,
			["sh", "-c", 'echo "$LISTEN_PID $LISTEN_FDS"; test "$LISTEN_PID" = $$'],
			{ environment: { LISTEN_PID: "1", LISTEN_FDS: "2" } },
		);
		expect(stdout).toBe("2 2\n");
	});

	test.each(["7", "", "x"])('of another value ("%s") stays', async (value) => {
		const { stdout } = await runInit(binary, ["sh", "-c", 'echo "$LISTEN_PID"'], {
			environment: { LISTEN_PID: value },
		});
		expect(stdout).toBe(`${value}\n`);
	});

	test("is not set where it was not", async () => {
		const { stdout } = await runInit(binary, ["sh", "-c", "env | grep LISTEN || echo none"]);
		expect(stdout).toBe("none\n");
	});
});

/** All signals but these, as /proc/PID/status writes a mask. */
function maskWithout(...signals: readonly number[]): string {
	const without = signals.reduce(
		(mask, signal) => mask & ~(1n << BigInt(signal - 1)),
		2n ** 64n - 1n,
	);
	return without.toString(16).padStart(16, "0");
}

// Not on the sanitized build, whose runtime handles some signals itself.
describeShipped("the signals of the main child", (binary) => {
	test.each(["tini", "catatonit"])(
		"under the name %s it keeps the signals that the init was entered with, but for SIGCHLD",
		async (name) => {
			const { stdout } = await runInit(binary, ["as", name, "--", "cat", "/proc/self/status"], {
				through: ["enter", "block", "ignore", "--"],
			});
			const status = parseStatus(stdout);
			expect(status.get("SigBlk")).toBe(maskWithout(9, 19, 32, 33));
			expect(status.get("SigIgn")).toBe(maskWithout(9, 19, 17));
		},
	);
});

describeInit("the main child's surroundings", (binary) => {
	test("inherited descriptors are passed on, the init's own are closed", async () => {
		await using namespace = startInit(binary, ["listener", "main"], {
			through: ["sh", "-c", 'exec 3</dev/null 8</etc/group "$@"', "sh"],
		});
		await namespace.stdout.line("main ready");
		const ofMain = descriptorsOf(await namespace.pidOf("listener", "main"));
		expect(ofMain).toMatchObject({ 3: "/dev/null", 8: "/etc/group" });
		expect(ofMain).toEqual(descriptorsOf(await namespace.initPid()));
	});

	test.each([
		["as it is", []],
		["with every signal ignored", ["enter", "ignore", "--"]],
		["with every signal blocked", ["enter", "block", "--"]],
		["with both", ["enter", "block", "ignore", "--"]],
	])(
		"no signal is blocked, ignored or pending when the init is entered %s",
		async (_what, through) => {
			const { stdout } = await runInit(binary, ["cat", "/proc/self/status"], { through });
			const status = parseStatus(stdout);
			for (const mask of ["SigPnd", "ShdPnd", "SigBlk", "SigIgn", "SigCgt"]) {
				expect([mask, status.get(mask)]).toEqual([mask, NO_SIGNAL]);
			}
		},
	);

	test("under the name dumb-init it keeps none of them", async () => {
		const { stdout } = await runInit(binary, ["as", "dumb-init", "cat", "/proc/self/status"], {
			through: ["enter", "block", "ignore", "--"],
		});
		const status = parseStatus(stdout);
		for (const mask of ["SigBlk", "SigIgn"]) expect(status.get(mask)).toBe(NO_SIGNAL);
	});

	test("it leads a process group of its own", async () => {
		await using namespace = startInit(binary, ["listener", "main"]);
		await namespace.stdout.line("main ready");
		const pid = await namespace.pidOf("listener", "main");
		expect(processSeen(pid)?.group).toBe(pid);
	});

	test("it is PID 2, the first that the init starts", async () => {
		expect((await runInit(binary, ["sh", "-c", "echo $$ $PPID"])).stdout).toBe("2 1\n");
	});

	test("its name and working directory are what they would be without the init", async () => {
		const { stdout } = await runInit(binary, ["sh", "-c", "cat /proc/$$/comm; pwd"], {
			through: ["env", "-C", "/usr"],
		});
		expect(stdout).toBe("sh\n/usr\n");
	});
});
