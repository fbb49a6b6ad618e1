// Simulated time, and the things that are due in it.
import type { Random } from "./random.ts";

interface Due {
	readonly atMs: number;
	/** Among things due at the same time: in the order of their entry, or drawn. */
	readonly order: number;
	readonly happen: () => void;
}

/** Against a world that never comes to rest; the longest honest runs need a tenth of it. */
const MOST_STEPS = 2_000_000;

export class Timeline {
	nowMs = 0;
	/** The next one last. */
	readonly #due: Due[] = [];
	readonly #random: Random | undefined;
	#entered = 0;
	#steps = 0;

	/** With a source of randomness, the order of things due at the same time is drawn from it. */
	constructor(random: Random | undefined) {
		this.#random = random;
	}

	after(delayMs: number, happen: () => void): void {
		this.at(this.nowMs + delayMs, happen);
	}

	at(atMs: number, happen: () => void): void {
		const order = this.#random?.fraction() ?? this.#entered++;
		const due = { atMs: Math.max(atMs, this.nowMs), order, happen };
		let low = 0;
		let high = this.#due.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if (isLater(this.#due[middle], due)) low = middle + 1;
			else high = middle;
		}
		this.#due.splice(low, 0, due);
	}

	/** Lets the next thing happen if it is due by the time; otherwise time moves there, and false is returned. */
	step(untilMs: number): boolean {
		const next = this.#due.at(-1);
		if (next === undefined || next.atMs > untilMs) {
			if (untilMs !== Number.POSITIVE_INFINITY) this.nowMs = Math.max(this.nowMs, untilMs);
			return false;
		}
		if (++this.#steps > MOST_STEPS) throw new Error("the simulated world does not come to rest");
		this.#due.pop();
		this.nowMs = next.atMs;
		next.happen();
		return true;
	}
}

function isLater(one: Due | undefined, other: Due): boolean {
	if (one === undefined) return false;
	return one.atMs > other.atMs || (one.atMs === other.atMs && one.order > other.order);
}
