// A socket that messages are sent to.
import { EAGAIN } from "./errno.ts";

export interface Stream {
	readonly isReadable: boolean;
	read(limit: number): string | number;
}

export class MessageSocket implements Stream {
	readonly mode: number;
	readonly #messages: string[] = [];

	constructor(mode: number) {
		this.mode = mode;
	}

	get isReadable(): boolean {
		return this.#messages.length > 0;
	}

	send(bytes: string): void {
		this.#messages.push(bytes);
	}

	/** The rest of a message that is longer is lost. */
	read(limit: number): string | number {
		return this.#messages.shift()?.slice(0, limit) ?? -EAGAIN;
	}
}

/** What nothing ever comes from: a device, a socket that nobody connects to. */
export class SilentStream implements Stream {
	readonly isReadable = false;

	read(): number {
		return -EAGAIN;
	}
}

/** The end of a pipe to read from: what its writer has left, and then the end. */
export class Pipe implements Stream {
	#bytes = "";
	#hasWriter = true;

	get isReadable(): boolean {
		return this.#bytes !== "" || !this.#hasWriter;
	}

	/** All that the writer ever writes. */
	fill(bytes: string): void {
		this.#bytes = bytes;
		this.#hasWriter = false;
	}

	read(limit: number): string | number {
		const part = this.#bytes.slice(0, limit);
		this.#bytes = this.#bytes.slice(limit);
		return part === "" && this.#hasWriter ? -EAGAIN : part;
	}
}

/** An opened file. */
export class OpenedFile implements Stream {
	readonly isReadable = true;
	readonly #bytes: string;
	#position = 0;

	constructor(bytes: string) {
		this.#bytes = bytes;
	}

	read(limit: number): string {
		const part = this.#bytes.slice(this.#position, this.#position + limit);
		this.#position += part.length;
		return part;
	}
}
