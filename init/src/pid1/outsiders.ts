// Processes that entered from outside (docker exec). They are no children of ours: no SIGCHLD tells of
// their end, and waitpid does not know them. They are watched during a stop only.
import { ESRCH } from "../kernel/errno.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { listOthers } from "./processes.ts";

const WATCHED_AT_MOST = 64;
const LOOK_AGAIN_MS = 50;

export class Outsiders {
	readonly #kernel: Kernel;
	/** Descriptors of processes whose ends are awaited. */
	#watched: number[] = [];
	#lookAgain = false;

	constructor(kernel: Kernel) {
		this.#kernel = kernel;
	}

	/** What to poll beside the signals. */
	get descriptors(): readonly number[] {
		return this.#watched;
	}

	/** How long to sleep at most: without /proc or pidfds their ends cannot be awaited. */
	get timeoutMs(): number {
		return this.#lookAgain ? LOOK_AGAIN_MS : Number.POSITIVE_INFINITY;
	}

	/** The processes behind these descriptors have ended. */
	ended(ready: readonly number[]): void {
		for (const descriptor of ready) {
			if (this.#watched.includes(descriptor)) this.#kernel.close(descriptor);
		}
		this.#watched = this.#watched.filter((descriptor) => !ready.includes(descriptor));
	}

	/** As PID 1 without children: whether nobody else is left. If somebody is, their end will wake the poll. */
	areGone(): boolean {
		this.#lookAgain = false;
		if (this.#watched.length > 0) return false;
		if (this.#kernel.killAll(0) === -ESRCH) return true;
		const others = listOthers(this.#kernel);
		// Only zombies are left, whose parents are outside: they do nothing any more.
		if (others?.length === 0) return true;
		for (const process of others?.slice(0, WATCHED_AT_MOST) ?? []) {
			const descriptor = this.#kernel.openProcess(process.pid);
			if (descriptor >= 0) this.#watched.push(descriptor);
		}
		this.#lookAgain = this.#watched.length === 0;
		return false;
	}
}
