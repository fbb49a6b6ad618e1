// Objects that hold only what they have beside the usual: a hundred services are to cost a hundred times little.

/** Makes such objects of one kind. */
export class Usual<Whole extends object> {
	readonly #usual: Whole;
	/** By key: what is usual, and the same as JSON where it is no primitive. */
	readonly #values: Record<string, unknown> = {};
	readonly #texts: Record<string, string> = {};

	constructor(usual: Whole) {
		this.#usual = usual;
		for (const [key, value] of Object.entries(usual)) {
			this.#values[key] = value;
			if (typeof value === "object") this.#texts[key] = JSON.stringify(value);
		}
	}

	/** An object that reads as `whole` does; the rest it has from its prototype, which all share. */
	sparse(whole: Whole): Whole {
		const own: Whole = Object.create(this.#usual);
		for (const [key, value] of Object.entries(whole)) {
			if (value === this.#values[key]) continue;
			const text = this.#texts[key];
			if (text === undefined || typeof value !== "object" || JSON.stringify(value) !== text)
				Object.defineProperty(own, key, { value, enumerable: true, writable: true });
		}
		return own;
	}
}
