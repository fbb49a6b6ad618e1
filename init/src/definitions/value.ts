// What a file of definitions holds, with the place of each key: strings are bytes.
import { printableText } from "../log/log.ts";
import { TomlDate } from "./toml/date.ts";

/** A place in a file; line and column count from 1, in characters. Line 0: the file as a whole. */
export interface Place {
	readonly file: string;
	readonly line: number;
	readonly column: number;
}

/** Something that is wrong: what, and what to do. */
export interface Problem extends Place {
	readonly text: string;
}

export type Value = string | number | boolean | Value[] | Table | TomlDate;

export interface Entry {
	readonly key: string;
	readonly place: Place;
	readonly value: Value;
}

export class Table {
	readonly entries: readonly Entry[];

	constructor(entries: readonly Entry[]) {
		this.entries = entries;
	}
}

/** For messages. */
export function kindOf(value: Value): string {
	switch (typeof value) {
		case "string":
			return "a string";
		case "number":
			return "a number";
		case "boolean":
			return String(value);
		default:
			return Array.isArray(value) ? "a list" : value instanceof TomlDate ? "a date" : "a table";
	}
}

/** All that was found to be wrong. */
export class Findings {
	readonly problems: Problem[] = [];
	/** What may be meant so, or become right at run time: nothing fails for it. */
	readonly warnings: Problem[] = [];

	add({ file, line, column }: Place, text: string): void {
		this.problems.push({ file, line, column, text });
	}

	warn({ file, line, column }: Place, text: string): void {
		this.warnings.push({ file, line, column, text });
	}
}

/** By file, line and column. */
export function sortProblems(problems: Problem[]): void {
	problems.sort((a, b) =>
		a.file !== b.file
			? a.file < b.file
				? -1
				: 1
			: a.line !== b.line
				? a.line - b.line
				: a.column !== b.column
					? a.column - b.column
					: a.text < b.text
						? -1
						: 1,
	);
}

/** "FILE:LINE:COLUMN: what; what to do" */
export function problemLine({ file, line, column, text }: Problem): string {
	const path = printableText(file);
	return line === 0 ? `${path}: ${text}` : `${path}:${line}:${column}: ${text}`;
}
