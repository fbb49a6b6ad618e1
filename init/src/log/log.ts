// What the init says, on stderr only: one line a message, `*** [warning: |error: ]text`.
import type { Kernel } from "../kernel/kernel.ts";
import { madeInAdvance } from "../made_in_advance.ts";

/** From the fewest lines to the most. */
export const LOG_LEVELS = ["error", "warning", "notice", "info", "debug"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const STDERR = 2;
const RANK: Readonly<Record<LogLevel, number>> = {
	error: 0,
	warning: 1,
	notice: 2,
	info: 3,
	debug: 4,
};
const DEFAULT_LEVEL = "warning";
const PREFIX: Readonly<Record<LogLevel, string>> = {
	error: "*** error: ",
	warning: "*** warning: ",
	notice: "*** ",
	info: "*** ",
	debug: "*** ",
};
const COMMAND_LINE_BYTES = 80;
/** What a pipe takes as a whole or not at all: PIPE_BUF of pipe(7). */
const WRITE_BYTES = 4_096;

export class Log {
	/** Whether messages of the level "info" are said: ask before collecting what is costly to know. */
	saysInfo = false;
	#kernel: Kernel | undefined;
	#rank = 0;
	#lostLines = 0;

	/** Until then nothing is said. */
	open(kernel: Kernel, level: LogLevel | undefined): void {
		this.#kernel = kernel;
		this.setLevel(level);
	}

	/** undefined: nobody has said which. */
	setLevel(level: LogLevel | undefined): void {
		this.#rank = RANK[level ?? DEFAULT_LEVEL];
		this.saysInfo = this.#rank >= RANK.info;
	}

	/** Says it, or drops it when the reader of stderr has stopped reading: PID 1 never waits for a reader. */
	say(level: LogLevel, text: string): void {
		if (this.#kernel === undefined || RANK[level] > this.#rank) return;
		this.#write(`${PREFIX[level]}${text}\n`, 1);
	}

	/** Says each, in as few writes as can be: the reader is woken once. */
	sayAll(level: LogLevel, texts: readonly string[]): void {
		if (this.#kernel === undefined || RANK[level] > this.#rank) return;
		let lines = "";
		let count = 0;
		for (const text of texts) {
			const line = `${PREFIX[level]}${text}\n`;
			if (count > 0 && lines.length + line.length > WRITE_BYTES) {
				this.#write(lines, count);
				lines = "";
				count = 0;
			}
			lines += line;
			count++;
		}
		if (count > 0) this.#write(lines, count);
	}

	#write(lines: string, count: number): void {
		const lost =
			this.#lostLines === 0
				? ""
				: `${PREFIX.warning}${this.#lostLines} lines of this log were lost: stderr was blocked\n`;
		const written = this.#kernel?.write(STDERR, `${lost}${lines}`) ?? 0;
		this.#lostLines = written < 0 ? this.#lostLines + count : 0;
	}
}

const newLog = madeInAdvance(() => new Log());

export function openLog(kernel: Kernel, level: LogLevel | undefined): Log {
	const log = newLog();
	log.open(kernel, level);
	return log;
}

/** A command line out of /proc (NUL after each argument) for a message: printable, and cut to 80 bytes. */
export function printableCommandLine(bytes: string): string {
	let text = "";
	const end = bytes.endsWith("\0") ? bytes.length - 1 : bytes.length;
	for (let i = 0; i < end; i++) {
		const part = printable(bytes.charCodeAt(i));
		if (text.length + part.length > COMMAND_LINE_BYTES - 3 && i < end) return `${text}...`;
		text += part;
	}
	return text;
}

/** Text from outside for a message: nothing in it can end the line or steer a terminal. */
export function printableText(bytes: string): string {
	let text = "";
	for (let i = 0; i < bytes.length && text.length < 256; i++) {
		text += printable(bytes.charCodeAt(i));
	}
	return text;
}

function printable(unit: number): string {
	if (unit === 0) return " ";
	if (unit >= 32 && unit < 127) return unit === 92 ? "\\\\" : String.fromCharCode(unit);
	return `\\x${unit < 16 ? "0" : ""}${unit.toString(16)}`;
}
