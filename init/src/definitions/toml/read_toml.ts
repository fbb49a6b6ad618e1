// A file's text as a table of values, each key with its place.
import { parse } from "smol-toml/dist/parse.js";
import { printableText } from "../../log/log.ts";
import { decodeUtf8, encodeUtf8 } from "../text.ts";
import { type Entry, type Place, type Problem, Table, type Value } from "../value.ts";
import { TomlDate } from "./date.ts";
import { TomlError } from "./error.ts";
import { DEEPEST, forgetKeys, offsetOf, pathOf, TOO_DEEP } from "./keys.ts";

/** What to do about what the library says most. */
const REMEDIES: readonly (readonly [what: string, remedy: string])[] = [
	["invalid value", "put text between quotes"],
	["redefine", "keep one of the two"],
	[
		"illegal character in key",
		"a key is made of letters, digits, - and _; behind it comes = and the value",
	],
	["end of key", "behind a key come = and the value"],
	["end-of-line", "begin a new line for each key"],
	["unfinished string", "close the quote"],
	["control characters", 'write them as \\n, \\t or \\u001b between "quotes"'],
	["escape", "write a backslash as \\\\, or put the text between 'single quotes'"],
	["leading zero", 'put it between quotes: "022"'],
];

/** The table, or why there is none. @param isAscii whether all bytes are */
export function readToml(file: string, bytes: string, isAscii: boolean): Table | Problem {
	const text = isAscii ? bytes : decodeUtf8(bytes);
	if (typeof text === "number") {
		const place = new Lines(file, bytes).at(text);
		return { ...place, text: "is no UTF-8 here; save the file as UTF-8" };
	}
	const lines = new Lines(file, text);
	forgetKeys();
	try {
		// Without these all strings are the bytes that they are.
		const isPlain = isAscii && !text.includes("\\");
		return new Conversion(text, lines, isPlain).table(parse(text, { maxDepth: DEEPEST }), "", 0);
	} catch (error) {
		const what = error instanceof Error ? error.message : "";
		const place = lines.at(error instanceof TomlError ? error.offset : 0);
		const remedy = REMEDIES.find(([part]) => what.includes(part))?.[1];
		return { ...place, text: `is no TOML: ${what}; ${remedy ?? "see https://toml.io"}` };
	}
}

/** Line and column of offsets; asked in rising order it looks at each line once. */
class Lines {
	readonly #file: string;
	readonly #text: string;
	#line = 1;
	#begin = 0;

	constructor(file: string, text: string) {
		this.#file = file;
		this.#text = text;
	}

	at(offset: number): Place {
		if (offset < this.#begin) {
			this.#line = 1;
			this.#begin = 0;
		}
		for (;;) {
			const end = this.#text.indexOf("\n", this.#begin);
			if (end < 0 || end >= offset) break;
			this.#line++;
			this.#begin = end + 1;
		}
		return { file: this.#file, line: this.#line, column: offset - this.#begin + 1 };
	}
}

class Conversion {
	readonly #text: string;
	readonly #lines: Lines;
	readonly #isPlain: boolean;
	#depth = 0;

	constructor(text: string, lines: Lines, isPlain: boolean) {
		this.#text = text;
		this.#lines = lines;
		this.#isPlain = isPlain;
	}

	table(value: unknown, path: string, begin: number): Table {
		// A header, a key in it and a table between braces can each be so deep.
		if (++this.#depth > 2 * DEEPEST) throw new TomlError(TOO_DEEP, begin);
		const entries: Entry[] = [];
		const isTable = typeof value === "object" && value !== null;
		const keys = isTable ? Object.keys(value) : [];
		const values: readonly unknown[] = isTable ? Object.values(value) : [];
		// Not by entries() and patterns of lists: QuickJS makes an iterator for each.
		for (let i = 0; i < keys.length; i++) {
			const key = keys[i] ?? "";
			const own = pathOf(path, key);
			const offset = offsetOf(own) ?? this.#offsetBetweenBraces(key, begin);
			const place = this.#lines.at(offset);
			entries.push({ key: this.#bytes(key), place, value: this.#value(values[i], own, offset) });
		}
		this.#depth--;
		return new Table(entries);
	}

	/** Of what a table between braces holds: the next mention that = follows. */
	#offsetBetweenBraces(key: string, begin: number): number {
		for (let at = begin; ; at++) {
			at = this.#text.indexOf(key, at);
			if (at < 0) return begin;
			let end = at + key.length;
			while (this.#text[end] === " " || this.#text[end] === '"') end++;
			if (this.#text[end] === "=") return at;
		}
	}

	#value(value: unknown, path: string, begin: number): Value {
		if (typeof value === "string") return this.#bytes(value);
		if (typeof value === "number" || typeof value === "boolean") return value;
		if (value instanceof TomlDate) return value;
		if (!Array.isArray(value)) return this.table(value, path, begin);
		const items: readonly unknown[] = value;
		return items.map((item) => this.#value(item, path, begin));
	}

	#bytes(text: string): string {
		return this.#isPlain ? text : encodeUtf8(text);
	}
}

export function isProblem(read: Table | Problem): read is Problem {
	return !(read instanceof Table);
}

/** For messages. */
export function quoted(bytes: string): string {
	return `"${printableText(bytes)}"`;
}
