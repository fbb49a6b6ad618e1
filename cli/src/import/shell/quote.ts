// Words as a POSIX shell reads them.
import { quote } from "shlex";
import type { Part, Word } from "../model.ts";

const PLAIN = /^[\w@%+=:,./-]+$/;

/** A word of the script that a shell takes for exactly this text. */
export function quoted(text: string): string {
	return PLAIN.test(text) ? text : quote(text);
}

/** A word of the script, with the variables that are put in when it runs. */
export function shellWord(word: Word): string {
	if (word.every((part) => typeof part === "string")) return quoted(word.join(""));
	return word.map(shellPart).join("");
}

/** Whether the shell splits one of its variables, for which it must not look for files (`set -f`). */
export function splits(word: Word): boolean {
	return word.some((part) => typeof part !== "string" && part.splits);
}

function shellPart(part: Part): string {
	if (typeof part === "string") return quoted(part);
	return part.splits ? `\${${part.variable}}` : `"\${${part.variable}}"`;
}

/** Whether a shell can have a variable of that name. */
export function isVariableName(name: string): boolean {
	return /^[A-Za-z_]\w*$/.test(name);
}
