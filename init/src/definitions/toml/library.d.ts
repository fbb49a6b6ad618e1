// What the bundler (scripts/toml-library.ts) makes of these names: smol-toml's modules, which has types for its index alone.

declare module "smol-toml/dist/parse.js" {
	/** @throws TomlError of toml/error.ts, where the text is no TOML. */
	export function parse(toml: string, options: { readonly maxDepth: number }): unknown;
}

declare module "smol-toml/dist/struct.js" {
	/** Takes the key that begins at `p` of the text `s`, and goes on behind its end. */
	export function parseKey(context: { readonly s: string; p: number }, end?: number): string[];
}
