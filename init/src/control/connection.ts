// The way to PID 1: its control socket.
import {
	describeErrno,
	EACCES,
	EAGAIN,
	ECONNREFUSED,
	EINTR,
	ENOENT,
	ENOTDIR,
	EPERM,
} from "../kernel/errno.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { SIGHUP, SIGINT, SIGPIPE, SIGQUIT, SIGTERM } from "../kernel/signals.ts";
import { printableText } from "../log/log.ts";
import { MOST_REQUEST_BYTES, type Request, RUN_FOLDERS, SOCKET_NAME } from "./protocol.ts";

const STREAM = 1;
const PID_1 = 1;
const ROOT = 0;
const READ_BYTES = 65_536;
const LONGEST_LINE = 1_048_576;
const ENDING = [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE];

/** Where nobody listens yet. */
const NOT_YET = [ENOENT, ENOTDIR, ECONNREFUSED, EAGAIN];
const AGAIN_MS = 50;

/** Why no line came. */
export interface NoLine {
	readonly reason: "end" | "late" | "signal" | "error";
	readonly text: string;
}

export class Connection {
	readonly #kernel: Kernel;
	readonly #descriptor: number;
	#rest = "";

	constructor(kernel: Kernel, descriptor: number) {
		this.#kernel = kernel;
		this.#descriptor = descriptor;
	}

	/** Empty, or why it cannot be sent. */
	send(request: Request): string {
		const line = `${JSON.stringify(request)}\n`;
		if (line.length > MOST_REQUEST_BYTES)
			return `${line.length} bytes are more than the ${MOST_REQUEST_BYTES} of a request; ask for fewer names at once`;
		const written = this.#kernel.write(this.#descriptor, line);
		return written === line.length ? "" : `PID 1 does not listen: ${describeErrno(written)}`;
	}

	/** The next line of the answer; `untilMs` undefined: however long it takes. */
	next(untilMs: number | undefined): string | NoLine {
		for (;;) {
			const end = this.#rest.indexOf("\n");
			if (end >= 0) {
				const line = this.#rest.slice(0, end);
				this.#rest = this.#rest.slice(end + 1);
				return line;
			}
			if (this.#rest.length > LONGEST_LINE) return { reason: "error", text: "a line is too long" };
			const none = this.#readMore(untilMs);
			if (none !== undefined) return none;
		}
	}

	#readMore(untilMs: number | undefined): NoLine | undefined {
		const kernel = this.#kernel;
		const left = untilMs === undefined ? -1 : Math.max(0, untilMs - kernel.nowMs());
		const readable = kernel.poll([this.#descriptor], left);
		if (typeof readable === "number" || readable.length === 0) {
			for (let signal = kernel.waitSignal(0); signal > 0; signal = kernel.waitSignal(0))
				if (ENDING.includes(signal)) return { reason: "signal", text: String(signal) };
			return left === 0 ? { reason: "late", text: "PID 1 does not answer in time" } : undefined;
		}
		const bytes = kernel.read(this.#descriptor, READ_BYTES);
		if (bytes === "") return { reason: "end", text: "PID 1 has closed the connection" };
		if (typeof bytes === "string") this.#rest += bytes;
		else if (bytes !== -EAGAIN && bytes !== -EINTR)
			return { reason: "error", text: describeErrno(bytes) };
		return undefined;
	}

	close(): void {
		this.#kernel.close(this.#descriptor);
	}
}

/** Connects to the socket at the path, or at the usual places; why it cannot otherwise. */
export function connectToInit(kernel: Kernel, path: string | undefined): Connection | string {
	const found = tryToConnect(kernel, path);
	return found instanceof Connection ? found : found.text;
}

/** Waits until PID 1 listens, which it does once it knows its services; empty, or why it cannot be reached. */
export function awaitInit(kernel: Kernel, path: string | undefined, untilMs: number): string {
	for (;;) {
		const found = tryToConnect(kernel, path);
		if (found instanceof Connection) {
			found.close();
			return "";
		}
		const isLate = kernel.nowMs() >= untilMs;
		if (!found.mayCome || isLate || ENDING.includes(kernel.waitSignal(AGAIN_MS))) return found.text;
	}
}

interface NoConnection {
	readonly text: string;
	/** Whether it may be there in a while. */
	readonly mayCome: boolean;
}

function tryToConnect(kernel: Kernel, path: string | undefined): Connection | NoConnection {
	if (path !== undefined) {
		const connected = kernel.connectUnix(path, STREAM);
		return connected < 0 ? failure(path, connected) : new Connection(kernel, connected);
	}
	let why: NoConnection | undefined;
	for (const folder of RUN_FOLDERS) {
		const place = `${folder}/${SOCKET_NAME}`;
		const connected = kernel.connectUnix(place, STREAM);
		if (connected >= 0 && isTrusted(kernel, connected)) return new Connection(kernel, connected);
		if (connected >= 0) kernel.close(connected);
		const isMissing = connected === -ENOENT || connected === -ENOTDIR;
		if (why === undefined && !isMissing) why = failure(place, connected < 0 ? connected : -EPERM);
	}
	return (
		why ?? {
			text: `PID 1 supervises no services, or has no place for its socket: there is no "${SOCKET_NAME}" in ${RUN_FOLDERS.join(", ")}`,
			mayCome: true,
		}
	);
}

/** Anybody may make a folder in /tmp: what listens there must be PID 1, root's or ours. */
function isTrusted(kernel: Kernel, connected: number): boolean {
	const user = kernel.peerUser(connected);
	return user === ROOT || user === kernel.userId() || kernel.peerProcess(connected) === PID_1;
}

function failure(path: string, result: number): NoConnection {
	return { text: whyNot(path, result), mayCome: NOT_YET.includes(-result) };
}

function whyNot(path: string, result: number): string {
	const shown = `"${printableText(path)}"`;
	if (result === -EACCES)
		return `${shown} is another user's: ask as root, or as the user of PID 1 (EACCES)`;
	if (result === -EPERM) return `${shown} belongs to neither PID 1, root nor us: it is not asked`;
	if (result === -ECONNREFUSED || result === -EAGAIN)
		return `PID 1 does not listen at ${shown} (${result === -EAGAIN ? "its queue is full" : "ECONNREFUSED"})`;
	return `cannot reach PID 1 at ${shown}: ${describeErrno(result)}`;
}
