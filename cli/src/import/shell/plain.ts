// A shell script that only starts a program: what it says is known without a shell.
import { isVariableName } from "./quote.ts";

/** What it starts, and with what. */
export interface PlainCommand {
	words: string[];
	user?: string;
	/** Absolute. */
	workingDirectory?: string;
	environment: { name: string; value: string }[];
}

/** A word without anything that a shell would put in or look for: bare, or between quotes. */
const PIECE = /([\w@%+=:,./-]+)|'([^']*)'|"([^"$`\\]*)"/y;

/** undefined: it does more, or says it in a way that takes a shell. */
export function plainCommand(script: string): PlainCommand | undefined {
	const [first = "", ...lines] = script.split("\n");
	if (!/^#!\s*\S*(?:\/|\benv\s+)(?:ba|da|a)?sh\s*$/.test(first)) return undefined;
	const found: PlainCommand = { words: [], environment: [] };
	for (const line of lines) {
		if (/^\s*(#|$)/.test(line) || /^\s*set -[eu]+\s*$/.test(line)) continue;
		// Behind an exec nothing runs.
		if (found.words.length > 0) return undefined;
		const words = literalWords(line.replace(/ \|\| exit( \d+)?$/, ""));
		if (words === undefined || !take(found, words)) return undefined;
	}
	return found.words.length === 0 ? undefined : found;
}

/** Whether a line is one of the few that are understood. */
function take(found: PlainCommand, [verb, ...rest]: string[]): boolean {
	const [argument = ""] = rest;
	if (verb === "cd" && rest.length === 1 && argument.startsWith("/")) {
		found.workingDirectory = argument;
		return true;
	}
	const [name = "", ...values] = argument.split("=");
	if (verb === "export" && rest.length === 1 && isVariableName(name) && values.length > 0) {
		found.environment.push({ name, value: values.join("=") });
		return true;
	}
	if (verb !== "exec" || argument === "" || argument.startsWith("-")) return false;
	found.words = rest;
	if (argument !== "setuser") return true;
	const [, user, ...command] = rest;
	const words = command[0] === "--" ? command.slice(1) : command;
	if (!user || user.startsWith("-") || words.length === 0) return false;
	[found.user, found.words] = [user, words];
	return true;
}

function literalWords(line: string): string[] | undefined {
	const words: string[] = [];
	const text = line.trim();
	let at = 0;
	while (at < text.length) {
		let word = "";
		PIECE.lastIndex = at;
		for (let piece = PIECE.exec(text); piece !== null; piece = PIECE.exec(text)) {
			word += piece[1] ?? piece[2] ?? piece[3] ?? "";
			at = PIECE.lastIndex;
		}
		const gap = /^[ \t]+|^$/.exec(text.slice(at));
		if (gap === null) return undefined;
		words.push(word);
		at += gap[0].length;
		if (gap[0] === "") break;
	}
	return words;
}
