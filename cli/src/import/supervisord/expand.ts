// supervisord's `%(name)s`: what is known now is put in, what only the start knows stays a variable.
import { split } from "shlex";
import type { Part, Word } from "../model.ts";
import { isVariableName } from "../shell/quote.ts";

/** What may stand in `%(…)`, beside ENV_X. */
export type Expansions = Readonly<Record<string, string | number>>;

/** The value is not as supervisord wants it; the message says why. */
export class BadValue extends Error {
	override readonly name = "BadValue";
}

// Characters that no source has, since it is read as bytes: they hold the place of a variable while words are split.
const OPEN = "\uE000";
const OPEN_SPLITTING = "\uE001";
const CLOSE = "\uE002";

/** The words of a command, as Python's shlex splits them after the expansion. @throws BadValue */
export function commandWords(text: string, known: Expansions): Word[] {
	const marked = expand(text, known);
	try {
		return split(marked).map(wordOf);
	} catch {
		throw new BadValue("a quotation mark or a backslash at its end has no partner");
	}
}

/** One value. @throws BadValue */
export function valueWord(text: string, known: Expansions): Word {
	return wordOf(expand(text, known).replaceAll(OPEN_SPLITTING, OPEN));
}

/** One value that the start must not decide. @throws BadValue */
export function valueText(text: string, known: Expansions): string {
	const word = valueWord(text, known);
	const [part = ""] = word;
	if (word.length > 1 || typeof part !== "string") {
		throw new BadValue("it has a variable of the environment, which only the start knows");
	}
	return part;
}

/** KEY="value",KEY2=value2, as supervisord's `environment`. @throws BadValue */
export function environmentPairs(text: string, known: Expansions): { name: string; value: Word }[] {
	const pairs: { name: string; value: Word }[] = [];
	const pair = /\s*([^\s=,"']+)\s*=\s*("[^"]*"|'[^']*'|[^\s,"']*)\s*(?:,|$)/y;
	const trimmed = expand(text, known).replaceAll(OPEN_SPLITTING, OPEN).trim();
	while (pair.lastIndex < trimmed.length) {
		const at = pair.lastIndex;
		const [, name, value] = pair.exec(trimmed) ?? [];
		if (name === undefined || value === undefined) {
			const rest = trimmed.slice(at, at + 30).replace(/[\uE000-\uE002]/g, "");
			throw new BadValue(`at "${rest}" it is no list of KEY="value", separated by commas`);
		}
		pairs.push({ name, value: wordOf(value.replace(/^(["'])(.*)\1$/s, "$2")) });
	}
	return pairs;
}

/** Python's `%` with a dictionary: %(name)s, %(name)d with a width, and %% for a percent sign. */
function expand(text: string, known: Expansions): string {
	let quote = "";
	return text.replace(
		/\\.|["']|%(?:\(([^)]*)\)(0?)(\d*)([sd])|%|)/gs,
		(found, name: string | undefined, zero: string, width: string, type: string) => {
			if (found === '"' || found === "'") {
				if (quote === "") quote = found;
				else if (quote === found) quote = "";
				return found;
			}
			if (found.startsWith("\\") || found === "%%") return found === "%%" ? "%" : found;
			if (name === undefined) {
				throw new BadValue('a "%" begins neither %(name)s nor %%, which stands for itself');
			}
			const variable = name === "host_node_name" ? "HOSTNAME" : /^ENV_(.+)$/.exec(name)?.[1];
			if (variable !== undefined) {
				if (!isVariableName(variable)) {
					throw new BadValue(`no shell has a variable of the name "${variable}"`);
				}
				return `${quote === "" ? OPEN_SPLITTING : OPEN}${variable}${CLOSE}`;
			}
			const value = known[name];
			if (value === undefined) {
				const names = Object.keys(known).join(", ");
				throw new BadValue(`%(${name})${type} is unknown here; known are ENV_X, ${names}`);
			}
			return String(value).padStart(Number(width), type === "d" && zero !== "" ? "0" : " ");
		},
	);
}

function wordOf(marked: string): Word {
	return marked
		.split(/([\uE000\uE001][^\uE002]*\uE002)/)
		.filter((piece) => piece !== "")
		.map((piece): Part => {
			if (!piece.endsWith(CLOSE)) return piece;
			return { variable: piece.slice(1, -1), splits: piece.startsWith(OPEN_SPLITTING) };
		});
}
