// A real pipe between the test and the program (node's own "pipe" is a socket).
import { execFileSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const CHUNK = Buffer.alloc(4096, ".");

export class Fifo implements Disposable {
	/** For the program: blocks when the pipe is full. */
	readonly writer: number;
	/** For a shell that opens it. */
	readonly path: string;
	readonly #reader: number;
	readonly #folder = mkdtempSync(join(tmpdir(), "my_init-fifo-"));
	#isReaderOpen = true;

	constructor() {
		this.path = join(this.#folder, "fifo");
		execFileSync("mkfifo", [this.path]);
		this.#reader = openSync(this.path, constants.O_RDONLY | constants.O_NONBLOCK);
		this.writer = openSync(this.path, constants.O_WRONLY);
	}

	/** Nobody reads any more: who writes gets EPIPE. */
	closeReader(): void {
		if (this.#isReaderOpen) closeSync(this.#reader);
		this.#isReaderOpen = false;
	}

	/** Writes until nothing more fits in. */
	fill(): void {
		const own = openSync(this.path, constants.O_WRONLY | constants.O_NONBLOCK);
		for (const size of [CHUNK.length, 1]) {
			let written: number | undefined;
			do written = ifReady(() => writeSync(own, CHUNK, 0, size));
			while (written !== undefined);
		}
		closeSync(own);
	}

	/** Takes out all that is in it. */
	drain(): string {
		const bytes = Buffer.alloc(1 << 20);
		const got = ifReady(() => readSync(this.#reader, bytes));
		return bytes.toString("latin1", 0, got ?? 0);
	}

	[Symbol.dispose](): void {
		this.closeReader();
		closeSync(this.writer);
		rmSync(this.#folder, { recursive: true });
	}
}

/** What the call returned; undefined when it would have had to wait. */
function ifReady(call: () => number): number | undefined {
	try {
		return call();
	} catch (error) {
		if (error instanceof Error && "code" in error && error.code === "EAGAIN") return undefined;
		throw error;
	}
}
