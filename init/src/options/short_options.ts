// Options as getopt_long(3) reads them: letters in clusters, long names, values in the same word or the next.
import type { Kernel } from "../kernel/kernel.ts";
import { printableText } from "../log/log.ts";

/** The options that a program knows. */
export interface ShortOptions {
	/** Letters without a value, and letters with one. */
	readonly flags: string;
	readonly valued: string;
	/** Long names, and the letter that each stands for. */
	readonly long: readonly (readonly [name: string, letter: string])[];
}

/** What is done with an option; a text when its value is refused, an empty one when nothing behind it is read any more. */
export type Take = (letter: string, value: string) => string | undefined;

/**
 * Reads options from the argument at `first` on, up to `--` or the first word that is none: an option behind the command is the
 * command's. The index of the command (0: none is given), or what is wrong.
 */
export function readShortOptions(
	kernel: Kernel,
	first: number,
	options: ShortOptions,
	take: Take,
): number | string {
	let index = first;
	for (;;) {
		const word = kernel.argument(index);
		if (word === undefined) return 0;
		if (word === "--") return index + 1 < kernel.argumentCount() ? index + 1 : 0;
		if (word === "-" || !word.startsWith("-")) return index;
		const next = kernel.argument(index + 1);
		const read = word.startsWith("--")
			? readLong(word.slice(2), next, options, take)
			: readCluster(word.slice(1), next, options, take);
		if (typeof read === "string") return read;
		index += read;
	}
}

/** How many words were read, or what is wrong. */
function readCluster(
	letters: string,
	next: string | undefined,
	options: ShortOptions,
	take: Take,
): number | string {
	for (let i = 0; i < letters.length; i++) {
		const letter = letters.charAt(i);
		if (options.valued.includes(letter)) {
			const rest = letters.slice(i + 1);
			return takeValue(`-${letter}`, letter, rest === "" ? undefined : rest, next, take);
		}
		if (!options.flags.includes(letter)) return `unknown option -${printableText(letter)}`;
		const refusal = take(letter, "");
		if (refusal !== undefined) return refusal;
	}
	return 1;
}

function readLong(
	word: string,
	next: string | undefined,
	options: ShortOptions,
	take: Take,
): number | string {
	const equals = word.indexOf("=");
	const name = equals < 0 ? word : word.slice(0, equals);
	const value = equals < 0 ? undefined : word.slice(equals + 1);
	const letter = letterOf(name, options);
	if (letter === undefined) return `unknown option --${printableText(name)}`;
	if (options.valued.includes(letter)) return takeValue(`--${name}`, letter, value, next, take);
	if (value !== undefined) return `--${name} takes no value`;
	return take(letter, "") ?? 1;
}

/** A long name may be cut to what no other begins with. */
function letterOf(name: string, { long }: ShortOptions): string | undefined {
	const fitting = long.filter(([known]) => known.startsWith(name));
	const exact = fitting.find(([known]) => known === name);
	return (exact ?? (fitting.length === 1 ? fitting[0] : undefined))?.[1];
}

function takeValue(
	option: string,
	letter: string,
	attached: string | undefined,
	next: string | undefined,
	take: Take,
): number | string {
	const value = attached ?? next;
	if (value === undefined) return `${option} needs a value`;
	return take(letter, value) ?? (attached === undefined ? 2 : 1);
}
