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
