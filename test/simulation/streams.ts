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
