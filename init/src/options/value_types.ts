// How the value of an option is written, and what it means.
import { LOG_LEVELS, type LogLevel } from "../log/log.ts";

/** A kind of value: its name for tables, what it looks like for messages, and its reader. */
export interface ValueType<Value> {
	readonly name: string;
	/** Completes "expected …". */
	readonly expected: string;
	/** The value, or undefined when the text is none. */
	parse(text: string): Value | undefined;
}

/** The kind of an option that takes no value. */
export const FLAG = "flag";

const MS_PER_UNIT: readonly (readonly [unit: string, ms: number])[] = [
	["ms", 1],
	["s", 1_000],
	["m", 60_000],
	["h", 3_600_000],
];
/** Seven days: beyond any stop that is meant, and within what ppoll and a 32-bit count of ms can hold. */
const LONGEST_MS = 7 * 24 * 3_600_000;

/** Milliseconds: "500ms", "9s", "1m30s", "1.5s"; a bare number is seconds. */
export const duration: ValueType<number> = {
	name: "duration",
	expected: "a duration of at most 7 days such as 500ms, 9s or 1m30s (a bare number is seconds)",
	parse: (text) => parseDuration(text.trim()),
};

function parseDuration(text: string): number | undefined {
	let total = 0;
	let at = 0;
	while (at < text.length) {
		const numberEnd = skip(text, at, isNumberCharacter);
		const unitEnd = skip(text, numberEnd, (character) => !isNumberCharacter(character));
		const value = decimal(text.slice(at, numberEnd));
		const unit = text.slice(numberEnd, unitEnd);
		const isBareNumber = unit === "" && at === 0;
		const msPerUnit = isBareNumber ? 1_000 : MS_PER_UNIT.find(([name]) => name === unit)?.[1];
		if (value === undefined || msPerUnit === undefined) return undefined;
		total += value * msPerUnit;
		at = unitEnd;
	}
	return text !== "" && total <= LONGEST_MS ? Math.round(total) : undefined;
}

function skip(text: string, from: number, belongs: (character: string) => boolean): number {
	let at = from;
	while (at < text.length && belongs(text.charAt(at))) at++;
	return at;
}

function isNumberCharacter(character: string): boolean {
	return (character >= "0" && character <= "9") || character === ".";
}

/** A number in digits with at most one point; Number() alone would take "", "0x9" and "1e9" as well. */
function decimal(text: string): number | undefined {
	const number = Number(text);
	return text === "" || text === "." || Number.isNaN(number) ? undefined : number;
}

/** One of a few words. */
export function choice<const Words extends readonly string[]>(
	words: Words,
): ValueType<Words[number]> {
	return {
		name: "word",
		expected: `one of ${words.join(", ")}`,
		parse: (text) => words.find((word) => word === text),
	};
}

const YES = ["yes", "true", "1"];
const NO = ["no", "false", "0"];

/** An option that is given without a value, and a variable that says yes or no. */
export const flag: ValueType<boolean> = {
	name: FLAG,
	expected: "yes or no",
	parse: (text) => (YES.includes(text) ? true : NO.includes(text) ? false : undefined),
};

/** Names of variables, or patterns of them, separated by commas: `*` stands for any text. */
export const nameList: ValueType<readonly string[]> = {
	name: "names",
	expected: "names of variables, separated by commas",
	parse: parseNames,
};

function parseNames(text: string): readonly string[] | undefined {
	if (text === "none") return [];
	const names = text.split(",").map((name) => name.trim());
	const areNames = names.every((name) => name !== "" && !name.includes(" ") && !name.includes("="));
	return areNames ? names : undefined;
}

/** An absolute path; "none" is the empty one. */
export const filePath: ValueType<string> = {
	name: "file",
	expected: "an absolute path",
	parse: (text) => (text === "none" ? "" : text.startsWith("/") ? text : undefined),
};

export const logLevel: ValueType<LogLevel | undefined> = { ...choice(LOG_LEVELS), name: "level" };
