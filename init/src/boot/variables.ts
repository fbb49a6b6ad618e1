// Variables of the environment, by name.

/** The longest entry that execve(2) takes, without its NUL: MAX_ARG_STRLEN. */
export const LONGEST_ENTRY_BYTES = 131_071;

export class Variables {
	/** By "NAME=", a key that no property of every object has. */
	readonly #values: Record<string, string> = {};

	/** @param entries "NAME=value"; of two for one name the first holds, as for getenv(3) */
	static of(entries: readonly string[]): Variables {
		const variables = new Variables();
		for (const entry of entries) {
			const equals = entry.indexOf("=");
			const name = entry.slice(0, equals);
			if (equals > 0 && !variables.has(name)) variables.set(name, entry.slice(equals + 1));
		}
		return variables;
	}

	has(name: string): boolean {
		return this.get(name) !== undefined;
	}

	get(name: string): string | undefined {
		return this.#values[`${name}=`];
	}

	set(name: string, value: string): void {
		this.#values[`${name}=`] = value;
	}

	names(): string[] {
		return Object.keys(this.#values).map((key) => key.slice(0, -1));
	}

	/** As execve(2) takes them. */
	entries(): string[] {
		return Object.keys(this.#values).map((key) => `${key}${this.#values[key] ?? ""}`);
	}
}
