// initctl log NAME FORMAT [OPTION...]: between a service and the container's stdout, or a file: each line says whose it is.
// PID 1 copies no bytes, so this is a process of its own, which may wait for a slow reader, and its service with it.
import { EXIT_SYSTEM, EXIT_USAGE } from "../../exit_codes.ts";
import { describeErrno, EPIPE } from "../../kernel/errno.ts";
import type { Kernel, Result } from "../../kernel/kernel.ts";
import { SIGHUP } from "../../kernel/signals.ts";
import type { Log } from "../../log/log.ts";
import { LOG_USAGE, type LogOptions, readLogOptions } from "./options.ts";
import { Target } from "./target.ts";

const STDIN = 0;
/** The beginning of a line without its end is written after so long without more: a prompt, a progress. */
const FLUSH_AFTER_MS = 200;
/** What relayLines returns. */
const SIGNALLED = 0;
const NO_ROOM = 1;
const ENDED = 2;
const MOVED = 4;

/** Until the end of stdin; the exit code. Told to end it does not: the service's last words still come. */
export function logLines(kernel: Kernel, log: Log, words: readonly string[]): number {
	const options = readLogOptions(words);
	if (typeof options === "string") {
		log.say("error", `${options}; ${LOG_USAGE}`);
		return EXIT_USAGE;
	}
	const dressed = dress(kernel, options);
	if (dressed < 0) {
		log.say("error", `log of ${options.name}: ${describeErrno(dressed)}`);
		return EXIT_SYSTEM;
	}
	const target = new Target(kernel, log, options);
	for (;;) {
		const { descriptor, mostBytes, isWatched } = target.next();
		const result = kernel.relayLines(STDIN, descriptor, mostBytes, FLUSH_AFTER_MS, isWatched);
		if (result === -EPIPE) return drain(kernel, log, options);
		if (result === SIGNALLED) {
			if (hangsUp(kernel)) target.reopen();
		} else if (result === NO_ROOM) target.beginAnew();
		else if (result === MOVED) target.follow();
		else target.note(result);
		if (result === ENDED) return 0;
	}
}

/** Nobody reads us: the service is no worse off than with nobody to read its own stdout, and lives on. */
function drain(kernel: Kernel, log: Log, { name }: LogOptions): number {
	log.say("error", `log of ${name}: ${describeErrno(-EPIPE)}; what it says is lost from now on`);
	for (;;) {
		// Nothing can be written there: all is dropped.
		const result = kernel.relayLines(STDIN, -1, 0, FLUSH_AFTER_MS, false);
		if (result === ENDED) return EXIT_SYSTEM;
		if (result === SIGNALLED) hangsUp(kernel);
	}
}

/** Takes all signals that are there; whether HUP is one of them. */
function hangsUp(kernel: Kernel): boolean {
	let does = false;
	for (;;) {
		const signal = kernel.waitSignal(0);
		if (signal <= 0) return does;
		if (signal === SIGHUP) does = true;
	}
}

function dress(kernel: Kernel, { name, format }: LogOptions): Result {
	if (format === "none") return kernel.dressLines("", "", "", "\n", "", false);
	if (format === "prefix")
		return kernel.dressLines(`${name} | `, `${name} + `, "", "\n", "\n", false);
	const begin = '{"time":"';
	const stamped = `","service":${JSON.stringify(name)},"line":"`;
	return kernel.dressLines(begin, begin, stamped, '"}\n', '","partial":true}\n', true);
}
