// How an init ends, and whether it said something.
import type { Binary } from "../support/binaries.ts";
import type { Ended, Namespace } from "../support/namespace.ts";
import { isInPoll, processSeen } from "../support/proc.ts";
import { until } from "../support/until.ts";
import type { Case, Observation } from "./case.ts";
import { type Placed, pidOfInit, start } from "./launch.ts";

/** An end that does not come in this time does not come at all: all that these commands do takes some milliseconds. */
const HANGS_MS = 4_000;

/** Runs the init with these arguments to its end. */
export function ends(name: string, args: readonly string[], placed: Placed = {}): Case {
	return { name, observe: (init) => observeEnd(init, args, placed) };
}

/** Whether the exit code of the main child is that of the init: where it is not, a peer may hang or end, which is a race. */
export function keepsCode(name: string, options: readonly string[], placed: Placed = {}): Case {
	const observe = async (init: Binary): Promise<Observation> => {
		const seen = await observeEnd(init, [...options, "sh", "-c", "exit 8"], placed);
		return { "the child's exit code": seen["exit code"] === "8" ? "is the init's" : "is lost" };
	};
	return { name, observe };
}

/** The init without a command: these signals are sent to it, one after the other, and the last one may end it. */
export function endsBy(
	name: string,
	args: readonly string[],
	signals: readonly NodeJS.Signals[],
	placed: Placed = {},
): Case {
	const observe = async (init: Binary): Promise<Observation> => {
		await using namespace = start(init, args, placed);
		const pid = await pidOfInit(namespace, placed.place);
		const isReady = await until(
			"the init sleeps, or is gone",
			() => isAsleep(pid) || (processSeen(pid) === undefined && "gone"),
		);
		if (isReady !== "gone") for (const signal of signals) process.kill(pid, signal);
		return await endOf(namespace, placed);
	};
	return { name, observe };
}

function isAsleep(pid: number): boolean {
	return isInPoll(pid) || processSeen(pid)?.state === "S";
}

async function observeEnd(
	init: Binary,
	args: readonly string[],
	placed: Placed,
): Promise<Observation> {
	await using namespace = start(init, args, placed);
	return await endOf(namespace, placed);
}

async function endOf(namespace: Namespace, { place, onTerminal }: Placed): Promise<Observation> {
	const ended = await (place === "not PID 1" ? endBelowShell(namespace) : endInTime(namespace));
	const code = ended === undefined ? "it hangs" : `${ended.code}`;
	const { stdout, stderr } = ended ?? {
		stdout: namespace.stdout.text,
		stderr: namespace.stderr.text,
	};
	const said = { stdout: written(stdout), stderr: written(stderr) };
	return { "exit code": code, ...(onTerminal ? {} : said) };
}

async function endInTime(namespace: Namespace): Promise<Ended | undefined> {
	const timer = new AbortController();
	const late = new Promise<undefined>((resolve) => {
		const timeout = setTimeout(() => resolve(undefined), HANGS_MS);
		timer.signal.addEventListener("abort", () => clearTimeout(timeout));
	});
	const ended = await Promise.race([namespace.end(), late]);
	timer.abort();
	return ended;
}

const CODE = /code (\d+)\n(shell ready\n)?/;

/** The same for an init below a shell, which tells the code. */
async function endBelowShell(
	namespace: Namespace,
): Promise<Pick<Ended, "code" | "stdout" | "stderr"> | undefined> {
	const code = await until("the code", () => CODE.exec(namespace.stdout.text)?.[1], HANGS_MS).catch(
		() => undefined,
	);
	if (code === undefined) return undefined;
	const stdout = namespace.stdout.text.replace(CODE, "");
	return { code: Number(code), stdout, stderr: namespace.stderr.text };
}

function written(text: string): string {
	return text === "" ? "silent" : "written";
}
