// What the init says, and that saying it never gets in the way.
import { closeSync, openSync } from "node:fs";
import { expect, test } from "vitest";
import { Fifo } from "./support/fifo.ts";
import { type Namespace, startInit } from "./support/namespace.ts";
import { processSeen } from "./support/proc.ts";
import { describeInit } from "./support/suite.ts";
import { until } from "./support/until.ts";

const LOUD = ["--log-level", "debug", "--stop-on", "RTMAX"];

describeInit("the log", (binary) => {
	test("has no byte by default when all goes well", async () => {
		await using namespace = startInit(binary, [
			...["sh", "-c", "(true &) ; (listener orphan 15:0 &) ; exec listener main 15:3"],
		]);
		await namespace.stdout.line("main ready");
		await namespace.stdout.line("orphan ready");
		await namespace.signal("SIGHUP");
		await namespace.signal("SIGTERM");
		expect(await namespace.end()).toMatchObject({ code: 3, stderr: "" });
	});

	test("tells what happens at the level info, one line each, on stderr alone", async () => {
		await using namespace = startInit(binary, ["--log-level", "info", "listener", "main", "15:3"]);
		await namespace.stdout.line("main ready");
		await namespace.signal("SIGHUP");
		await namespace.stdout.line("main got 1 from 1");
		await namespace.signal("SIGTERM");
		const { stdout, stderr } = await namespace.end();
		expect(stderr.split("\n")).toEqual([
			"*** started PID 2",
			"*** received HUP",
			"*** sent HUP to PID 2",
			"*** received TERM",
			"*** sent TERM to PID 2",
			"*** the main child, PID 2, exited with 3",
			"",
		]);
		expect(stdout).toBe("main ready\nmain got 1 from 1\nmain got 15 from 1\n");
	});

	test("has *** before each line, whatever is said", async () => {
		const script = "listener x & exec listener y";
		const args = ["--log-level", "debug", "--stop-timeout", "300ms", "sh", "-c", script];
		const environment = { INIT_STOP_TIMEOUT: "bad", INIT_LOG_LEVEL: "bad" };
		await using namespace = startInit(binary, args, { environment });
		await namespace.stdout.line("x ready");
		await namespace.stdout.line("y ready");
		await namespace.signal("SIGTERM");
		const lines = (await namespace.end()).stderr.split("\n").slice(0, -1);
		expect(lines.length).toBeGreaterThan(5);
		for (const line of lines) expect(line).toMatch(/^\*\*\* ((warning|error): )?\S/);
	});
});

describeInit("a stderr that takes nothing", (binary) => {
	/** `my_init orphans COUNT` with this stderr: the orphans are reaped, and a signal arrives. */
	async function demandLife(stderr: number, count: number): Promise<void> {
		await using namespace = startInit(binary, [...LOUD, "orphans", String(count)], {
			stdio: ["pipe", "pipe", stderr],
		});
		await namespace.stdout.line("adopted");
		namespace.type("\n");
		await namespace.stdout.line("released");
		const init = await namespace.initPid();
		await until("the orphans are reaped", async () => {
			return (await namespace.processes()).filter((seen) => seen.parent === init).length === 1;
		});
		await namespace.signal("SIGUSR1");
		expect((await namespace.end()).code).toBe(128 + 10);
	}

	test("/dev/full: nothing is lost but the log", async () => {
		const full = openSync("/dev/full", "w");
		await demandLife(full, 20).finally(() => closeSync(full));
	});

	test("a pipe that nobody holds any more", async () => {
		using fifo = new Fifo();
		fifo.closeReader();
		await demandLife(fifo.writer, 20);
	});

	test("a full pipe that nobody reads, and a burst of orphans", async () => {
		using fifo = new Fifo();
		fifo.fill();
		await demandLife(fifo.writer, 100);
	});

	test("a full pipe: signals arrive, and once it is read the init tells how much was lost", async () => {
		using fifo = new Fifo();
		await using namespace = startInit(binary, [...LOUD, "listener", "main", "40:4"], {
			stdio: ["pipe", "pipe", fifo.writer],
		});
		await namespace.stdout.line("main ready");
		await untilAsleep(namespace);
		fifo.drain();
		fifo.fill();
		for (const signal of [1, 10, 12]) {
			await namespace.signal(signal);
			await namespace.stdout.line(`main got ${signal} from 1`);
		}
		await untilAsleep(namespace);
		fifo.drain();
		await namespace.signal(41);
		await namespace.stdout.line("main got 41 from 1");
		await untilAsleep(namespace);
		expect(fifo.drain().split("\n")).toEqual([
			"*** warning: 6 lines of this log were lost: stderr was blocked",
			"*** received RTMIN+7",
			"*** sent RTMIN+7 to PID 2",
			"",
		]);
		await namespace.signal(40);
		expect((await namespace.end()).code).toBe(4);
	});

	test("a terminal that nobody reads does not block PID 1", async () => {
		using answers = new Fifo();
		const words = ["sh", "-c", `exec listener main 40:4 9>${answers.path}`];
		await using namespace = startInit(binary, [...LOUD, ...words], { onTerminal: true });
		let seen = "";
		const arrived = async (line: string, times: number) =>
			await until(`${line}, ${times} times`, () => {
				seen += answers.drain();
				return seen.split("\n").filter((other) => other === line).length === times;
			});
		await arrived("main ready", 1);
		namespace.freezeTerminal();
		// Two lines of log for each: more than a terminal holds for a reader.
		for (let sent = 1; sent <= 400; sent++) {
			await namespace.signal(41);
			await arrived("main got 41 from 1", sent);
		}
		namespace.thawTerminal();
		await namespace.signal(40);
		expect((await namespace.end()).code).toBe(4);
	});

	test("a socket that nobody reads does not block PID 1", async () => {
		await using namespace = startInit(binary, [...LOUD, "listener", "main", "40:4"]);
		await namespace.stdout.line("main ready");
		namespace.stderr.pause();
		for (let sent = 0; sent < 8_000; sent++) await namespace.signal(41);
		await namespace.signal(42);
		await namespace.stdout.line("main got 42 from 1");
		namespace.stderr.resume();
		await namespace.signal(40);
		expect((await namespace.end()).code).toBe(4);
	});
});

/** Waits until PID 1 has done all that was to do. */
async function untilAsleep(namespace: Namespace): Promise<void> {
	const init = await namespace.initPid();
	await until("PID 1 sleeps", () => processSeen(init)?.state === "S");
}
