// What the INIT_* variables change, with real processes; test/unit/pid1/settings_of_a_stop.test.ts has every case.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Namespace, runInit, runScript, startInit } from "./support/namespace.ts";
import { describeInit, isMissing } from "./support/suite.ts";

/** How late a busy machine may be. */
const LATE_MS = 900;

/** The time from a signal to a line of stdout. */
async function msUntil(
	namespace: Namespace,
	signal: NodeJS.Signals,
	line: string,
): Promise<number> {
	const askedAtMs = performance.now();
	await namespace.signal(signal);
	await namespace.stdout.line(line);
	return performance.now() - askedAtMs;
}

describeInit("INIT_WAIT", (binary) => {
	const leaveOne = ["sh", "-c", "(sleep 0.4; echo late) & exit 3"];

	test("none ends with the main child, and the kernel with all others", async () => {
		const { code, stdout } = await runInit(binary, leaveOne, {
			environment: { INIT_WAIT: "none" },
		});
		expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
	});

	test("all waits without asking anybody to end", async () => {
		const { code, stdout } = await runInit(binary, leaveOne, { environment: { INIT_WAIT: "all" } });
		expect({ code, stdout }).toEqual({ code: 3, stdout: "late\n" });
	});

	test("all ends within the budget at a stop, after the main child's end too", async () => {
		await using namespace = startInit(binary, ["sh", "-c", "listener other 15:5 & exit 4"], {
			environment: { INIT_WAIT: "all" },
		});
		await namespace.stdout.line("other ready");
		await namespace.signal("SIGTERM");
		await namespace.stdout.line("other got 15 from 1");
		expect((await namespace.end()).code).toBe(4);
	});
});

describeInit("INIT_STOP_DELAY and INIT_STOP_SIGNALS", (binary) => {
	test("tell the main child later, and a second signal cuts it short", async () => {
		const environment = { INIT_STOP_DELAY: "600ms" };
		await using patient = startInit(binary, ["listener", "main", "15:0"], { environment });
		await patient.stdout.line("main ready");
		const delayedMs = await msUntil(patient, "SIGTERM", "main got 15 from 1");
		expect(delayedMs).toBeGreaterThanOrEqual(600);
		expect(delayedMs).toBeLessThan(600 + LATE_MS);

		await using hurried = startInit(binary, ["listener", "main", "2:0"], {
			environment: { INIT_STOP_DELAY: "30s" },
		});
		await hurried.stdout.line("main ready");
		await hurried.signal("SIGINT");
		expect(await msUntil(hurried, "SIGTERM", "main got 2 from 1")).toBeLessThan(LATE_MS);
	});

	test("climb a ladder up to KILL", async () => {
		await using namespace = startInit(binary, ["listener", "main"], {
			environment: { INIT_STOP_SIGNALS: "QUIT 200ms, INT 200ms" },
		});
		await namespace.stdout.line("main ready");
		await namespace.signal("SIGTERM");
		await namespace.stdout.line("main got 3 from 1");
		await namespace.stdout.line("main got 2 from 1");
		const { code, stdout } = await namespace.end();
		expect(code).toBe(137);
		expect(stdout).not.toContain("main got 15");
	});
});

describeInit("INIT_REWRITE, INIT_SIGNAL_SCOPE and INIT_EXIT_REMAP", (binary) => {
	test("forward another signal, or none", async () => {
		await using namespace = startInit(binary, ["listener", "main", "3:0"], {
			environment: { INIT_REWRITE: "TERM:QUIT,HUP:drop,USR1:RTMIN+3", INIT_EXIT_REMAP: "0:9" },
		});
		await namespace.stdout.line("main ready");
		await namespace.signal("SIGHUP");
		await namespace.signal("SIGUSR1");
		await namespace.stdout.line("main got 37 from 1");
		await namespace.signal("SIGTERM");
		const { code, stdout } = await namespace.end();
		expect(code).toBe(9);
		expect(stdout).not.toContain("main got 1 ");
		expect(stdout).toContain("main got 3 from 1");
	});

	test.each([
		["child", false, false],
		["group", true, false],
		["session", true, true],
		["all", true, true],
	])("%s: whom a signal reaches", async (scope, reachesGroup, reachesSession) => {
		const script = "listener same & in_group listener apart & exec listener main";
		await using namespace = startInit(binary, ["sh", "-c", script], {
			environment: { INIT_SIGNAL_SCOPE: scope, INIT_STOP_TIMEOUT: "0" },
		});
		for (const name of ["same", "apart", "main"]) await namespace.stdout.line(`${name} ready`);
		await namespace.signal("SIGUSR2");
		await namespace.stdout.line("main got 12 from 1");
		if (reachesGroup) await namespace.stdout.line("same got 12 from 1");
		if (reachesSession) await namespace.stdout.line("apart got 12 from 1");
		await namespace.signal("SIGTERM");
		const { stdout } = await namespace.end();
		expect(stdout.includes("same got 12")).toBe(reachesGroup);
		expect(stdout.includes("apart got 12")).toBe(reachesSession);
	});
});

describeInit("INIT_TERMINATION_LOG", (binary) => {
	test("says how it ended and who was killed", async () => {
		const folder = mkdtempSync(join(tmpdir(), "last-words-"));
		try {
			const file = join(folder, "log");
			await using namespace = startInit(
				binary,
				["sh", "-c", "listener other & exec listener main 15:7"],
				{
					environment: { INIT_TERMINATION_LOG: file, INIT_STOP_TIMEOUT: "200ms" },
				},
			);
			for (const name of ["other", "main"]) await namespace.stdout.line(`${name} ready`);
			await namespace.signal("SIGTERM");
			expect((await namespace.end()).code).toBe(7);
			const words: unknown = JSON.parse(readFileSync(file, "utf8"));
			expect(words).toMatchObject({
				...{ exitCode: 7, signal: null, coreDumped: false, killedUnnamed: 0 },
				killed: [expect.stringMatching(/^PID \d+ \(listener other\)$/)],
			});
			expect(words).toHaveProperty(
				"peakRssKb",
				expect.toSatisfy((kb: number) => kb > 100),
			);
			expect(words).toHaveProperty(
				"uptimeMs",
				expect.toSatisfy((ms: number) => ms >= 200),
			);
		} finally {
			rmSync(folder, { recursive: true });
		}
	});

	test("on a full disk costs a warning", async () => {
		const { code, stderr } = await runInit(binary, ["sh", "-c", "exit 8"], {
			environment: { INIT_TERMINATION_LOG: "/dev/full" },
		});
		expect(code).toBe(8);
		expect(stderr).toMatch(
			/^\*\*\* warning: cannot write the termination log \/dev\/full: no space is left/,
		);
	});

	test("is written where the command cannot be started", async () => {
		const folder = mkdtempSync(join(tmpdir(), "last-words-"));
		const file = join(folder, "log");
		const { code } = await runInit(binary, ["no-such-command"], {
			environment: { INIT_TERMINATION_LOG: file },
		});
		expect(code).toBe(127);
		expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ exitCode: 127, signal: null });
		rmSync(folder, { recursive: true });
	});

	test("in the file that stdout goes to, what stands there stays", async () => {
		const folder = mkdtempSync(join(tmpdir(), "last-words-"));
		const file = join(folder, "log");
		const script = `exec "$MY_INIT" sh -c "echo line" >"${file}"`;
		await runScript(binary, script, { environment: { INIT_TERMINATION_LOG: "/dev/stdout" } });
		expect(readFileSync(file, "utf8")).toMatch(/^line\n\{"exitCode":0,.*\}\n$/);
		rmSync(folder, { recursive: true });
	});
});

describeInit("INIT_ZOMBIE_WARN", (binary) => {
	test("names a parent that does not wait", { skip: isMissing("python3") }, async () => {
		const program =
			"import os, time\nif os.fork() == 0: os._exit(0)\nprint('left', flush=True)\ntime.sleep(1000)";
		await using namespace = startInit(binary, ["python3", "-c", program], {
			environment: { INIT_ZOMBIE_WARN: "200ms" },
		});
		await namespace.stdout.line("left");
		await namespace.stderr.line(
			"*** warning: PID 2 (python3) has not waited for 1 ended child (PID 3): no init can do that for it; it should call waitpid, or ignore SIGCHLD",
		);
		await namespace.signal("SIGTERM");
		expect((await namespace.end()).code).toBe(143);
	});
});

describeInit("INIT_STOP_SIGNALS", (binary) => {
	test("the KILL at its end is for the main child alone, and named", async () => {
		const script = "listener other & trap '' TERM; echo ready; while :; do sleep 0.1; done";
		const folder = mkdtempSync(join(tmpdir(), "last-words-"));
		const file = join(folder, "log");
		await using namespace = startInit(binary, ["sh", "-c", script], {
			environment: {
				...{ INIT_STOP_SIGNALS: "TERM 200ms", INIT_STOP_TIMEOUT: "1s" },
				...{ INIT_SIGNAL_SCOPE: "all", INIT_TERMINATION_LOG: file },
			},
		});
		await namespace.stdout.line("ready");
		await namespace.stdout.line("other ready");
		await namespace.signal("SIGTERM");
		await namespace.stderr.contains(
			/killing PID \d+ \(sh -c .*\): still running after the last of the stop signals/,
		);
		expect(await namespace.pidOf("listener", "other")).toBeGreaterThan(0);
		expect((await namespace.end()).code).toBe(137);
		const { killed } = JSON.parse(readFileSync(file, "utf8"));
		expect(killed.map((name: string) => name.split(" ")[2])).toEqual(["(sh", "(listener"]);
		rmSync(folder, { recursive: true });
	});
});

describeInit("INIT_STOP_DELAY", (binary) => {
	test("longer than the budget, the main child is told all the same", async () => {
		await using namespace = startInit(binary, ["listener", "main", "15:6"], {
			environment: { INIT_STOP_DELAY: "20s", INIT_STOP_TIMEOUT: "3s" },
		});
		await namespace.stdout.line("main ready");
		await namespace.signal("SIGTERM");
		const { code, stderr } = await namespace.end();
		expect(code).toBe(6);
		expect(stderr).toContain("a stop delay of 20 s is cut to 2 s");
	});
});
