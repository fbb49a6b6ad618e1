// A file of variables as Compose's env_file has it: NAME=value lines, comments, quotes; nothing is expanded.
import { quoted } from "./toml/read_toml.ts";
import type { Findings, Place } from "./value.ts";

const ESCAPES: readonly (readonly [letter: string, meant: string])[] = [
	["n", "\n"],
	["r", "\r"],
	["t", "\t"],
	['"', '"'],
	["\\", "\\"],
	["$", "$"],
];

/** What some editors put in front of UTF-8. */
const BYTE_ORDER_MARK = "\xef\xbb\xbf";

/** Has `set` see each variable. */
export function readEnvFile(
	file: string,
	text: string,
	findings: Findings,
	set: (name: string, value: string) => void,
): void {
	let line = 1;
	let at = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
	while (at < text.length) {
		const lineEnd = endOfLine(text, at);
		const place: Place = { file, line, column: 1 };
		const begin = skipBlanks(text, at);
		let end = lineEnd;
		if (begin < lineEnd && text[begin] !== "#")
			end = readLine(text, begin, lineEnd, place, findings, set);
		for (; at < end; at++) if (text[at] === "\n") line++;
		at++;
		line++;
	}
}

/** Where the line ends: further down where a quote goes on. */
function readLine(
	text: string,
	begin: number,
	lineEnd: number,
	place: Place,
	findings: Findings,
	set: (name: string, value: string) => void,
): number {
	const equals = text.indexOf("=", begin);
	const isWithout = equals < 0 || equals >= lineEnd;
	const given = text.slice(begin, isWithout ? lineEnd : equals).trim();
	const name = given.startsWith("export ") ? given.slice(7).trim() : given;
	if (
		name === "" ||
		name.includes(" ") ||
		name.includes("\t") ||
		text.slice(begin, lineEnd).includes("\0")
	) {
		findings.add(
			place,
			`is no NAME=value: ${quoted(text.slice(begin, lineEnd))}; write it so, or # before a comment`,
		);
		return lineEnd;
	}
	// The container's own value, which it has anyway.
	if (isWithout) return lineEnd;
	const valueBegin = skipBlanks(text, equals + 1);
	const quote = text[valueBegin];
	if (quote !== '"' && quote !== "'") {
		set(name, plainValue(text.slice(valueBegin, Math.max(valueBegin, lineEnd))));
		return lineEnd;
	}
	const end = quotedValue(text, valueBegin + 1, quote, (value) => set(name, value));
	if (end !== undefined) return endOfLine(text, end);
	findings.add(place, `${quoted(name)} has a quote (${quote}) that is not closed; close it`);
	return text.length;
}

function plainValue(rest: string): string {
	if (rest.startsWith("#")) return "";
	const comment = rest.indexOf(" #");
	return (comment < 0 ? rest : rest.slice(0, comment)).trim();
}

/** Where the closing quote stands; undefined: there is none. */
function quotedValue(
	text: string,
	begin: number,
	quote: string,
	take: (value: string) => void,
): number | undefined {
	let value = "";
	for (let at = begin; at < text.length; at++) {
		const unit = text.charAt(at);
		if (unit === quote) {
			take(value);
			return at;
		}
		const escaped =
			unit === "\\" && quote === '"'
				? ESCAPES.find(([letter]) => letter === text[at + 1])
				: undefined;
		if (escaped !== undefined) at++;
		value += escaped?.[1] ?? unit;
	}
	return undefined;
}

function endOfLine(text: string, from: number): number {
	const end = text.indexOf("\n", from);
	return end < 0 ? text.length : end;
}

/** CR too, as it stands at the end of a line from Windows. */
function skipBlanks(text: string, from: number): number {
	let at = from;
	while (text[at] === " " || text[at] === "\t" || text[at] === "\r") at++;
	return at;
}
