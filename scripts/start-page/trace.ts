/** The system calls of a start as PID 1, in an order that does not depend on chance. */
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { callsOf, findTracer, newTraces, type Traces } from "../../bench/native/tracer.ts";
import { findProgram } from "../engine/toolchain.ts";

/** strace's lines. */
export interface StartTrace {
	readonly init: readonly string[];
	/** From the vfork to the execve. */
	readonly child: readonly string[];
}

const LOOK_AGAIN_MS = 10;
const PATIENCE_MS = 30_000;

/**
 * Runs `init -- cat` as PID 1 of a new PID namespace, without a terminal, and lets cat end once the init sleeps: a
 * command that ends at once would do so before or after the init has begun to wait.
 * @throws when there is no strace, no namespace can be made, or the init does not end with 0.
 */
export async function traceStart(init: string): Promise<StartTrace> {
	const command = findProgram("cat") ?? "/bin/cat";
	const tracer = await findTracer();
	await using traces = await newTraces(tracer);
	const namespace = ["unshare", "--pid", "--fork", "--kill-child", "--"];
	const [program = "", ...words] = [...traces.words, ...namespace, init, "--", command];
	const run = execa(program, words, {
		env: { PATH: process.env["PATH"], ...tracer.environment },
		extendEnv: false,
		reject: false,
		timeout: PATIENCE_MS,
		killSignal: "SIGKILL",
	});
	const isOver = run.then(() => true);
	while (!(await Promise.race([isOver, sleepsInCall(traces, init)]))) await sleep(LOOK_AGAIN_MS);
	run.stdin.end();
	const { exitCode, stderr } = await run;
	if (exitCode !== 0) throw new Error(`${init} -- ${command} ended with ${exitCode}: ${stderr}`);
	const texts = [...(await traces.read()).values()];
	return { init: callsOf(init, texts) ?? [], child: untilExec(command, texts) };
}

/** Whether the init has made a call that has not returned, and sleeps in it. */
async function sleepsInCall(traces: Traces, init: string): Promise<boolean> {
	for (const [pid, text] of await traces.read()) {
		const last = callsOf(init, [text])?.at(-1);
		if (last === undefined || text.endsWith("\n") || last.startsWith("vfork(")) continue;
		const status = await readFile(`/proc/${pid}/status`, "latin1").catch(() => "");
		if (/^State:\s+S/m.test(status)) return true;
	}
	return false;
}

function untilExec(command: string, texts: readonly string[]): string[] {
	const lines = texts.map((text) => text.split("\n"));
	const child = lines.find((list) => list.some((line) => line.startsWith(`execve("${command}"`)));
	const exec = child?.findIndex((line) => line.startsWith("execve(")) ?? -1;
	return child?.slice(0, exec + 1) ?? [];
}
