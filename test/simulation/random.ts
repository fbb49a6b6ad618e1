// Numbers drawn from a seed: the same seed gives the same numbers on every machine.

export class Random {
	#state: number;

	constructor(seed: number) {
		this.#state = seed | 0;
	}

	/** At least 0, less than 1 (mulberry32: 32 bits of state are plenty for a test). */
	fraction(): number {
		this.#state = (this.#state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	}

	/** A whole number, both ends included. */
	whole(from: number, to: number): number {
		return from + Math.floor(this.fraction() * (to - from + 1));
	}

	chance(probability: number): boolean {
		return this.fraction() < probability;
	}

	pick<Item>(items: readonly Item[]): Item {
		const index = this.whole(0, items.length - 1);
		const item = items[index];
		if (item === undefined) throw new Error("nothing to pick from");
		return item;
	}

	/** Each item with a probability of its own weight over the sum of all. */
	pickWeighted<Item>(items: readonly (readonly [item: Item, weight: number])[]): Item {
		let left = this.fraction() * items.reduce((sum, [, weight]) => sum + weight, 0);
		for (const [item, weight] of items) {
			left -= weight;
			if (left < 0) return item;
		}
		throw new Error("nothing to pick from");
	}
}
