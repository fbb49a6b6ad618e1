// Processes that entered from outside, as docker exec lets them: no children of PID 1.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { actor, type Binary, isMachineRoot } from "./support/binaries.ts";
import { type Launch, type Namespace, startInit } from "./support/namespace.ts";
import { Output } from "./support/output.ts";
import { innerPidOf, isInPoll } from "./support/proc.ts";
import { describeInit } from "./support/suite.ts";
import { until } from "./support/until.ts";

const AT_ONCE_MS = 700;
/** Ways in which PID 1 cannot look at the others. */
const HIDDEN_PROC: readonly (readonly [what: string, through: readonly string[]])[] = [
	["without /proc", ["sh", "-c", 'mount -t tmpfs none /proc && exec "$@"', "sh"]],
	["with the /proc of another namespace", ["sh", "-c", 'umount /proc && exec "$@"', "sh"]],
];

/** A command that entered the namespace. */
class Outsider implements AsyncDisposable {
	readonly stdout: Output;
	readonly #process;
	readonly #ended: Promise<unknown>;

	private constructor(init: number, through: readonly string[], command: readonly string[]) {
		const enter = ["nsenter", "--target", String(init), "--pid", "--mount", "--"];
		const words = [...through, ...enter, ...command];
		this.#process = spawn(words[0] ?? "", words.slice(1), {
			stdio: ["pipe", "pipe", "inherit", "pipe"],
			env: { PATH: `${actor("")}:${process.env["PATH"]}`, PS1: "", TERM: "dumb" },
		});
		this.stdout = new Output(this.#process.stdout);
		this.#ended = once(this.#process, "close");
	}

	static async enter(namespace: Namespace, ...command: string[]): Promise<Outsider> {
		return new Outsider(await namespace.initPid(), [], command);
	}

	/** With a terminal of its own, as docker exec -it gives. */
	static async enterWithTerminal(namespace: Namespace, ...command: string[]): Promise<Outsider> {
		const session = ["setsid", "--ctty", ...command];
		return new Outsider(await namespace.initPid(), [actor("terminal")], session);
	}

	type(text: string): void {
		this.#process.stdin?.write(text);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.#process.kill("SIGKILL");
		await this.#ended;
	}
}

async function startMain(binary: Binary, main: string, launch: Launch = {}): Promise<Namespace> {
	const namespace = startInit(binary, ["listener", "main", main], launch);
	await namespace.stdout.line("main ready");
	return namespace;
}

/** Asks for the stop and tells how long it took. */
async function stopMs(namespace: Namespace): Promise<number> {
	const askedAtMs = performance.now();
	await namespace.signal("SIGTERM");
	return (await namespace.end()).atMs - askedAtMs;
}

describeInit("a process that entered from outside", (binary) => {
	const options = { skip: !isMachineRoot };

	test("is asked with TERM and CONT and waited for, without a fixed wait", options, async () => {
		await using namespace = await startMain(binary, "15:5");
		await using outsider = await Outsider.enter(namespace, "listener", "outsider", "10:0");
		await outsider.stdout.line("outsider ready");
		await namespace.signal("SIGTERM");
		await outsider.stdout.line("outsider got 18 from 1");
		expect(outsider.stdout.lines).toEqual([
			"outsider ready",
			"outsider got 15 from 1",
			"outsider got 18 from 1",
		]);
		const pid = await namespace.pidOf("listener", "outsider", "10:0");
		const freedAtMs = performance.now();
		process.kill(pid, "SIGUSR1");
		const { code, atMs, stderr } = await namespace.end();
		expect({ code, stderr }).toEqual({ code: 5, stderr: "" });
		expect(atMs - freedAtMs).toBeLessThan(AT_ONCE_MS);
	});

	test("whose first thread has ended is no zombie: it is waited for", options, async () => {
		await using namespace = await startMain(binary, "15:5");
		await using outsider = await Outsider.enter(namespace, "leaderless", "outsider");
		await outsider.stdout.line("outsider ready");
		await namespace.signal("SIGTERM");
		await outsider.stdout.line("outsider got 15");
		expect((await namespace.end()).code).toBe(5);
		expect(outsider.stdout.lines).toEqual(["outsider ready", "outsider got 15"]);
	});

	test("is named and killed at the end of the budget", options, async () => {
		await using namespace = startInit(binary, [
			...["--stop-timeout", "500ms", "listener", "main", "15:5"],
		]);
		await namespace.stdout.line("main ready");
		await using outsider = await Outsider.enter(namespace, "listener", "outsider");
		await outsider.stdout.line("outsider ready");
		const inner = innerPidOf(await namespace.pidOf("listener", "outsider"));
		expect(await stopMs(namespace)).toBeGreaterThanOrEqual(495);
		const { code, stderr } = await namespace.end();
		expect(code).toBe(5);
		expect(stderr).toMatch(
			new RegExp(`^\\*\\*\\* warning: killing PID ${inner} \\(listener outsider\\): .*\n$`),
		);
	});

	test("may leave orphans, which are adopted and waited for", options, async () => {
		await using namespace = await startMain(binary, "15:5");
		await using outsider = await Outsider.enter(namespace, "sh", "-c", "listener orphan 10:0 &");
		await outsider.stdout.line("orphan ready");
		const pid = await namespace.pidOf("listener", "orphan", "10:0");
		const init = await namespace.initPid();
		const parentOf = async () =>
			(await namespace.processes()).find((seen) => seen.pid === pid)?.parent;
		await until("it is adopted", async () => (await parentOf()) === init);
		process.kill(pid, "SIGUSR1");
		await until("it is gone", async () => (await parentOf()) === undefined);
	});

	test(
		"a forgotten interactive shell on a terminal gets HUP and ends at once",
		options,
		async () => {
			await using namespace = await startMain(binary, "15:5");
			const bash = ["bash", "--norc", "--noprofile", "-i"];
			await using shell = await Outsider.enterWithTerminal(namespace, ...bash);
			shell.type("echo shell$((20+3))\n");
			await shell.stdout.contains("shell23");
			// On its way back to the prompt bash looks for signals, and then sleeps: one that comes between is not noticed.
			const pid = await namespace.pidOf(...bash);
			await until("it waits to be typed to", () => isInPoll(pid));
			expect(await stopMs(namespace)).toBeLessThan(AT_ONCE_MS);
			expect(await namespace.end()).toMatchObject({ code: 5, stderr: "" });
		},
	);

	test("a hundred of them are all waited for", options, async () => {
		await using namespace = await startMain(binary, "15:5");
		const script = "for i in $(seq 100); do listener $i 15:0 & done; wait";
		await using outsider = await Outsider.enter(namespace, "sh", "-c", script);
		await until("all are ready", () => outsider.stdout.lines.length === 100);
		expect(await stopMs(namespace)).toBeLessThan(AT_ONCE_MS);
		const asked = () => outsider.stdout.lines.filter((line) => line.endsWith("got 15 from 1"));
		await until("all were asked", () => asked().length === 100);
	});

	test.each(HIDDEN_PROC)("%s it is asked and waited for too", options, async (_what, through) => {
		await using namespace = await startMain(binary, "15:5", { through });
		await using outsider = await Outsider.enter(namespace, "listener", "outsider", "10:0");
		await outsider.stdout.line("outsider ready");
		await namespace.signal("SIGTERM");
		await outsider.stdout.line("outsider got 18 from 1");
		const pid = await namespace.pidOf("listener", "outsider", "10:0");
		const freedAtMs = performance.now();
		process.kill(pid, "SIGUSR1");
		const { code, atMs, stderr } = await namespace.end();
		expect({ code, stderr }).toEqual({ code: 5, stderr: "" });
		expect(atMs - freedAtMs).toBeLessThan(AT_ONCE_MS);
	});
});
