// Signals for PID 1 reach the main child: every one, once, and nobody else.
import { expect, test } from "vitest";
import { Fifo } from "./support/fifo.ts";
import { runInit, startInit } from "./support/namespace.ts";
import { EVERY_SIGNAL, isInPoll, statusOf } from "./support/proc.ts";
import { describeInit } from "./support/suite.ts";
import { until } from "./support/until.ts";

const [SIGKILL, SIGCHLD, SIGSTOP] = [9, 17, 19];
const LAST = 64;
const ALL = Array.from({ length: LAST }, (_, i) => i + 1);
const CATCHABLE = ALL.filter((n) => n !== SIGKILL && n !== SIGCHLD && n !== SIGSTOP);
/** A signal that nothing else in a test uses begins the stop: the others shall only be forwarded. */
const NO_STOP = ["--stop-on", "RTMAX"];

describeInit("forwarding", (binary) => {
	test("every catchable signal reaches the main child once", async () => {
		await using namespace = startInit(binary, [...NO_STOP, "listener", "main", `${LAST}:5`]);
		await namespace.stdout.line("main ready");
		for (const signal of CATCHABLE) {
			await namespace.signal(signal);
			await namespace.stdout.line(`main got ${signal} from 1`);
		}
		expect((await namespace.end()).code).toBe(5);
		expect(namespace.stdout.lines).toEqual([
			"main ready",
			...CATCHABLE.map((signal) => `main got ${signal} from 1`),
		]);
	});

	test("signals of the same kind that queue are all forwarded: the real-time ones", async () => {
		await using namespace = startInit(binary, [...NO_STOP, "listener", "main", `${LAST}:0`]);
		await namespace.stdout.line("main ready");
		for (let i = 0; i < 200; i++) await namespace.signal(40);
		await namespace.signal(LAST);
		await namespace.end();
		expect(namespace.stdout.lines.filter((line) => line === "main got 40 from 1")).toHaveLength(
			200,
		);
	});

	test("signals from inside the container are forwarded too", async () => {
		const sender = "(read -r line; kill -USR1 1; kill -40 1) <&3 &";
		await using namespace = startInit(binary, [
			...["sh", "-c", `exec 3<&0; ${sender} exec listener main 40:6`],
		]);
		await namespace.stdout.line("main ready");
		namespace.type("\n");
		expect((await namespace.end()).code).toBe(6);
		expect(namespace.stdout.lines).toContain("main got 10 from 1");
	});

	test("no signal reaches another process, not even of the main child's group", async () => {
		await using namespace = startInit(binary, [
			...[...NO_STOP, "sh", "-c", `listener other & exec listener main ${LAST - 1}:5`],
		]);
		await namespace.stdout.line("main ready");
		await namespace.stdout.line("other ready");
		for (const signal of CATCHABLE.filter((n) => n < LAST - 1)) {
			await namespace.signal(signal);
			await namespace.stdout.line(`main got ${signal} from 1`);
		}
		const toOther = () => namespace.stdout.lines.filter((line) => line.startsWith("other got"));
		expect(toOther()).toEqual([]);
		process.kill(await namespace.pidOf("listener", "other"), "SIGUSR1");
		await namespace.stdout.line("other got 10 from 0");
		expect(toOther()).toEqual(["other got 10 from 0"]);
	});

	test("a signal that comes before the main child exists is kept for it", async () => {
		const { code } = await runInit(binary, ["sleep", "60"], {
			through: ["enter", "block", "raise=15", "--"],
		});
		expect(code).toBe(143);
	});

	test("signals within the first millisecond are not lost", async () => {
		for (let round = 0; round < 25; round++) {
			await using namespace = startInit(binary, ["sleep", "60"]);
			const init = await namespace.initPid();
			await lookUntilBlocked(init);
			process.kill(init, "SIGTERM");
			// Before sleep(1) is executed it has no handler either: the signal ends it.
			expect((await namespace.end()).code).toBe(143);
		}
	});

	test("SIGPIPE from a closed stderr is not forwarded, SIGPIPE from outside is", async () => {
		using fifo = new Fifo();
		await using namespace = startInit(
			binary,
			["--log-level", "debug", ...NO_STOP, "listener", "main", "40:0"],
			{ stdio: ["ignore", "pipe", fifo.writer] },
		);
		fifo.closeReader();
		await namespace.stdout.line("main ready");
		await namespace.signal("SIGUSR1");
		await namespace.stdout.line("main got 10 from 1");
		await namespace.signal("SIGPIPE");
		await namespace.stdout.line("main got 13 from 1");
		await namespace.signal(40);
		expect((await namespace.end()).code).toBe(0);
		expect(namespace.stdout.lines).toHaveLength(4);
	});

	test("a signal for an init without a main child is taken, and nothing ends", async () => {
		await using namespace = startInit(binary, []);
		await lookUntilBlocked(await namespace.initPid());
		for (const signal of [1, 10, 28, 33, 40]) {
			await namespace.signal(signal);
		}
		await namespace.signal("SIGTERM");
		expect(await namespace.end()).toMatchObject({ code: 0, stdout: "", stderr: "" });
	});
});

/** Waits, without pausing, for PID 1's first instruction: from there on no signal can be lost. */
async function lookUntilBlocked(pid: number): Promise<void> {
	// While it waits for signals, the kernel shows them as let through.
	await until(
		"signals are blocked",
		() => statusOf(pid).get("SigBlk") === EVERY_SIGNAL || isInPoll(pid),
	);
}
