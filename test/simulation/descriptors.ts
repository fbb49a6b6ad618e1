// The descriptors that the init has opened.
import { EBADF, EMFILE } from "./errno.ts";
import type { SimulatedProcess } from "./process.ts";
import type { Stream } from "./streams.ts";

/** What is behind a descriptor: the signals of the init, a process, or what can be read. */
export type Opened = "signals" | SimulatedProcess | Stream;

const STANDARD_DESCRIPTORS = 3;

export class Descriptors {
	readonly #opened = new Map<number, Opened>();
	readonly #limit: number;

	constructor(limit: number) {
		this.#limit = limit;
	}

	get count(): number {
		return this.#opened.size;
	}

	/** The lowest free number, or −EMFILE. */
	open(opened: Opened): number {
		let descriptor = STANDARD_DESCRIPTORS;
		while (this.#opened.has(descriptor)) descriptor++;
		if (descriptor >= this.#limit) return -EMFILE;
		this.#opened.set(descriptor, opened);
		return descriptor;
	}

	get(descriptor: number): Opened | undefined {
		return this.#opened.get(descriptor);
	}

	close(descriptor: number): number {
		return this.#opened.delete(descriptor) ? 0 : -EBADF;
	}
}
