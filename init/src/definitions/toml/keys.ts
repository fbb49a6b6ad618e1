// In place of smol-toml's parseKey for the keys and headers of a document: remembers where each stands, for messages.
import { parseKey as parse } from "smol-toml/dist/struct.js";
import { TomlError } from "./error.ts";

const HEADER_END = 0x5d;
/** Nothing that a key takes has lists and tables in each other so deep. */
export const DEEPEST = 16;

export const TOO_DEEP = "tables lie too deep in each other";

/** Where each key begins in the text, by its path; those in tables between braces are not among them. */
let offsets: Record<string, number> = {};
/** The path of the table that the last header has opened. */
let table = "";

export function parseKey(context: { readonly s: string; p: number }, end?: number): string[] {
	const at = context.p;
	const parts = parse(context, end);
	if (parts.length > DEEPEST) TomlError.x(TOO_DEEP, context, at);
	let begin = at;
	while (context.s[begin] === " " || context.s[begin] === "\t") begin++;
	let path = end === HEADER_END ? "" : table;
	// The tables that it opens by the way have their first mention's place.
	for (const part of parts) {
		path = pathOf(path, part);
		offsets[path] ??= begin;
	}
	if (end === HEADER_END) table = path;
	return parts;
}

/** Begins anew, for another document. */
export function forgetKeys(): void {
	offsets = {};
	table = "";
}

export function offsetOf(path: string): number | undefined {
	return offsets[path];
}

/** The path of a key in the table with that path; that of the document is empty. No path is a property of every object. */
export function pathOf(table: string, key: string): string {
	return `${table}\0${key}`;
}
