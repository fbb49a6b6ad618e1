// Not as PID 1: under another init, in a pod's shared namespace, with --pid=host. Only descendants are ours.
import { expect, test } from "vitest";
import type { Binary } from "./support/binaries.ts";
import { type Launch, type Namespace, runScript, startScript } from "./support/namespace.ts";
import { executableOf, innerPidOf } from "./support/proc.ts";
import { describeInit, isMissing } from "./support/suite.ts";
import { until } from "./support/until.ts";

const AT_ONCE_MS = 700;
/** A process that is none of the init's business, and what is started beside it. */
const BYSTANDER = "exec 3<&0; listener bystander &";

interface Started extends AsyncDisposable {
	readonly namespace: Namespace;
	/** The init's pid on the machine. */
	readonly init: number;
}

/** A shell as PID 1 starts a bystander and `my_init WORDS`, and tells the exit code. */
async function startBeside(
	binary: Binary,
	words: string,
	launch: Launch & { readonly before?: string } = {},
): Promise<Started> {
	const run = `${launch.before ?? ""} "$MY_INIT" ${words} & wait $!; echo "code $?"; wait`;
	const namespace = startScript(binary, `${BYSTANDER} ${run}`, launch);
	await namespace.stdout.line("bystander ready");
	const init = await until(
		"the init runs",
		async () =>
			(await namespace.processes()).find((seen) => executableOf(seen.pid) === binary.path)?.pid,
	);
	return { namespace, init, [Symbol.asyncDispose]: () => namespace[Symbol.asyncDispose]() };
}

describeInit("not as PID 1", (binary) => {
	test("it adopts the orphans of its descendants, and reaps them", async () => {
		await using started = await startBeside(binary, "orphans 500 <&3");
		const { namespace, init } = started;
		await namespace.stdout.line("adopted");
		const adopted = async () =>
			(await namespace.processes()).filter((seen) => seen.parent === init);
		expect(await adopted()).toHaveLength(501);
		namespace.type("\n");
		await until("all are gone", async () => (await adopted()).length === 1);
	});

	test("a stop ends descendants and orphans, and leaves a bystander alone", async () => {
		await using started = await startBeside(
			binary,
			"sh -c 'listener other 15:0 & (listener orphan 15:0 &) ; exec listener main 15:5'",
		);
		const { namespace, init } = started;
		for (const name of ["main", "other", "orphan"]) await namespace.stdout.line(`${name} ready`);
		const stopAtMs = performance.now();
		process.kill(init, "SIGTERM");
		await namespace.stdout.line("code 5");
		expect(performance.now() - stopAtMs).toBeLessThan(AT_ONCE_MS);
		for (const name of ["main", "other", "orphan"]) {
			await namespace.stdout.contains(`${name} got 15 from`);
		}
		await demandUntouched(namespace);
		expect(namespace.stderr.text).toBe("");
	});

	test("at the end of the budget it kills descendants, and leaves a bystander alone", async () => {
		await using started = await startBeside(
			binary,
			"--stop-timeout 300ms sh -c '(listener orphan &) ; exec listener main'",
		);
		const { namespace, init } = started;
		await namespace.stdout.line("main ready");
		await namespace.stdout.line("orphan ready");
		process.kill(init, "SIGTERM");
		await namespace.stdout.line("code 137");
		await namespace.stderr.contains(/killing PID.*\n.*killing PID.*\n/);
		expect(namespace.stderr.text.match(/killing PID/g)).toHaveLength(2);
		await demandUntouched(namespace);
	});

	test("a process that left its session and group is still a descendant", async () => {
		await using started = await startBeside(
			binary,
			"sh -c 'setsid -f listener daemon 15:0; exec listener main 15:6'",
		);
		const { namespace, init } = started;
		await namespace.stdout.line("main ready");
		await namespace.stdout.line("daemon ready");
		process.kill(init, "SIGTERM");
		await namespace.stdout.line("code 6");
		await namespace.stdout.contains("daemon got 15 from");
	});

	test("a process whose first thread has ended is no zombie: it is asked to end", async () => {
		await using started = await startBeside(
			binary,
			"sh -c 'leaderless other & exec listener main 15:6'",
		);
		const { namespace, init } = started;
		await namespace.stdout.line("main ready");
		await namespace.stdout.line("other ready");
		process.kill(init, "SIGTERM");
		await namespace.stdout.line("code 6");
		await namespace.stdout.contains("other got 15\n");
	});

	test("every signal is forwarded as it is by PID 1", async () => {
		await using started = await startBeside(binary, "listener main 40:7");
		const { namespace, init } = started;
		await namespace.stdout.line("main ready");
		const from = innerPidOf(init);
		for (const signal of [1, 2, 10, 13, 15, 20, 28, 33, 40]) {
			process.kill(init, signal);
			await namespace.stdout.line(`main got ${signal} from ${from}`);
		}
		await namespace.stdout.line("code 7");
	});

	test("without /proc it signals the main child alone, and says so", async () => {
		const words = "--stop-timeout 300ms sh -c '(listener orphan &) ; exec listener main 15:5'";
		const before = "mount -t tmpfs none /proc;";
		await using started = await startBeside(binary, words, { before });
		const { namespace, init } = started;
		await namespace.stdout.line("main ready");
		await namespace.stdout.line("orphan ready");
		process.kill(init, "SIGTERM");
		await namespace.stdout.line("code 5");
		await namespace.stderr.contains("*** warning: /proc cannot be read: ");
		expect(namespace.stdout.text).not.toContain("orphan got");
		await demandUntouched(namespace);
	});
});

const strace = { skip: isMissing("strace") };
/** strace(1) in front of the init: the call fails in it and in what it starts. */
function failing(call: string, error: string): Launch & { readonly before: string } {
	return { before: `strace -f -qq -o /dev/null -e trace=${call} -e inject=${call}:error=${error}` };
}

describeInit("tini's -p", (binary) => {
	test("has a signal come when the parent dies, and passes it on", async () => {
		const started =
			'"$MY_INIT" as tini -s -p USR1 -- listener main 10:0 > said & until grep -q ready said; do sleep 0.01; done';
		const { stdout } = await runScript(
			binary,
			`cd "$(mktemp -d)" && touch said && sh -c '${started}' && until grep got said; do sleep 0.01; done; rm said; rmdir "$PWD"`,
		);
		expect(stdout).toMatch(/^main got 10 from \d+\n$/);
	});
});

describeInit("not as PID 1, on a kernel that refuses", (binary) => {
	test("to make it a subreaper: it says so, and works", strace, async () => {
		await using started = await startBeside(
			binary,
			"listener main 15:5",
			failing("prctl", "EPERM"),
		);
		const { namespace, init } = started;
		await namespace.stdout.line("main ready");
		process.kill(init, "SIGTERM");
		await namespace.stdout.line("code 5");
		await namespace.stderr.contains(
			/^\*\*\* warning: not PID 1, and cannot become a child subreaper either \(not permitted \(EPERM\)\): orphans will be adopted by another process\n$/,
		);
	});

	// EPERM is what an engine's older seccomp profile answers to a call that it does not know.
	test.each([
		["pidfd_open", "ENOSYS"],
		["pidfd_open", "EPERM"],
		["pidfd_send_signal", "EPERM"],
	])("%s with %s: descendants are asked and killed by pid", strace, async (call, error) => {
		await using started = await startBeside(
			binary,
			"--stop-timeout 1s sh -c 'listener obeys 15:0 & listener defies & exec listener main 15:5'",
			failing(call, error),
		);
		const { namespace, init } = started;
		for (const name of ["main", "obeys", "defies"]) await namespace.stdout.line(`${name} ready`);
		process.kill(init, "SIGTERM");
		await namespace.stdout.line("code 5");
		await namespace.stdout.contains("obeys got 15 from");
		await namespace.stderr.contains(/^\*\*\* warning: killing PID \d+ \(listener defies\): .*\n$/);
		await demandUntouched(namespace);
		const defies = (await namespace.processes()).filter((seen) => seen.state !== "Z");
		expect(defies).toHaveLength(2);
	});
});

/** The bystander still lives, and no signal has reached it: the next one is the first. */
async function demandUntouched(namespace: Namespace): Promise<void> {
	process.kill(await namespace.pidOf("listener", "bystander"), "SIGUSR2");
	await namespace.stdout.line("bystander got 12 from 0");
	const got = namespace.stdout.lines.filter((line) => line.startsWith("bystander got"));
	expect(got).toEqual(["bystander got 12 from 0"]);
}
