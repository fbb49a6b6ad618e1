// initctl await: until a service is ready, for PID 1, which has none of this, and for scripts.
import { EXIT_NOT_READY, EXIT_USAGE } from "../../exit_codes.ts";
import type { Kernel } from "../../kernel/kernel.ts";
import { SIGTERM } from "../../kernel/signals.ts";
import { type Log, printableText } from "../../log/log.ts";
import { readProcess } from "../../pid1/processes.ts";
import { tryHttp, tryTcp, tryUnix } from "./connection.ts";
import { AWAIT_USAGE, type AwaitOptions, readAwaitOptions, type Wanted } from "./options.ts";
import { endedBy, tryProgram } from "./program.ts";

const STDOUT = 1;
const FIRST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 250;
/** A server that never answers is asked once more after that. */
const ATTEMPT_MS = 5_000;
/** Of inotify's; what they say does not matter. */
const EVENTS_BYTES = 4_096;

/** The exit code; `first` is the argument of ours that the words begin with. */
export function awaitReady(
	kernel: Kernel,
	log: Log,
	words: readonly string[],
	first: number,
): number {
	if (words[0] === "--help" || words[0] === "-h") {
		kernel.write(STDOUT, AWAIT_USAGE);
		return 0;
	}
	const options = readAwaitOptions(words);
	if (typeof options === "string") {
		log.say("error", `await: ${options}; initctl await --help says more`);
		return EXIT_USAGE;
	}
	if (!diesWithParent(kernel)) return 128 + SIGTERM;
	return repeat(kernel, log, options, first);
}

/** Not where the parent is outside of the container: whoever enters it with us, such as runc, ends at once. False: it is gone. */
function diesWithParent(kernel: Kernel): boolean {
	const parent = readProcess(kernel, kernel.processId())?.parent ?? 0;
	if (parent === 0) return true;
	kernel.setParentDeathSignal(SIGTERM);
	return readProcess(kernel, kernel.processId())?.parent === parent;
}

function repeat(
	kernel: Kernel,
	log: Log,
	{ isOnce, timeoutMs, wanted }: AwaitOptions,
	first: number,
): number {
	const begin = kernel.nowMs();
	const until = begin + timeoutMs;
	const watch = isOnce ? -1 : watchFor(kernel, wanted);
	let pauseMs = FIRST_PAUSE_MS;
	for (;;) {
		const attemptUntil = Math.min(until, kernel.nowMs() + ATTEMPT_MS);
		const why = attempt(kernel, wanted, first, wanted.kind === "exec" ? until : attemptUntil);
		if (why === "") return 0;
		const ended = typeof why === "number" ? why : endedBy(kernel);
		if (ended > 0) return 128 + ended;
		const left = until - kernel.nowMs();
		if (isOnce || left <= 0) {
			const time = isOnce ? "" : ` after ${Math.round(kernel.nowMs() - begin)} ms`;
			log.say("error", `${nameOf(wanted, kernel, first)} is not ready${time}: ${why}`);
			return EXIT_NOT_READY;
		}
		const readable = kernel.poll(watch < 0 ? [] : [watch], Math.min(pauseMs, left));
		if (typeof readable !== "number" && readable.length > 0) {
			kernel.read(watch, EVENTS_BYTES);
			pauseMs = FIRST_PAUSE_MS;
			// However much happens in the folder.
			kernel.poll([], FIRST_PAUSE_MS);
		} else pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
	}
}

/** Empty: it is so; else why not, or the signal that tells us to end. */
function attempt(kernel: Kernel, wanted: Wanted, first: number, untilMs: number): string | number {
	switch (wanted.kind) {
		case "tcp":
			return tryTcp(kernel, wanted, untilMs);
		case "http":
			return tryHttp(kernel, wanted, untilMs);
		case "unix":
			return tryUnix(kernel, wanted.path);
		case "file":
			return kernel.hasAnyFile(wanted.path) ? "" : "there is no such file that we may see";
		case "exec":
			return tryProgram(kernel, first + wanted.word, untilMs);
	}
}

/** The folder in which the path will appear; −errno where that cannot be watched: then only time passes. */
function watchFor(kernel: Kernel, wanted: Wanted): number {
	if (wanted.kind !== "file" && wanted.kind !== "unix") return -1;
	const slash = wanted.path.lastIndexOf("/");
	return kernel.watchFolder(slash < 0 ? "." : wanted.path.slice(0, slash + 1), -1);
}

function nameOf(wanted: Wanted, kernel: Kernel, first: number): string {
	switch (wanted.kind) {
		case "tcp":
			return printableText(`tcp ${wanted.host}:${wanted.port}`);
		case "http":
			return printableText(`http ${wanted.host}:${wanted.port}${wanted.path}`);
		case "unix":
		case "file":
			return `${wanted.kind} "${printableText(wanted.path)}"`;
		case "exec":
			return `"${printableText(kernel.argument(first + wanted.word) ?? "")}"`;
	}
}
