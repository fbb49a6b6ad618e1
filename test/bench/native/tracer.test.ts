import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { Unmeasurable } from "../../../bench/native/launcher.ts";
import { callsOf, newTraces, type Tracer, traceToEnd } from "../../../bench/native/tracer.ts";
import { findProgram } from "../../../scripts/engine/toolchain.ts";

// Each starts programs; a busy machine takes its time.
vi.setConfig({ testTimeout: 60_000 });

const LAUNCHER = "clone(child_stack=0x1) = 11\nwait4(11, [], 0, NULL) = 11\nexit_group(0) = ?\n";
const INIT = [
	"prctl(PR_SET_PDEATHSIG, SIGKILL)        = 0",
	'execve("/a/init", ["/a/init", "--", "/true"], 0x7ffe /* 3 vars */) = 0',
	"vfork()                                 = 2",
	"--- SIGCHLD {si_signo=SIGCHLD, si_pid=2} ---",
	"wait4(-1, [{WIFEXITED(s)}], 0, NULL)    = 2",
	"exit_group(0)                           = ?",
	"+++ exited with 0 +++",
	"",
].join("\n");
const CHILD =
	'getpid() = 2\nexecve("/true", ["/true"], 0x7ffe /* 3 vars */) = 0\nexit_group(0) = ?\n';

describe("callsOf()", () => {
	test("has the calls of the program itself: none from before its execve, none of its child, no signals", () => {
		expect(callsOf("/a/init", [LAUNCHER, CHILD, INIT])).toEqual([
			"vfork()                                 = 2",
			"wait4(-1, [{WIFEXITED(s)}], 0, NULL)    = 2",
			"exit_group(0)                           = ?",
		]);
	});

	test("has a call that has not returned yet", () => {
		const asleep = INIT.slice(0, INIT.indexOf("    = 2\nexit_group"));
		expect(callsOf("/a/init", [asleep])?.at(-1)).toBe("wait4(-1, [{WIFEXITED(s)}], 0, NULL)");
	});

	test.each([
		["nothing was started", [LAUNCHER]],
		["another program was", [INIT.replaceAll("/a/init", "/a/init2")]],
		["its execve failed", [INIT.replace("*/) = 0", "*/) = -1 ENOENT (No such file)")]],
	])("knows when it was not seen: %s", (_why, traces) => {
		expect(callsOf("/a/init", traces)).toBeUndefined();
	});
});

describe("with the machine's strace", () => {
	const file = findProgram("strace");
	const tracer: Tracer = { program: file ?? "", words: [], environment: {} };
	const shell = "/bin/sh";

	beforeEach(({ skip }) => {
		skip(file === undefined || !existsSync(shell), "there is no strace, or no /bin/sh");
		const canTrace = (() => {
			try {
				execFileSync(file ?? "", ["-qq", "-o", "/dev/null", shell, "-c", ":"]);
				return true;
			} catch {
				return false;
			}
		})();
		skip(!canTrace, "this machine lets no process be traced");
	});

	test("traceToEnd() has the calls of a program up to its end", async () => {
		const found = callsOf(shell, await traceToEnd(tracer, [shell, "-c", ":"]));
		expect(found?.length).toBeGreaterThan(2);
		expect(found?.at(-1)).toMatch(/^exit_group\(0\)/);
	});

	test("traceToEnd() does not count what failed", async () => {
		await expect(traceToEnd(tracer, [shell, "-c", "exit 3"])).rejects.toThrow(Unmeasurable);
	});

	test("what an unpacked tracer needs for itself does not reach the program", async () => {
		const unpacked: Tracer = {
			...tracer,
			words: ["-E", "LD_LIBRARY_PATH"],
			environment: { LD_LIBRARY_PATH: "/nowhere" },
		};
		const looks = [shell, "-c", 'test -z "$LD_LIBRARY_PATH"'];
		expect((await traceToEnd(unpacked, looks)).length).toBe(1);
	});

	test("traces go when they are no longer needed", async () => {
		let folder = "";
		{
			await using traces = await newTraces(tracer);
			folder = traces.words.at(-1)?.replace(/\/of$/, "") ?? "";
			expect(existsSync(folder)).toBe(true);
		}
		expect(existsSync(folder)).toBe(false);
	});
});
