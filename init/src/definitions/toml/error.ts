// In place of smol-toml's dist/error.js, which needs regular expressions: an error that says where, and quotes nothing.

/** What the library throws; the only exception that is meant to come. */
export class TomlError extends Error {
	/** Where in the text, in code units from 0 on. */
	readonly offset: number;

	constructor(message: string, offset: number) {
		super(message);
		this.offset = offset;
	}

	/** As the library calls it. */
	static x(message: string, context: { readonly p: number }, offset?: number): never {
		throw new TomlError(message, offset ?? context.p);
	}
}
