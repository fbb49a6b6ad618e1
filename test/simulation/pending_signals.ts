// The signals that wait for a process: a standard one at most once, real-time ones in a queue.
import { isRealTime, isSynchronous } from "./signal_actions.ts";

export interface PendingSignal {
	readonly signal: number;
	/** 0: the kernel, or a process outside of the receiver's PID namespace. */
	readonly sender: number;
}

export class PendingSignals {
	#signals: PendingSignal[] = [];

	get isEmpty(): boolean {
		return this.#signals.length === 0;
	}

	has(signal: number): boolean {
		return this.#signals.some((pending) => pending.signal === signal);
	}

	/** False when a standard signal was waiting already: then the new one is lost, sender and all. */
	add(pending: PendingSignal): boolean {
		if (!isRealTime(pending.signal) && this.has(pending.signal)) return false;
		this.#signals.push(pending);
		return true;
	}

	remove(unwanted: (signal: number) => boolean): void {
		this.#signals = this.#signals.filter(({ signal }) => !unwanted(signal));
	}

	/** Takes the next one out: faults first, then by number, real-time ones in the order they came. */
	take(isWanted: (signal: number) => boolean = () => true): PendingSignal | undefined {
		let next: PendingSignal | undefined;
		for (const pending of this.#signals) {
			if (!isWanted(pending.signal)) continue;
			if (next === undefined || rank(pending.signal) < rank(next.signal)) next = pending;
		}
		this.#signals = this.#signals.filter((pending) => pending !== next);
		return next;
	}
}

function rank(signal: number): number {
	return isSynchronous(signal) ? signal - 100 : signal;
}
