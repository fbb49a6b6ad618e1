// In place of the language's Set, which the runtime does not have; smol-toml keeps in it which tables a table was given whole.

export class ObjectSet {
	readonly #members: unknown[] = [];

	add(member: unknown): void {
		this.#members.push(member);
	}

	has(member: unknown): boolean {
		return this.#members.includes(member);
	}
}
