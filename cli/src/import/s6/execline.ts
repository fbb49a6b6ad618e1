// Reads a script of execline (skarnet.org/software/execline/execlineb.html) into words and blocks.

/** A word with the substitutions that stand in it, or a block of words in braces. */
export type Item = { kind: "word"; pieces: readonly Piece[] } | { kind: "block"; items: Item[] };

/** Text, or `${name}`, which a command like importas has filled. */
export type Piece = string | { name: string };

/** Why a text is no execline. */
export class NotExecline extends Error {
	override readonly name = "NotExecline";
	/** From 1. */
	readonly line: number;

	constructor(line: number, message: string) {
		super(message);
		this.line = line;
	}
}

/** What a text of execline consists of, the #! line included as the comment that it is. @throws NotExecline */
export function parseExecline(text: string): Item[] {
	const reader = new Reader(text);
	const items = reader.items(0);
	return items;
}

const ESCAPES: Readonly<Record<string, string>> = {
	a: "\x07",
	b: "\b",
	f: "\f",
	n: "\n",
	r: "\r",
	t: "\t",
	v: "\v",
};

class Reader {
	readonly #text: string;
	#at = 0;

	constructor(text: string) {
		this.#text = text;
	}

	/** Up to the closing brace of the block, or to the end. */
	items(depth: number): Item[] {
		const beginning = this.#line();
		const items: Item[] = [];
		for (;;) {
			this.#skip();
			const next = this.#text[this.#at];
			if (next === undefined) {
				if (depth > 0) throw new NotExecline(beginning, "a { has no }");
				return items;
			}
			if (next === "}" && this.#standsAlone()) {
				if (depth === 0) throw new NotExecline(this.#line(), "a } has no {");
				this.#at++;
				return items;
			}
			if (next === "{" && this.#standsAlone()) {
				this.#at++;
				items.push({ kind: "block", items: this.items(depth + 1) });
			} else {
				items.push({ kind: "word", pieces: this.#word() });
			}
		}
	}

	/** Spaces, and comments, which begin where a word would. */
	#skip(): void {
		const pattern = /(?:[ \t\r\n]|#[^\n]*)*/y;
		pattern.lastIndex = this.#at;
		this.#at += pattern.exec(this.#text)?.[0].length ?? 0;
	}

	#standsAlone(): boolean {
		const next = this.#text[this.#at + 1];
		return next === undefined || /[ \t\r\n]/.test(next);
	}

	#word(): Piece[] {
		const pieces: Piece[] = [];
		let literal = "";
		const beginning = this.#line();
		const flush = () => {
			if (literal !== "") pieces.push(literal);
			literal = "";
		};
		let isQuoted = false;
		for (;;) {
			const next = this.#text[this.#at];
			if (next === undefined && isQuoted) throw new NotExecline(beginning, 'a " has no partner');
			if (next === undefined || (!isQuoted && /[ \t\r\n]/.test(next))) break;
			this.#at++;
			if (next === '"') isQuoted = !isQuoted;
			else if (next === "\\") literal += this.#escaped(isQuoted);
			else if (next === "$" && this.#text[this.#at] === "{") {
				const end = this.#text.indexOf("}", this.#at);
				if (end < 0) throw new NotExecline(beginning, "a $ with { has no }");
				flush();
				pieces.push({ name: this.#text.slice(this.#at + 1, end) });
				this.#at = end + 1;
			} else literal += next;
		}
		flush();
		return pieces;
	}

	#escaped(isQuoted: boolean): string {
		const next = this.#text[this.#at] ?? "";
		this.#at++;
		if (isQuoted && next === "\n") return "";
		return isQuoted ? (ESCAPES[next] ?? next) : next;
	}

	#line(): number {
		return this.#text.slice(0, this.#at).split("\n").length;
	}
}
