// When the TypeScript fails, PID 1 lives on: native/safe_mode.c reaps, forwards, ends the rest, and exits right.
import { expect, test } from "vitest";
import { Fifo } from "./support/fifo.ts";
import { runInit, startInit, startScript } from "./support/namespace.ts";
import { executableOf, processSeen } from "./support/proc.ts";
import { describeFaulty } from "./support/suite.ts";
import { until } from "./support/until.ts";

const KINDS = ["throw", "memory", "stack"] as const;
/** What is said about each kind of failure. */
const MESSAGES = {
	throw: /fault injected at/,
	memory: /out of memory/,
	stack: /stack overflow/,
} as const;
const GOES_ON = /^\*\*\* error: internal error, the init goes on in safe mode: /m;
const AT_ONCE_MS = 700;

const FAULTS = ["after-start", "signal", "reap"].flatMap((place) =>
	KINDS.map((kind) => [place, kind] as const),
);

describeFaulty("safe mode", (binary) => {
	test.each(FAULTS)(
		"a failure at %s (%s): it reaps, forwards, ends orphans, and exits right",
		async (place, kind) => {
			const script = "(listener orphan 15:0 &) ; (true &) ; exec listener main 15:42";
			await using namespace = startInit(binary, ["sh", "-c", script], {
				environment: { MY_INIT_FAULT: `${place}:${kind}` },
			});
			await namespace.stdout.line("main ready");
			await namespace.stdout.line("orphan ready");
			// The signal at which the fault is set is lost with it.
			if (place === "signal") await namespace.signal("SIGHUP");
			await namespace.stderr.contains(GOES_ON);
			await namespace.stderr.contains(MESSAGES[kind]);

			await until("no zombie is left", async () =>
				(await namespace.processes()).every((seen) => seen.state !== "Z"),
			);
			for (const signal of [10, 33, 40]) {
				await namespace.signal(signal);
				await namespace.stdout.line(`main got ${signal} from 1`);
			}
			const askedAtMs = performance.now();
			await namespace.signal("SIGTERM");
			const { code, atMs, stdout } = await namespace.end();
			expect(code).toBe(42);
			expect(stdout).toContain("orphan got 15 from 1\n");
			expect(atMs - askedAtMs).toBeLessThan(AT_ONCE_MS);
		},
	);

	test.each(KINDS)(
		"a failure while the others are asked to end (%s): they are, by safe mode",
		async (kind) => {
			const script = "listener other 15:0 & exec listener main 15:43";
			await using namespace = startInit(binary, ["sh", "-c", script], {
				environment: { MY_INIT_FAULT: `sweep:${kind}` },
			});
			await namespace.stdout.line("main ready");
			await namespace.stdout.line("other ready");
			await namespace.signal("SIGTERM");
			const { code, stdout, stderr } = await namespace.end();
			expect(code).toBe(43);
			expect(stdout).toContain("other got 15 from 1\n");
			expect(stderr).toMatch(GOES_ON);
			expect(stderr).toMatch(MESSAGES[kind]);
		},
	);

	test.each(KINDS)("a failure before anything was started (%s) is a system error", async (kind) => {
		const { code, stdout, stderr } = await runInit(binary, ["echo", "started"], {
			environment: { MY_INIT_FAULT: `before-start:${kind}` },
		});
		expect({ code, stdout }).toEqual({ code: 111, stdout: "" });
		expect(stderr).toMatch(MESSAGES[kind]);
	});

	test("the main child's end by a signal makes 128 + N", async () => {
		await using namespace = startInit(binary, ["sleep", "1000"], {
			environment: { MY_INIT_FAULT: "after-start:throw" },
		});
		await namespace.stderr.contains(GOES_ON);
		await namespace.signal("SIGTERM");
		expect((await namespace.end()).code).toBe(143);
	});

	test("the main child's end in the very round that fails is not lost", async () => {
		const { code } = await runInit(binary, ["sh", "-c", "exit 44"], {
			environment: { MY_INIT_FAULT: "reap:throw" },
		});
		expect(code).toBe(44);
	});

	test("a stderr that nobody reads does not block it", async () => {
		using fifo = new Fifo();
		fifo.fill();
		const { code } = await runInit(binary, ["sh", "-c", "exit 46"], {
			environment: { MY_INIT_FAULT: "after-start:throw" },
			stdio: ["pipe", "pipe", fifo.writer],
		});
		expect(code).toBe(46);
	});

	test("without a main child too, the others are asked to end before PID 1 does", async () => {
		const script = 'listener other 15:0 & exec "$MY_INIT"';
		await using namespace = startScript(binary, script, {
			environment: { MY_INIT_FAULT: "signal:throw" },
		});
		await namespace.stdout.line("other ready");
		await until("the init runs", async () => {
			return executableOf(await namespace.initPid()) === binary.path;
		});
		await namespace.signal("SIGHUP");
		const { code, stdout } = await namespace.end();
		expect(code).toBe(111);
		expect(stdout).toContain("other got 15 from 1\n");
	});

	test("a stopped main child is continued, so that it can obey SIGTERM", async () => {
		await using namespace = startInit(binary, ["sleep", "1000"], {
			environment: { MY_INIT_FAULT: "after-start:throw" },
		});
		const main = await namespace.pidOf("sleep", "1000");
		await namespace.stderr.contains(GOES_ON);
		process.kill(main, "SIGSTOP");
		await until("it is stopped", () => processSeen(main)?.state === "T");
		await namespace.signal("SIGTERM");
		expect((await namespace.end()).code).toBe(143);
	});

	test("a burst of 1,000 orphans leaves no zombie", async () => {
		await using namespace = startInit(binary, ["orphans", "1000"], {
			environment: { MY_INIT_FAULT: "reap:throw" },
		});
		await namespace.stdout.line("adopted");
		namespace.type("\n");
		await namespace.stdout.line("released");
		await until("the main child alone is left", async () => {
			return (await namespace.processes()).length === 2;
		});
	});

	test("stopped processes obey, and a process that does not is killed after 9 s", async () => {
		const script = "listener other & exec listener main 15:45";
		await using namespace = startInit(binary, ["sh", "-c", script], {
			environment: { MY_INIT_FAULT: "after-start:throw" },
		});
		await namespace.stdout.line("main ready");
		await namespace.stdout.line("other ready");
		const askedAtMs = performance.now();
		await namespace.signal("SIGTERM");
		const { code, atMs, stdout } = await namespace.end();
		expect(code).toBe(45);
		expect(stdout).toContain("other got 15 from 1\nother got 18 from 1\n");
		expect(atMs - askedAtMs).toBeGreaterThan(7_900);
		expect(atMs - askedAtMs).toBeLessThan(11_000);
	});
});
