// A terminal, as docker run -it gives it: job control, Ctrl-C, Ctrl-Z, the size of the window.
import { expect, test } from "vitest";
import { type Namespace, startInit, startScript } from "./support/namespace.ts";
import { EVERY_SIGNAL, processSeen, statusOf } from "./support/proc.ts";
import { describeInit, isMissing } from "./support/suite.ts";
import { until } from "./support/until.ts";

const CTRL_C = "\x03";
const CTRL_Z = "\x1a";
const BASH = ["bash", "--norc", "--noprofile", "-i"];
const options = { skip: isMissing("bash") };
const launch = {
	onTerminal: true,
	environment: { TERM: "dumb", PS1: "$ ", HISTFILE: "/dev/null" },
};

/** On the machine. */
interface Pids {
	readonly main: number;
	readonly init: number;
}

/** Types a command whose output is not what is typed, and waits for it: the shell reads and works. */
async function demandShell(namespace: Namespace, mark: number): Promise<void> {
	namespace.type(`echo shell$((${mark}+0))works\n`);
	await namespace.stdout.contains(`shell${mark}works`);
}

/** Waits until the process stands in the terminal's foreground. */
async function untilForeground(pid: number): Promise<void> {
	await until("it is in the foreground", () => {
		const seen = processSeen(pid);
		return seen !== undefined && seen.foregroundGroup === seen.group;
	});
}

async function untilState(pid: number, state: string): Promise<void> {
	await until(`its state is ${state}`, () => processSeen(pid)?.state === state);
}

describeInit("a shell as main child on a terminal", (binary) => {
	async function startShell(): Promise<Namespace> {
		const namespace = startInit(binary, BASH, launch);
		await demandShell(namespace, 1);
		return namespace;
	}

	test(
		"has job control: nothing to complain about, and its own group in the foreground",
		options,
		async () => {
			await using namespace = await startShell();
			expect(namespace.stdout.text).not.toMatch(/no job control|cannot set terminal/);
			await untilForeground(await namespace.pidOf(...BASH));
			namespace.type("exit 9\n");
			expect((await namespace.end()).code).toBe(9);
		},
	);

	test("Ctrl-C ends the job in its foreground, not the shell", options, async () => {
		await using namespace = await startShell();
		namespace.type("listener job 2:55; echo code=$?\n");
		await untilForeground(await namespace.pidOf("listener", "job", "2:55"));
		namespace.type(CTRL_C);
		await namespace.stdout.contains("code=55");
		await demandShell(namespace, 2);
	});

	test("Ctrl-Z stops the job, fg goes on with it", options, async () => {
		await using namespace = await startShell();
		namespace.type("sleep 1000\n");
		const job = await namespace.pidOf("sleep", "1000");
		await untilForeground(job);
		namespace.type(CTRL_Z);
		await untilState(job, "T");
		await namespace.stdout.contains("Stopped");
		await demandShell(namespace, 2);
		namespace.type("fg\n");
		await untilForeground(job);
		await untilState(job, "S");
		namespace.type(CTRL_C);
		await demandShell(namespace, 3);
	});

	test("a new size of the window reaches the job in its foreground", options, async () => {
		await using namespace = await startShell();
		namespace.type("(trap 'stty size' WINCH; echo armed$((1+1)); while :; do sleep 0.01; done)\n");
		await namespace.stdout.contains("armed2");
		namespace.resize(41, 113);
		await namespace.stdout.contains("41 113");
	});
});

describeInit("a program as main child on a terminal", (binary) => {
	test("gets Ctrl-C, Ctrl-\\ and a new window size itself, not by way of PID 1", async () => {
		await using namespace = startInit(binary, ["listener", "main", "3:12"], launch);
		await namespace.stdout.contains("main ready");
		namespace.resize(30, 100);
		await namespace.stdout.contains("main got 28 from 0");
		namespace.type(CTRL_C);
		await namespace.stdout.contains("main got 2 from 0");
		namespace.type("\x1c");
		expect((await namespace.end()).code).toBe(12);
		expect(namespace.stdout.text).not.toContain("from 1");
	});

	test("goes on after Ctrl-Z: as PID 1 there is no shell that could continue it", async () => {
		const script = `trap 'echo continued' CONT; echo ready
			while :; do read -r line && echo "got $line"; done`;
		await using namespace = startInit(binary, ["sh", "-c", script], launch);
		await namespace.stdout.contains("ready\r\n");
		namespace.type(CTRL_Z);
		await namespace.stdout.contains("continued\r\n");
		namespace.type("hello\n");
		await namespace.stdout.contains("got hello");
	});

	test("learns of the end of the terminal", async () => {
		const script = "trap 'exit 8' HUP; echo ready; sleep 1000 & wait";
		await using namespace = startInit(binary, ["sh", "-c", script], launch);
		await namespace.stdout.contains("ready");
		namespace.hangUp();
		expect((await namespace.end()).code).toBe(8);
	});

	test("stays stopped when a stop was asked for by a signal from outside", async () => {
		await using namespace = startInit(binary, ["sleep", "1000"], launch);
		const main = await namespace.pidOf("sleep", "1000");
		await untilForeground(main);
		await namespace.signal("SIGTSTP");
		await untilState(main, "T");
		await namespace.signal("SIGCONT");
		await untilState(main, "S");
		await namespace.signal("SIGTERM");
		expect((await namespace.end()).code).toBe(143);
	});

	test("once it has ended Ctrl-C reaches PID 1, and the second one shortens the stop", async () => {
		const script = "listener other & exec listener main 10:4";
		const args = ["--log-level", "info", "sh", "-c", script];
		await using namespace = startInit(binary, args, launch);
		await namespace.stdout.contains("main ready");
		await namespace.stdout.contains("other ready");
		await namespace.signal("SIGUSR1");
		await namespace.stdout.contains("other got 15 from 1");
		await untilForeground(await namespace.initPid());
		const typedAtMs = performance.now();
		namespace.type(CTRL_C);
		await namespace.stdout.contains("received INT");
		namespace.type(CTRL_C);
		const { code, atMs, stdout } = await namespace.end();
		expect(code).toBe(4);
		expect(atMs - typedAtMs).toBeLessThan(4_000);
		expect(stdout).toContain("still running after the second stop signal");
	});
});

describeInit("under an interactive shell, not as PID 1", (binary) => {
	const ITSELF = '"$MY_INIT"';

	/** A shell as PID 1 in which "$MY_INIT" is typed. */
	async function startShell(): Promise<Namespace> {
		const namespace = startScript(binary, `exec ${BASH.join(" ")}`, launch);
		await demandShell(namespace, 1);
		return namespace;
	}

	/** Types a command line that starts the init with `sleep 1000`, and waits until that has the terminal. */
	async function startSleep(namespace: Namespace, line: string): Promise<Pids> {
		namespace.type(line);
		const main = await namespace.pidOf("sleep", "1000");
		const init = await namespace.pidOf(binary.path, "sleep", "1000");
		await untilForeground(main);
		return { main, init };
	}

	test("Ctrl-Z stops the main child and the init, fg goes on with both", options, async () => {
		await using namespace = await startShell();
		const { main, init } = await startSleep(namespace, `${ITSELF} sleep 1000\n`);
		namespace.type(CTRL_Z);
		await untilState(main, "T");
		await untilState(init, "T");
		await namespace.stdout.contains("Stopped");
		await demandShell(namespace, 2);
		namespace.type("fg\n");
		await untilState(init, "S");
		await untilForeground(main);
		await untilState(main, "S");
		// While it waits for signals, the kernel shows them as let through: not so where it is stopped.
		process.kill(init, "SIGSTOP");
		await untilState(init, "T");
		expect(statusOf(init).get("SigBlk")).toBe(EVERY_SIGNAL);
		await demandShell(namespace, 3);
		namespace.type("fg\n");
		await untilState(init, "S");
		await untilForeground(init);
		namespace.type(CTRL_C);
		await demandShell(namespace, 4);
		namespace.type("fg; fg; echo jobs$((40+2))\n");
		await namespace.stdout.contains("jobs42");
		expect(processSeen(init)).toBeUndefined();
	});

	test("bg lets both go on, and the terminal stays the shell's", options, async () => {
		await using namespace = await startShell();
		const { main, init } = await startSleep(namespace, `${ITSELF} sleep 1000\n`);
		namespace.type(CTRL_Z);
		await untilState(init, "T");
		await namespace.stdout.contains("Stopped");
		namespace.type("bg\n");
		await untilState(init, "S");
		await untilState(main, "S");
		await demandShell(namespace, 2);
	});

	test("a stop in the background is no hang-up", options, async () => {
		await using namespace = await startShell();
		const script =
			'for name in HUP TERM; do trap "echo got-$name" $name; done; trap "exit 3" USR1; sleep 1000 & while :; do wait; done';
		namespace.type(`${ITSELF} sh -c '${script}'\n`);
		const main = await namespace.pidOf("sh", "-c", script);
		const init = await namespace.pidOf(binary.path, "sh", "-c", script);
		await namespace.pidOf("sleep", "1000");
		await untilForeground(main);
		namespace.type(CTRL_Z);
		await namespace.stdout.contains("Stopped");
		namespace.type("bg\n");
		await untilState(init, "S");
		await demandShell(namespace, 2);
		process.kill(init, "SIGTERM");
		await namespace.stdout.contains("got-TERM\r\n");
		process.kill(main, "SIGUSR1");
		await until("it has ended", () => processSeen(init) === undefined);
		expect(namespace.stdout.text).not.toContain("got-HUP\r\n");
	});

	test("an end in the background does not take the terminal from the shell", options, async () => {
		await using namespace = await startShell();
		namespace.type(`${ITSELF} sh -c 'listener other & sleep 1000; :'\n`);
		const main = await namespace.pidOf("sh", "-c", "listener other & sleep 1000; :");
		await namespace.stdout.contains("other ready");
		await untilForeground(await namespace.pidOf("sleep", "1000"));
		namespace.type(CTRL_Z);
		await namespace.stdout.contains("Stopped");
		namespace.type("bg\n");
		await untilState(main, "S");
		process.kill(main, "SIGKILL");
		await namespace.stdout.contains("other got 15");
		await demandShell(namespace, 2);
	});

	test("started in the background it leaves the terminal to the shell", options, async () => {
		await using namespace = await startShell();
		namespace.type(`${ITSELF} sleep 1000 &\n`);
		await namespace.pidOf("sleep", "1000");
		await demandShell(namespace, 2);
		await untilForeground(await namespace.initPid());
	});

	test("in a script, the commands after it can read from the terminal", options, async () => {
		await using namespace = await startShell();
		namespace.type(`sh -c '${ITSELF} true; echo after; read -r line; echo "read $line"'\n`);
		await namespace.stdout.contains("after\r\n");
		namespace.type("some words\n");
		await namespace.stdout.contains("read some words");
	});

	test(
		"in a script, the commands after one that could not be started can read as well",
		options,
		async () => {
			await using namespace = await startShell();
			const broken = 'printf "#!/no/such/interpreter\\n" >"$0"; chmod +x "$0"';
			namespace.type(
				`sh -c '${broken}; ${ITSELF} "$0"; rm "$0"; echo after; read -r line; echo "read $line"' $(mktemp)\n`,
			);
			await namespace.stdout.contains("after\r\n");
			namespace.type("some words\n");
			await namespace.stdout.contains("read some words");
		},
	);

	test("in a script, Ctrl-Z stops the whole job", options, async () => {
		await using namespace = await startShell();
		const { main } = await startSleep(namespace, `sh -c '${ITSELF} sleep 1000; :'\n`);
		namespace.type(CTRL_Z);
		await untilState(main, "T");
		await namespace.stdout.contains("Stopped");
		await demandShell(namespace, 2);
		namespace.type("fg\n");
		await untilState(main, "S");
		await untilForeground(main);
		namespace.type(CTRL_C);
		await demandShell(namespace, 3);
	});
});

describeInit("under a program without job control, not as PID 1", (binary) => {
	test("Ctrl-Z leaves nobody stopped, whom nobody could continue", async () => {
		// It starts nobody: a shell whose child is stopped between vfork and exec cannot stop, nor be continued, itself.
		const main = `trap "echo went on" CONT; echo ready; while :; do read -r line; done`;
		const script = `"$MY_INIT" sh -c '${main}'; exit $?`;
		await using namespace = startScript(binary, script, launch);
		await namespace.stdout.contains("ready");
		namespace.type(CTRL_Z);
		await namespace.stdout.contains("went on");
		namespace.type(CTRL_C);
		expect((await namespace.end()).code).toBe(130);
	});

	test("the terminal is not left to the group of a shell that was killed", options, async () => {
		// With job control a shell puts its job into the foreground; the job kills it, and nobody takes that back.
		const main = `bash -mc 'sh -c "kill -9 \\$PPID; :"; :'; read -r line; echo "read $line"; exit 7`;
		const script = `"$MY_INIT" sh -c "$MAIN"; exit $?`;
		const environment = { ...launch.environment, MAIN: main };
		await using namespace = startScript(binary, script, { ...launch, environment });
		await namespace.stdout.contains("Killed");
		namespace.type("some words\n");
		await namespace.stdout.contains("read some words");
		expect((await namespace.end()).code).toBe(7);
	});
});
