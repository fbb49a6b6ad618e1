// Where the lines go: the container's stdout, or a file that is renamed when it has become large.
import { describeErrno, ENOENT } from "../../kernel/errno.ts";
import type { Kernel, Result } from "../../kernel/kernel.ts";
import { type Log, printableText } from "../../log/log.ts";
import type { LogOptions } from "./options.ts";

const STDOUT = 1;
/** A descriptor that nothing can be written to, so that what should be is counted. */
const NONE = -1;
/** How often a file is tried that could not be opened or renamed. */
const AGAIN_AFTER_MS = 1_000;

/** What the next lines are written to. */
export interface Next {
	readonly descriptor: number;
	/** As large as it may become; 0: no matter. */
	readonly mostBytes: number;
	/** Whether it is to be told that a line was written. */
	readonly isWatched: boolean;
}

export class Target {
	readonly #kernel: Kernel;
	readonly #log: Log;
	readonly #options: LogOptions;
	#descriptor = NONE;
	#openFailure: Result = 0;
	/** Why the last lines were lost; 0: they were not. */
	#failure: Result = 0;
	#lost = 0;
	/** It could not be renamed. */
	#isTooLarge = false;
	#triedMs = 0;

	constructor(kernel: Kernel, log: Log, options: LogOptions) {
		this.#kernel = kernel;
		this.#log = log;
		this.#options = options;
		this.reopen();
	}

	/** After somebody has renamed the file. */
	reopen(): void {
		this.#triedMs = this.#kernel.nowMs();
		if (this.#options.file === "") {
			this.#descriptor = STDOUT;
			return;
		}
		const opened = this.#kernel.openAppend(this.#options.file);
		this.#openFailure = opened < 0 ? opened : 0;
		// The old one still works, where there is one.
		if (opened < 0) return;
		if (this.#descriptor !== NONE) this.#kernel.close(this.#descriptor);
		this.#descriptor = opened;
	}

	next(): Next {
		if (this.#descriptor === NONE && this.#mayTry()) this.reopen();
		const isPatient = this.#isTooLarge && !this.#mayTry();
		return {
			descriptor: this.#descriptor,
			mostBytes: isPatient ? 0 : this.#options.maxSize,
			isWatched: this.#failure < 0 || this.#isTooLarge,
		};
	}

	#mayTry(): boolean {
		return this.#kernel.nowMs() - this.#triedMs >= AGAIN_AFTER_MS;
	}

	/** What came of writing: says it once when lines begin to be lost, and once when they are written again. */
	note(result: Result): void {
		const before = this.#failure;
		this.#failure = result < 0 ? result : 0;
		this.#lost += this.#kernel.lostLines();
		if (result < 0) {
			const why = this.#descriptor === NONE ? this.#openFailure : result;
			if (before >= 0)
				this.#say("error", `${describeErrno(why)}; lines are lost until that has passed`);
		} else if (this.#lost > 0) {
			this.#say("warning", `${this.#lost} lines were lost`);
			this.#lost = 0;
		}
	}

	/** FILE becomes FILE.1, that FILE.2 and so on; with none to keep FILE is removed. */
	beginAnew(): void {
		const { file, maxFiles } = this.#options;
		let result: Result = maxFiles === 0 ? this.#kernel.removeFile(file) : 0;
		for (let number = maxFiles; number > 0 && result >= 0; number--) {
			const from = number === 1 ? file : `${file}.${number - 1}`;
			result = this.#kernel.renameFile(from, `${file}.${number}`);
			if (result === -ENOENT) result = 0;
		}
		this.#goOn(result);
	}

	/** Another logger of the same file has begun it anew. */
	follow(): void {
		this.#goOn(0);
	}

	#goOn(renamed: Result): void {
		if (renamed >= 0) this.reopen();
		else this.#triedMs = this.#kernel.nowMs();
		const failure = renamed < 0 ? renamed : this.#openFailure;
		if (failure < 0 && !this.#isTooLarge)
			this.#say("error", `it cannot be renamed: ${describeErrno(failure)}; it grows on meanwhile`);
		this.#isTooLarge = failure < 0;
	}

	#say(level: "error" | "warning", text: string): void {
		const { name, file } = this.#options;
		const where = file === "" ? "stdout" : `"${printableText(file)}"`;
		this.#log.say(level, `log of ${name}: ${where}: ${text}`);
	}
}
