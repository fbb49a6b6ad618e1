// initctl syslog [SOCKET]: what programs send to /dev/log, as lines on stdout; for a container that has no syslogd.
import { EXIT_SYSTEM, EXIT_USAGE } from "../exit_codes.ts";
import { describeErrno, EBADF, EINTR, EPIPE } from "../kernel/errno.ts";
import type { Kernel, Result } from "../kernel/kernel.ts";
import { SIGINT, SIGTERM } from "../kernel/signals.ts";
import { type Log, printableText } from "../log/log.ts";
import { addLine, flushLines, type Lines, newLines } from "../syslog/lines.ts";
import { readableMessage } from "../syslog/message.ts";

const STDOUT = 1;
const DEFAULT_SOCKET = "/dev/log";
/** Anybody may send: syslog(3) knows no rights. */
const SOCKET_MODE = 0o666;
/** What glibc's syslog(3) and journald take; RFC 3164 asks for 1,024. */
const MESSAGE_BYTES = 8_192;
/** Read before signals are looked at again. */
const MESSAGES_AT_ONCE = 64;
/** More than a socket holds: net.unix.max_dgram_qlen is 512 at most by default. */
const MESSAGES_AT_END = 1_024;
/** How often a reader that has stopped is looked at. */
const BLOCKED_MS = 200;

/** Runs the verb with the arguments from `first` on until TERM or INT; the exit code. */
export function syslog(kernel: Kernel, log: Log, first: number): number {
	const path = kernel.argument(first) ?? DEFAULT_SOCKET;
	if (kernel.argumentCount() > first + 1 || path.startsWith("-")) {
		log.say("error", "usage: initctl syslog [SOCKET]");
		return EXIT_USAGE;
	}
	const socket = kernel.bindDatagram(path, SOCKET_MODE);
	if (socket < 0) {
		log.say("error", `cannot listen at "${printableText(path)}": ${describeErrno(socket)}`);
		return EXIT_SYSTEM;
	}
	const failure = relay(kernel, socket, path);
	if (failure === 0) return 0;
	kernel.removeFile(path);
	log.say("error", `syslog ends: ${describeErrno(failure)}`);
	return EXIT_SYSTEM;
}

/** 0 once it was told to end, or −errno. */
function relay(kernel: Kernel, socket: number, path: string): Result {
	const lines = newLines();
	for (;;) {
		if (isToldToEnd(kernel)) break;
		const readable = kernel.poll(
			[socket],
			lines.waiting.length + lines.lost === 0 ? -1 : BLOCKED_MS,
		);
		if (typeof readable === "number" && readable !== -EINTR) return readable;
		const failure = takeMessages(kernel, socket, lines, MESSAGES_AT_ONCE);
		// Whoever supervises us will see that nobody reads what is written.
		if (failure < 0) return failure;
	}
	// What was sent before still comes.
	kernel.removeFile(path);
	takeMessages(kernel, socket, lines, MESSAGES_AT_END);
	return 0;
}

/** Takes all signals that are there. */
function isToldToEnd(kernel: Kernel): boolean {
	for (;;) {
		const signal = kernel.waitSignal(0);
		if (signal <= 0) return false;
		if (signal === SIGTERM || signal === SIGINT) return true;
	}
}

/** At most so many messages of those that are there, and what waits for the reader; 0, or −errno where there is none any more. */
function takeMessages(kernel: Kernel, socket: number, lines: Lines, most: number): Result {
	for (let count = 0; ; count++) {
		const written = flushLines(lines, (text) => kernel.write(STDOUT, text));
		if (written === -EPIPE || written === -EBADF) return written;
		const bytes = count < most ? kernel.read(socket, MESSAGE_BYTES + 1) : 0;
		if (typeof bytes === "number") return 0;
		const text = readableMessage(bytes.slice(0, MESSAGE_BYTES));
		if (text !== "") addLine(lines, bytes.length > MESSAGE_BYTES ? `${text}...` : text);
	}
}
