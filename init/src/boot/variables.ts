// Variables of the environment, by name.

/** The longest entry that execve(2) takes, without its NUL: MAX_ARG_STRLEN. */
export const LONGEST_ENTRY_BYTES = 131_071;

export class Variables {
	/** In the order in which they were first set. */
	readonly names: string[] = [];
	readonly #values: string[] = [];
	/** Where a name stands among them, by "NAME=": a key that no property of every object has. */
	readonly #places: Record<string, number> = {};

	/** @param entries "NAME=value"; of two for one name the first holds, as for getenv(3); what has no name is left out */
	static of(entries: readonly string[]): Variables {
		const variables = new Variables();
		for (let i = 0; i < entries.length; i++) {
			const entry = entries[i] ?? "";
			const equals = entry.indexOf("=");
			const key = entry.slice(0, equals + 1);
			if (equals > 0 && variables.#places[key] === undefined)
				variables.#add(key, entry.slice(0, equals), entry.slice(equals + 1));
		}
		return variables;
	}

	has(name: string): boolean {
		return this.#places[`${name}=`] !== undefined;
	}

	get(name: string): string | undefined {
		const place = this.#places[`${name}=`];
		return place === undefined ? undefined : this.#values[place];
	}

	/** The value of `names[place]`. */
	at(place: number): string {
		return this.#values[place] ?? "";
	}

	set(name: string, value: string): void {
		const key = `${name}=`;
		const place = this.#places[key];
		if (place === undefined) this.#add(key, name, value);
		else this.#values[place] = value;
	}

	/** As execve(2) takes them. */
	entries(): string[] {
		return this.names.map((name, place) => `${name}=${this.at(place)}`);
	}

	#add(key: string, name: string, value: string): void {
		this.#places[key] = this.names.length;
		this.names.push(name);
		this.#values.push(value);
	}
}
