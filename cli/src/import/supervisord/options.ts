// The options of a section, each read by its type as supervisord's datatypes have them.
import type { Place, Problem } from "../model.ts";
import { signalName } from "../signals.ts";
import { BadValue } from "./expand.ts";
import type { IniSection } from "./ini.ts";

/** Reads the options of one section of one file, and notes what is wrong with them. */
export class Options {
	readonly problems: Problem[] = [];
	/** What is asked for several times is wrong once. */
	readonly #wrong = new Set<string>();
	readonly #section: IniSection;
	readonly #placeOf: (line: number) => Place;

	constructor(section: IniSection, placeOf: (line: number) => Place) {
		this.#section = section;
		this.#placeOf = placeOf;
	}

	has(name: string): boolean {
		return this.#section.values.has(name);
	}

	names(): string[] {
		return [...this.#section.values.keys()];
	}

	/** As it stands there, or "". */
	raw(name: string): string {
		return this.#section.values.get(name)?.text ?? "";
	}

	place(name: string): Place {
		return this.#placeOf(this.#section.values.get(name)?.line ?? this.#section.line);
	}

	/** The value as `read` understands it, or `otherwise` where it is missing, empty or wrong. */
	get<T>(name: string, otherwise: T, read: (text: string) => T): T {
		const text = this.raw(name);
		if (text === "") return otherwise;
		try {
			return read(text);
		} catch (thrown) {
			if (!(thrown instanceof BadValue)) throw thrown;
			if (this.#wrong.has(name)) return otherwise;
			this.#wrong.add(name);
			const what = `${name}=${oneLine(text)}: ${thrown.message}`;
			this.problems.push({ place: this.place(name), what, remedy: "supervisord refuses it too." });
			return otherwise;
		}
	}
}

/** At most so much of a value is quoted in a message. */
export function oneLine(text: string): string {
	const line = text.replaceAll(/\s*\n\s*/g, " ");
	return line.length > 60 ? `${line.slice(0, 57)}...` : line;
}

/** `option=value`, as it stands there, or its name alone. */
export function written(options: Options, name: string): string {
	const value = options.raw(name);
	return value === "" ? name : `${name}=${oneLine(value)}`;
}

const TRUE = ["yes", "true", "on", "1"];
const FALSE = ["no", "false", "off", "0"];

export function readBoolean(text: string): boolean {
	const word = text.toLowerCase();
	if (TRUE.includes(word)) return true;
	if (FALSE.includes(word)) return false;
	throw new BadValue(`not one of ${[...TRUE, ...FALSE].join(", ")}`);
}

export function readInteger(text: string): number {
	if (!/^[+-]?\d{1,9}$/.test(text)) throw new BadValue("not a whole number");
	return Number(text);
}

/** @throws BadValue below 0. */
export function readNatural(text: string): number {
	const value = readInteger(text);
	if (value < 0) throw new BadValue("less than 0");
	return value;
}

const UNITS: Readonly<Record<string, number>> = { kb: 1_024, mb: 1_048_576, gb: 1_073_741_824 };

/** Bytes, as supervisord writes them: 1024, 100KB, 50MB. */
export function readBytes(text: string): number {
	const [, digits, unit = ""] = /^(\d{1,12})([kmg]b)?$/.exec(text.toLowerCase()) ?? [];
	if (digits === undefined) throw new BadValue("not a size such as 1024, 100KB or 50MB");
	return Number(digits) * (UNITS[unit] ?? 1);
}

export function readOctal(text: string): number {
	if (!/^(0o?)?[0-7]{1,4}$/.test(text)) throw new BadValue("not an octal number such as 022");
	// Bits beyond those mean nothing to umask(2).
	return Number.parseInt(text.replace("o", ""), 8) & 0o777;
}

export function readExitCodes(text: string): number[] {
	return text.split(",").map((code) => {
		const value = readInteger(code.trim());
		if (value < 0 || value > 255) throw new BadValue(`${value} is no exit code (0 to 255)`);
		return value;
	});
}

/** A name without SIG, from a name with or without it or a number. */
export function readSignal(text: string): string {
	const name = signalName(text);
	if (name === undefined) throw new BadValue("not a signal of Linux");
	return name;
}
