// Processes that entered from outside (docker exec). They are no children of ours: no SIGCHLD tells of
// their end, and waitpid does not know them. They are watched during a stop only.
import { EINTR, ESRCH } from "../kernel/errno.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { madeInAdvance } from "../made_in_advance.ts";
import { listOthers } from "./processes.ts";

const WATCHED_AT_MOST = 64;
const LOOK_AGAIN_MS = 50;

export class Outsiders {
	/** Descriptors of processes whose ends are awaited. */
	#watched: number[] = [];
	#lookAgain = false;
	#canSleep = true;

	/** Where there are any, `sleep` is the way to wait; else to wait for a signal. */
	get descriptors(): readonly number[] {
		return this.#watched;
	}

	/** How long to sleep at most: without /proc or pidfds their ends cannot be awaited. */
	get timeoutMs(): number {
		return this.#lookAgain ? LOOK_AGAIN_MS : Number.POSITIVE_INFINITY;
	}

	/**
	 * Sleeps until one of them has ended, one of the others is readable, a signal is pending, or the time is over (−1: no
	 * limit). Returns which of the others are; undefined where it cannot sleep so.
	 */
	sleep(
		kernel: Kernel,
		timeoutMs: number,
		others: readonly number[],
	): readonly number[] | undefined {
		const ready = kernel.poll(
			others.length === 0 ? this.#watched : [...this.#watched, ...others],
			timeoutMs,
		);
		if (typeof ready !== "number") {
			this.#release(kernel, ready);
			return others.length === 0 ? others : others.filter((one) => ready.includes(one));
		}
		if (ready !== -EINTR) {
			this.#release(kernel, this.#watched);
			this.#canSleep = false;
			this.#lookAgain = true;
			return undefined;
		}
		return [];
	}

	/** The processes behind these descriptors have ended, or cannot be awaited. */
	#release(kernel: Kernel, descriptors: readonly number[]): void {
		for (const descriptor of this.#watched)
			if (descriptors.includes(descriptor)) kernel.close(descriptor);
		this.#watched = this.#watched.filter((descriptor) => !descriptors.includes(descriptor));
	}

	/** Until areGone() says otherwise: where there are children, or hooks that come first, nothing is looked at. */
	lookNoMore(): void {
		this.#lookAgain = false;
	}

	/** As PID 1 without children: whether nobody else is left. If somebody is, their end will wake the poll. */
	areGone(kernel: Kernel): boolean {
		if (this.#watched.length > 0) return false;
		if (kernel.killAll(0) === -ESRCH) return true;
		const others = listOthers(kernel);
		// Only zombies are left, whose parents are outside: they do nothing any more.
		if (others?.length === 0) return true;
		const watched = this.#canSleep ? others?.slice(0, WATCHED_AT_MOST) : undefined;
		for (const process of watched ?? []) {
			const descriptor = kernel.openProcess(process.pid);
			if (descriptor >= 0) this.#watched.push(descriptor);
		}
		this.#lookAgain = this.#watched.length === 0;
		return false;
	}
}

export const newOutsiders = madeInAdvance(() => new Outsiders());
