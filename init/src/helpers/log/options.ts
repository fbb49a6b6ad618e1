// The arguments of `initctl log`.
import { wholeNumber } from "../../kernel/signals.ts";
import { printableText } from "../../log/log.ts";

export const LOG_USAGE =
	"usage: initctl log NAME prefix|json|none [--file PATH] [--max-size BYTES] [--max-files N]";

export const LOG_FORMATS = ["prefix", "json", "none"] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

export interface LogOptions {
	/** Of the service. */
	readonly name: string;
	readonly format: LogFormat;
	/** Empty: stdout. */
	readonly file: string;
	/** In bytes; 0: the file may grow as it likes. */
	readonly maxSize: number;
	/** How many files are kept beside the one that is written. */
	readonly maxFiles: number;
}

/** A service's name is no text: it stands in each line. */
const LONGEST_NAME = 128;
const MOST_FILES = 1_000;

/** What the words behind `log` ask for, or what is wrong with them. */
export function readLogOptions(words: readonly string[]): LogOptions | string {
	const [name = "", format = "", ...rest] = words;
	if (name === "" || name.length > LONGEST_NAME || name !== printableText(name))
		return `NAME has 1 to ${LONGEST_NAME} printable characters; got ${shown(name)}`;
	const known = LOG_FORMATS.find((candidate) => candidate === format);
	if (known === undefined) return `FORMAT is ${LOG_FORMATS.join(", ")}; got ${shown(format)}`;
	let file = "";
	let maxSize = 0;
	let maxFiles = 0;
	for (let i = 0; i < rest.length; i += 2) {
		const option = rest[i] ?? "";
		const value = rest[i + 1] ?? "";
		const number = wholeNumber(value);
		if (option === "--file" && value !== "") file = value;
		else if (option === "--max-size" && number !== undefined) maxSize = number;
		else if (option === "--max-files" && number !== undefined && number <= MOST_FILES)
			maxFiles = number;
		else return `unknown option, or a value that it cannot have: ${shown(`${option} ${value}`)}`;
	}
	if (file === "" && format === "none") return "FORMAT none is for a file: --file PATH";
	return { name, format: known, file, maxSize, maxFiles };
}

function shown(text: string): string {
	return `"${printableText(text)}"`;
}
