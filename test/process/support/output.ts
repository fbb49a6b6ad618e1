// What a program writes, as text to wait for. One character stands for one byte.
import type { Readable } from "node:stream";
import { PATIENCE_MS } from "./until.ts";

interface Waiter {
	readonly look: () => boolean;
	readonly fail: (why: string) => void;
}

export class Output {
	/** All that has been written so far. */
	text = "";
	#hasEnded = false;
	readonly #waiters = new Set<Waiter>();
	readonly #stream: Readable | null;

	constructor(stream: Readable | null) {
		this.#stream = stream;
		stream?.setEncoding("latin1");
		stream?.on("data", (chunk: string) => {
			this.text += chunk;
			this.#lookAgain();
		});
		stream?.on("close", () => {
			this.#hasEnded = true;
			this.#lookAgain();
		});
	}

	/** Reads no more until resume(): the writer's side fills up. */
	pause(): void {
		this.#stream?.pause();
	}

	resume(): void {
		this.#stream?.resume();
	}

	/** The complete lines so far. */
	get lines(): readonly string[] {
		return this.text.split("\n").slice(0, -1);
	}

	/** Waits for the line. @throws when the output ends without it. */
	line(wanted: string): Promise<void> {
		return this.#until(`the line "${wanted}"`, () => this.lines.includes(wanted));
	}

	/** Waits for the text, which may have come already. @throws when the output ends without it. */
	contains(wanted: string | RegExp, patienceMs = PATIENCE_MS): Promise<void> {
		const look = () =>
			typeof wanted === "string" ? this.text.includes(wanted) : wanted.test(this.text);
		return this.#until(`${wanted}`, look, patienceMs);
	}

	#until(what: string, look: () => boolean, patienceMs = PATIENCE_MS): Promise<void> {
		return new Promise((resolve, reject) => {
			const timer = setTimeout(() => waiter.fail(`in ${patienceMs} ms`), patienceMs);
			const settle = (done: () => void) => {
				clearTimeout(timer);
				this.#waiters.delete(waiter);
				done();
			};
			const waiter: Waiter = {
				look: () => {
					if (look()) settle(resolve);
					return look();
				},
				fail: (why) => {
					const shown = JSON.stringify(this.text.slice(-2_000));
					settle(() => reject(new Error(`not seen ${why}: ${what}; the output is ${shown}`)));
				},
			};
			this.#waiters.add(waiter);
			this.#lookAgain();
		});
	}

	#lookAgain(): void {
		for (const waiter of [...this.#waiters]) {
			if (!waiter.look() && this.#hasEnded) waiter.fail("before the end");
		}
	}
}
