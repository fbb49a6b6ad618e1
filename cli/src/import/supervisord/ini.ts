// Configuration files as supervisord reads them: by Python's RawConfigParser with inline_comment_prefixes=(";", "#") and
// strict=False (docs.python.org/3/library/configparser.html). No library of npm reads that dialect: `ini` ends a value at any
// `;`, which cuts shell commands, none joins continued lines by their indent, and none tells lines.

/** A value and where it begins. */
export interface IniValue {
	text: string;
	/** From 1. */
	line: number;
}

export interface IniSection {
	name: string;
	line: number;
	/** By name in small letters; of two the last one counts. */
	values: Map<string, IniValue>;
}

export interface IniProblem {
	line: number;
	what: string;
	remedy: string;
}

export interface Ini {
	/** In order; sections of one name are one. */
	sections: IniSection[];
	problems: IniProblem[];
}

/** Reads a whole file. What cannot be read is named and passed over. */
export function parseIni(text: string): Ini {
	const reader = new IniReader();
	text.split(/\r\n|\n|\r/).forEach((line, index) => {
		reader.take(line, index + 1);
	});
	return reader.end();
}

class IniReader {
	readonly #sections = new Map<string, IniSection>();
	readonly #problems: IniProblem[] = [];
	#section: IniSection | undefined;
	#value: IniValue | undefined;
	#indent = 0;

	take(line: string, number: number): void {
		const commentAt = commentStart(line);
		const content = (commentAt === undefined ? line : line.slice(0, commentAt)).trim();
		const indent = line.search(/\S/);
		if (content === "") {
			// An empty line belongs to a value that goes on behind it; a comment does not.
			if (commentAt === undefined && this.#value !== undefined) this.#value.text += "\n";
			return;
		}
		if (this.#value !== undefined && indent > this.#indent) {
			this.#value.text += `\n${content}`;
			return;
		}
		this.#indent = indent;
		this.#begin(content, number);
	}

	end(): Ini {
		const sections = [...this.#sections.values()];
		for (const { values } of sections) {
			for (const value of values.values()) value.text = value.text.trimEnd();
		}
		return { sections, problems: this.#problems };
	}

	#begin(content: string, line: number): void {
		const [, header] = /^\[(.+)\]/.exec(content) ?? [];
		if (header !== undefined) {
			this.#value = undefined;
			this.#section = this.#sections.get(header) ?? { name: header, line, values: new Map() };
			this.#sections.set(header, this.#section);
			return;
		}
		if (this.#section === undefined) {
			this.#complain(
				line,
				`"${shortened(content)}" stands before the first [section]`,
				"Put it into one.",
			);
			return;
		}
		const [, name, text] = /^(.*?)\s*[=:]\s*(.*)$/.exec(content) ?? [];
		if (name === undefined || name === "" || text === undefined) {
			const remedy = "Write NAME=VALUE, or indent the line if it goes on with the value before it.";
			this.#complain(line, `"${shortened(content)}" has no name and value`, remedy);
			return;
		}
		this.#value = { text, line };
		this.#section.values.set(name.toLowerCase(), this.#value);
	}

	#complain(line: number, what: string, remedy: string): void {
		this.#value = undefined;
		this.#problems.push({ line, what, remedy });
	}
}

/** Where a comment begins: at the first `;` or `#` that begins the line or has a space before it. */
function commentStart(line: string): number | undefined {
	const found = /(?:^|\s)([;#])/.exec(line);
	return found === null ? undefined : found.index + found[0].length - 1;
}

/** At most so much of a line is quoted in a message. */
function shortened(text: string): string {
	return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
