// A real pipe between the test and the program (node's own "pipe" is a socket).
import { execFileSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const CHUNK = Buffer.alloc(4096, ".");

export class Fifo implements Disposable {
	/** For the program: blocks when the pipe is full. */
	readonly writer: number;
	readonly #reader: number;
	readonly #folder = mkdtempSync(join(tmpdir(), "my_init-fifo-"));
	#isReaderOpen = true;

	constructor() {
		const path = join(this.#folder, "fifo");
		execFileSync("mkfifo", [path]);
		this.#reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
		this.writer = openSync(path, constants.O_WRONLY);
	}

	/** Nobody reads any more: who writes gets EPIPE. */
	closeReader(): void {
		if (this.#isReaderOpen) closeSync(this.#reader);
		this.#isReaderOpen = false;
	}

	/** Writes until nothing more fits in. */
	fill(): void {
		const path = `/proc/self/fd/${this.writer}`;
		const own = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
		for (const size of [CHUNK.length, 1]) {
			while (isWritten(own, size));
		}
		closeSync(own);
	}

	/** Takes out all that is in it. */
	drain(): string {
		const bytes = Buffer.alloc(1 << 20);
		return bytes.toString("latin1", 0, readSync(this.#reader, bytes));
	}

	[Symbol.dispose](): void {
		this.closeReader();
		closeSync(this.writer);
		rmSync(this.#folder, { recursive: true });
	}
}

function isWritten(descriptor: number, size: number): boolean {
	try {
		return writeSync(descriptor, CHUNK, 0, size) > 0;
	} catch (error) {
		if (error instanceof Error && "code" in error && error.code === "EAGAIN") return false;
		throw error;
	}
}
