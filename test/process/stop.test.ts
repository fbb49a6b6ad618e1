// A stop: who is asked, in which order, for how long, and who is killed in the end.
import { expect, test } from "vitest";
import type { Binary } from "./support/binaries.ts";
import { type Namespace, startInit } from "./support/namespace.ts";
import { processSeen } from "./support/proc.ts";
import { describeInit } from "./support/suite.ts";
import { until } from "./support/until.ts";

/** Far below any budget in these tests: what takes longer was waited out. */
const AT_ONCE_MS = 700;
/** How late a busy machine may be. */
const LATE_MS = 900;

/** `my_init OPTIONS` with two listeners, both ready: "main", and "other", a process of its own. */
async function startTwo(
	binary: Binary,
	options: readonly string[],
	main: string,
	other: string,
	environment: Readonly<Record<string, string>> = {},
): Promise<Namespace> {
	const script = `listener other ${other} & exec listener main ${main}`;
	const namespace = startInit(binary, [...options, "sh", "-c", script], { environment });
	await namespace.stdout.line("other ready");
	await namespace.stdout.line("main ready");
	return namespace;
}

/** The number of the line on stdout; -1 before it has come. */
function at(namespace: Namespace, line: string): number {
	return namespace.stdout.lines.indexOf(line);
}

describeInit("a stop", (binary) => {
	test("asks the main child alone first, and the others with TERM and CONT when it has ended", async () => {
		await using namespace = await startTwo(binary, [], "10:7", "18:0");
		await namespace.signal("SIGTERM");
		await namespace.stdout.line("main got 15 from 1");
		expect(at(namespace, "other got 15 from 1")).toBe(-1);

		await namespace.signal("SIGUSR1");
		expect((await namespace.end()).code).toBe(7);
		expect(namespace.stdout.lines.slice(2)).toEqual([
			"main got 15 from 1",
			"main got 10 from 1",
			"other got 15 from 1",
			"other got 18 from 1",
		]);
		expect(namespace.stderr.text).toBe("");
	});

	test("also begins when the main child ends by itself", async () => {
		await using namespace = await startTwo(binary, [], "10:3", "15:0");
		process.kill(await namespace.pidOf("listener", "main", "10:3"), "SIGUSR1");
		expect((await namespace.end()).code).toBe(3);
		await namespace.stdout.line("other got 15 from 1");
	});

	test.each(["SIGTERM", "SIGINT"] as const)(
		"begins with %s when nothing else is set",
		async (signal) => {
			await using namespace = await startTwo(binary, ["--stop-timeout", "300ms"], "", "");
			await namespace.signal(signal);
			expect((await namespace.end()).code).toBe(137);
		},
	);

	test("is over the moment the last process has ended", async () => {
		await using namespace = await startTwo(binary, [], "15:0", "10:0");
		await namespace.signal("SIGTERM");
		await namespace.stdout.line("other got 15 from 1");
		const freedAtMs = performance.now();
		process.kill(await namespace.pidOf("listener", "other", "10:0"), "SIGUSR1");
		const { atMs, code } = await namespace.end();
		expect(code).toBe(0);
		expect(atMs - freedAtMs).toBeLessThan(AT_ONCE_MS);
	});

	test("waits for a process that works on for a while", async () => {
		const work =
			"trap 'sleep 1; echo flushed; exit' TERM; echo working; while :; do sleep 0.1; done";
		await using namespace = startInit(binary, [
			"sh",
			"-c",
			`(${work}) 2>/dev/null & exec listener main 15:0`,
		]);
		await namespace.stdout.line("working");
		await namespace.stdout.line("main ready");
		await namespace.signal("SIGTERM");
		expect(await namespace.end()).toMatchObject({ code: 0, stderr: "" });
		expect(namespace.stdout.lines).toContain("flushed");
	});

	test("reaches a stopped process, and a main child that is stopped", async () => {
		await using namespace = await startTwo(binary, [], "15:4", "15:0");
		const main = await namespace.pidOf("listener", "main", "15:4");
		const other = await namespace.pidOf("listener", "other", "15:0");
		for (const pid of [main, other]) {
			process.kill(pid, "SIGSTOP");
			await until("it is stopped", () => processSeen(pid)?.state === "T");
		}
		const askedAtMs = performance.now();
		await namespace.signal("SIGTERM");
		const { code, atMs, stderr } = await namespace.end();
		expect({ code, stderr }).toEqual({ code: 4, stderr: "" });
		expect(atMs - askedAtMs).toBeLessThan(AT_ONCE_MS);
	});

	test("without a main child it asks all at once, and ends with 0", async () => {
		await using namespace = startInit(binary, []);
		const init = await namespace.initPid();
		await until("it sleeps", () => processSeen(init)?.state === "S");
		await namespace.signal("SIGTERM");
		expect(await namespace.end()).toMatchObject({ code: 0, stdout: "", stderr: "" });
	});
});

describeInit("the budget of a stop", (binary) => {
	const BUDGET_MS = 1_500;

	test("asks the others at two thirds, kills at the end, and names what it kills", async () => {
		await using namespace = await startTwo(binary, ["--stop-timeout", "1500ms"], "", "");
		const askedAtMs = performance.now();
		await namespace.signal("SIGTERM");
		await namespace.stdout.line("other got 15 from 1");
		const sweptAfterMs = performance.now() - askedAtMs;
		const { code, atMs, stderr } = await namespace.end();

		expect(sweptAfterMs).toBeGreaterThanOrEqual((BUDGET_MS * 2) / 3 - 5);
		expect(sweptAfterMs).toBeLessThan((BUDGET_MS * 2) / 3 + LATE_MS);
		expect(atMs - askedAtMs).toBeGreaterThanOrEqual(BUDGET_MS - 5);
		expect(atMs - askedAtMs).toBeLessThan(BUDGET_MS + LATE_MS);
		expect(code).toBe(137);
		const why = "still running at the end of the stop budget of 1.5 s";
		expect(stderr.split("\n").sort()).toEqual([
			"",
			`*** warning: killing PID 2 (listener main): ${why}`,
			`*** warning: killing PID 3 (listener other): ${why}`,
		]);
	});

	test("is one for the whole stop: the others do not get it anew", async () => {
		await using namespace = await startTwo(binary, ["--stop-timeout", "1500ms"], "10:6", "");
		const askedAtMs = performance.now();
		await namespace.signal("SIGTERM");
		await namespace.stdout.line("other got 15 from 1");
		await namespace.signal("SIGUSR1");
		const { code, atMs, stderr } = await namespace.end();
		expect(code).toBe(6);
		expect(atMs - askedAtMs).toBeGreaterThanOrEqual(BUDGET_MS - 5);
		expect(atMs - askedAtMs).toBeLessThan(BUDGET_MS + LATE_MS);
		expect(stderr).toMatch(/^\*\*\* warning: killing PID 3 \(listener other\): .*\n$/);
	});

	test("comes from INIT_STOP_TIMEOUT, and the option is above it", async () => {
		const environment = { INIT_STOP_TIMEOUT: "200ms" };
		await using fromVariable = await startTwo(binary, [], "", "", environment);
		await fromVariable.signal("SIGTERM");
		expect((await fromVariable.end()).stderr).toContain("the stop budget of 0.2 s");

		const option = ["--stop-timeout=300ms"];
		await using fromOption = await startTwo(binary, option, "", "", environment);
		await fromOption.signal("SIGTERM");
		expect((await fromOption.end()).stderr).toContain("the stop budget of 0.3 s");
	});

	test("of 0 kills at once", async () => {
		await using namespace = await startTwo(binary, ["--stop-timeout", "0"], "", "");
		const askedAtMs = performance.now();
		await namespace.signal("SIGTERM");
		const { code, atMs } = await namespace.end();
		expect(code).toBe(137);
		expect(atMs - askedAtMs).toBeLessThan(AT_ONCE_MS);
	});

	test("is cut to 2 s by a second stop signal, which is forwarded too", async () => {
		await using namespace = await startTwo(binary, [], "", "");
		await namespace.signal("SIGTERM");
		await namespace.stdout.line("main got 15 from 1");
		const askedAtMs = performance.now();
		await namespace.signal("SIGINT");
		await namespace.stdout.line("main got 2 from 1");
		const { code, atMs, stderr } = await namespace.end();
		expect(code).toBe(137);
		expect(atMs - askedAtMs).toBeGreaterThanOrEqual(1_995);
		expect(atMs - askedAtMs).toBeLessThan(2_000 + LATE_MS);
		expect(stderr).toContain("still running after the second stop signal");
	});

	test("shows command lines cut to 80 bytes and escaped", async () => {
		const long = "x".repeat(100);
		const script = `listener "$(printf 'a\\033[31m\\nb')" & listener ${long} & exec listener main`;
		await using namespace = startInit(binary, ["--stop-timeout", "0", "sh", "-c", script]);
		await namespace.stdout.line("main ready");
		await namespace.stdout.line(`${long} ready`);
		await namespace.stdout.line("b ready");
		await namespace.signal("SIGTERM");
		const { stderr } = await namespace.end();
		expect(stderr).toContain("(listener a\\x1b[31m\\x0ab): ");
		expect(stderr).toContain(`(listener ${"x".repeat(68)}...): `);
		for (const line of stderr.split("\n").slice(0, -1)) expect(line).toMatch(/^\*\*\* warning: /);
	});

	test("names 20 processes, and the number of the others", async () => {
		const script = "for i in $(seq 25); do listener $i & done; exec listener main";
		await using namespace = startInit(binary, ["--stop-timeout", "0", "sh", "-c", script]);
		await until("all are ready", () => namespace.stdout.lines.length === 26);
		await namespace.signal("SIGTERM");
		const { stderr } = await namespace.end();
		expect(stderr.match(/killing PID/g)).toHaveLength(20);
		expect(stderr).toContain("*** warning: killing 6 more: ");
	});

	test("ends a process that runs away from pid to pid", async () => {
		await using namespace = startInit(binary, [
			...["--stop-timeout", "100ms", "sh", "-c", "runaway & exec listener main 15:0"],
		]);
		await namespace.stdout.line("running");
		await namespace.stdout.line("main ready");
		const askedAtMs = performance.now();
		await namespace.signal("SIGTERM");
		const { code, atMs, stderr } = await namespace.end();
		expect(code).toBe(0);
		// Where it was faster than the reading of /proc.
		const unknown = "what is left \\(unknown: nobody stays to be named\\)";
		expect(stderr).toMatch(
			new RegExp(`^\\*\\*\\* warning: killing (PID \\d+ \\(runaway\\)|${unknown}): `),
		);
		expect(atMs - askedAtMs).toBeLessThan(AT_ONCE_MS);
	});
});

describeInit("INIT_STOP_ON", (binary) => {
	test("names the signals that begin a stop; all others are only forwarded", async () => {
		await using namespace = await startTwo(binary, ["--stop-timeout", "200ms"], "", "", {
			INIT_STOP_ON: "QUIT,RTMIN+3",
		});
		await namespace.signal("SIGTERM");
		await namespace.stdout.line("main got 15 from 1");
		await namespace.signal("SIGINT");
		await namespace.stdout.line("main got 2 from 1");
		await namespace.signal(37);
		await namespace.stdout.line("main got 37 from 1");
		expect((await namespace.end()).code).toBe(137);
	});

	test("lets an image's other STOPSIGNAL stop an application within one budget", async () => {
		// As web servers have it: STOPSIGNAL QUIT, and nothing is set for the init.
		await using namespace = await startTwo(binary, ["--stop-timeout", "1500ms"], "3:0", "");
		const askedAtMs = performance.now();
		await namespace.signal("SIGQUIT");
		const { code, atMs } = await namespace.end();
		expect(code).toBe(0);
		expect(atMs - askedAtMs).toBeLessThan(1_500 + LATE_MS);
	});
});
