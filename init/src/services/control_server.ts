// The control socket: who may ask, and how much of everything there may be. What is asked is answered elsewhere (answers.ts).
import { MOST_REQUEST_BYTES, type Request, SOCKET_NAME } from "../control/protocol.ts";
import { describeErrno, EAGAIN, EINTR, EMFILE } from "../kernel/errno.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Log } from "../log/log.ts";
import { parseRequest } from "./request.ts";

const MOST_CONNECTIONS = 64;
/** So long may a request take, and an answer that nobody takes. */
const PATIENCE_MS = 5_000;
/** How often a reader that is slow is looked at. */
const AGAIN_MS = 20;
/** So much may wait for a reader; who follows and does not read is hung up on. */
const MOST_WAITING_BYTES = 4_194_304;
/** So long it does not listen once it has run out of descriptors. */
const DEAF_MS = 1_000;
const NEVER = Number.POSITIVE_INFINITY;
const READ_BYTES = MOST_REQUEST_BYTES + 1;
/** Root's alone, or the container's user's. */
const MODE = 0o600;

/** What remains to be said to somebody: lines, and whether there will be more; asked after everything that happens. */
export type Answer = (nowMs: number) => { readonly text: string; readonly isEnd: boolean };

interface Connection {
	readonly descriptor: number;
	input: string;
	output: string;
	/** undefined: the request has not come yet. */
	answer: Answer | undefined;
	isEnd: boolean;
	/** When patience ends; Infinity: nobody is waited for. */
	deadlineMs: number;
	isClosed: boolean;
}

export class ControlServer {
	readonly #kernel: Kernel;
	readonly #log: Log;
	readonly #runFolder: string | undefined;
	readonly #answerTo: (request: Request, nowMs: number) => Answer;
	#listener = -1;
	/** When it listens again. */
	#deafUntilMs = NEVER;
	#connections: Connection[] = [];

	constructor(
		kernel: Kernel,
		log: Log,
		runFolder: string | undefined,
		answerTo: (request: Request, nowMs: number) => Answer,
	) {
		this.#kernel = kernel;
		this.#log = log;
		this.#runFolder = runFolder;
		this.#answerTo = answerTo;
	}

	/** Without a folder there is no control; everything else works. */
	listen(): void {
		if (this.#runFolder === undefined) {
			this.#log.say(
				"warning",
				"initctl cannot reach this init: no folder for its socket can be written",
			);
			return;
		}
		const path = `${this.#runFolder}/${SOCKET_NAME}`;
		const result = this.#kernel.listenStream(path, MODE);
		if (result < 0)
			this.#log.say(
				"warning",
				`initctl cannot reach this init: no socket at ${path}: ${describeErrno(result)}`,
			);
		else this.#listener = result;
	}

	descriptors(): readonly number[] {
		const ours = this.#connections.map(({ descriptor }) => descriptor);
		const hears = this.#listener >= 0 && this.#deafUntilMs === NEVER;
		return hears && ours.length < MOST_CONNECTIONS ? [this.#listener, ...ours] : ours;
	}

	readable(descriptors: readonly number[], nowMs: number): void {
		if (descriptors.includes(this.#listener)) this.#accept(nowMs);
		for (const connection of this.#connections)
			if (descriptors.includes(connection.descriptor)) this.#read(connection, nowMs);
	}

	#accept(nowMs: number): void {
		while (this.#connections.length < MOST_CONNECTIONS) {
			const descriptor = this.#kernel.acceptStream(this.#listener);
			if (descriptor < 0) {
				if (descriptor === -EMFILE) this.#listenLater(nowMs);
				return;
			}
			const user = this.#kernel.peerUser(descriptor);
			if (user !== 0 && user !== this.#kernel.userId()) {
				this.#kernel.close(descriptor);
				continue;
			}
			this.#connections.push({
				descriptor,
				input: "",
				output: "",
				answer: undefined,
				isEnd: false,
				deadlineMs: nowMs + PATIENCE_MS,
				isClosed: false,
			});
		}
	}

	/** Out of descriptors: a socket that stays readable would keep us awake. */
	#listenLater(nowMs: number): void {
		this.#log.say("warning", "initctl cannot reach this init: no descriptor is left");
		this.#deafUntilMs = nowMs + DEAF_MS;
	}

	#read(connection: Connection, nowMs: number): void {
		const bytes = this.#kernel.read(connection.descriptor, READ_BYTES);
		if (bytes === -EAGAIN || bytes === -EINTR) return;
		if (typeof bytes === "number" || bytes === "") {
			connection.isClosed = true;
			return;
		}
		// One request a connection: what comes behind it is not heard.
		if (connection.answer !== undefined) return;
		connection.input += bytes;
		const end = connection.input.indexOf("\n");
		if (end < 0 && connection.input.length < MOST_REQUEST_BYTES) return;
		const request =
			end < 0 || end >= MOST_REQUEST_BYTES
				? `a request has at most ${MOST_REQUEST_BYTES} bytes`
				: parseRequest(connection.input.slice(0, end));
		connection.input = "";
		connection.deadlineMs = Number.POSITIVE_INFINITY;
		connection.answer =
			typeof request === "string" ? refusal(request) : this.#answerTo(request, nowMs);
	}

	/** Something may have happened: says what there is to say. */
	step(nowMs: number): void {
		if (this.#deafUntilMs <= nowMs) this.#deafUntilMs = NEVER;
		for (const connection of this.#connections) {
			if (connection.isClosed) continue;
			this.#answer(connection, nowMs);
			this.#send(connection, nowMs);
			if (connection.deadlineMs <= nowMs) connection.isClosed = true;
		}
		if (!this.#connections.some(({ isClosed }) => isClosed)) return;
		for (const { isClosed, descriptor } of this.#connections)
			if (isClosed) this.#kernel.close(descriptor);
		this.#connections = this.#connections.filter(({ isClosed }) => !isClosed);
	}

	#answer(connection: Connection, nowMs: number): void {
		if (connection.answer === undefined || connection.isEnd) return;
		const { text, isEnd } = connection.answer(nowMs);
		connection.isEnd = isEnd;
		connection.output += text;
		if (connection.output.length > MOST_WAITING_BYTES) connection.isClosed = true;
	}

	#send(connection: Connection, nowMs: number): void {
		while (connection.output !== "") {
			const sent = this.#kernel.send(connection.descriptor, connection.output);
			if (sent === -EAGAIN) {
				if (connection.deadlineMs === Number.POSITIVE_INFINITY)
					connection.deadlineMs = nowMs + PATIENCE_MS;
				return;
			}
			if (sent < 0) {
				connection.isClosed = true;
				return;
			}
			connection.output = connection.output.slice(sent);
			connection.deadlineMs = Number.POSITIVE_INFINITY;
		}
		if (connection.isEnd) connection.isClosed = true;
	}

	/** Hangs up on everybody. */
	close(): void {
		for (const { descriptor } of this.#connections) this.#kernel.close(descriptor);
		this.#connections = [];
		if (this.#listener >= 0) this.#kernel.close(this.#listener);
		this.#listener = -1;
	}

	deadlineMs(nowMs: number): number {
		let earliest = this.#deafUntilMs;
		for (const { output, deadlineMs } of this.#connections)
			earliest = Math.min(earliest, deadlineMs, output === "" ? earliest : nowMs + AGAIN_MS);
		return earliest;
	}
}

export function refusal(text: string): Answer {
	return () => ({ text: `${JSON.stringify({ refused: text })}\n`, isEnd: true });
}
