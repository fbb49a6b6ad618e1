// The keys of one table, read by the schema: each gives its value, or undefined with a problem.
import { duration } from "../options/value_types.ts";
import { didYouMean, MOST_HINTS, nearest } from "./nearest.ts";
import { EXPECTED, type Keys } from "./schema.ts";
import { splitWords } from "./split_words.ts";
import { quoted } from "./toml/read_toml.ts";
import { type Entry, type Findings, kindOf, type Place, type Table, type Value } from "./value.ts";

/** The same few are written again and again. */
const durations: Record<string, number> = Object.create(null);
const SIZE_UNITS: readonly (readonly [unit: string, bytes: number])[] = [
	["k", 1_024],
	["m", 1_048_576],
	["g", 1_073_741_824],
	["b", 1],
];
/** 1 PiB. */
const MOST_BYTES = 1_125_899_906_842_624;

export class Fields<Name extends string> {
	readonly place: Place;
	readonly findings: Findings;
	readonly #owner: string;
	readonly #keys: Readonly<Record<Name, Keys[string]>>;
	readonly #entries: Record<string, Entry> = Object.create(null);

	/** @param owner what the keys belong to, for messages: "healthcheck."; empty: the service */
	constructor(
		owner: string,
		table: Table | undefined,
		place: Place,
		keys: Readonly<Record<Name, Keys[string]>>,
		findings: Findings,
	) {
		this.#owner = owner;
		this.place = place;
		this.#keys = keys;
		this.findings = findings;
		for (const entry of table?.entries ?? []) this.#entries[entry.key] = entry;
	}

	entry(name: Name): Entry | undefined {
		return this.#entries[name];
	}

	has(name: Name): boolean {
		return this.#entries[name] !== undefined;
	}

	/** Says what is wrong with the key. */
	bad(name: Name, what: string): undefined {
		this.findings.add(this.entry(name)?.place ?? this.place, `${this.#owner}${name} ${what}`);
	}

	/** Says what is odd about the key, and may be right. */
	warn(name: Name, what: string): void {
		this.findings.warn(this.entry(name)?.place ?? this.place, `${this.#owner}${name} ${what}`);
	}

	/** Says that a value is none of what the key takes. */
	unexpected(name: Name, value: Value): undefined {
		return this.bad(name, `is ${shown(value)}; write ${this.#expected(name)}`);
	}

	#expected(name: Name): string {
		const { type, range, allowed } = this.#keys[name];
		if (allowed !== undefined) return `one of ${allowed.join(", ")}`;
		return range === undefined ? EXPECTED[type] : `a whole number from ${range[0]} to ${range[1]}`;
	}

	#preset(name: Name): string {
		return this.#keys[name].preset;
	}

	flag(name: Name): boolean {
		const entry = this.entry(name);
		if (entry === undefined || typeof entry.value !== "boolean") {
			if (entry !== undefined) this.unexpected(name, entry.value);
			return this.#preset(name) === "true";
		}
		return entry.value;
	}

	integer(name: Name): number | undefined {
		const value = this.entry(name)?.value;
		const preset = this.#preset(name);
		if (value === undefined) return preset === "" ? undefined : Number(preset);
		const [least, most] = this.#keys[name].range ?? [0, 0];
		const isFit = typeof value === "number" && Number.isInteger(value);
		return isFit && value >= least && value <= most ? value : this.unexpected(name, value);
	}

	text(name: Name): string | undefined {
		const value = this.entry(name)?.value;
		if (value === undefined) return undefined;
		if (typeof value !== "string" || value === "") return this.unexpected(name, value);
		return value.includes("\0") ? this.bad(name, NUL) : value;
	}

	path(name: Name): string | undefined {
		const text = this.text(name);
		return text === undefined || text.startsWith("/") ? text : this.unexpected(name, text);
	}

	durationMs(name: Name, leastMs = 0): number {
		const value = this.entry(name)?.value ?? this.#preset(name);
		const text = typeof value === "number" ? String(value) : typeof value === "string" ? value : "";
		const ms = durations[text] ?? duration.parse(text);
		if (ms === undefined) this.unexpected(name, value);
		else if (ms < leastMs) this.bad(name, "is no time at all; write more than 0");
		else durations[text] = ms;
		return ms ?? 0;
	}

	sizeBytes(name: Name): number {
		const value = this.entry(name)?.value ?? this.#preset(name);
		const bytes = typeof value === "string" ? parseSize(value) : value;
		const isFit = typeof bytes === "number" && Number.isInteger(bytes) && bytes >= 0;
		if (isFit && bytes <= MOST_BYTES) return bytes;
		this.unexpected(name, value);
		return 0;
	}

	choice<Word extends string>(name: Name, words: readonly Word[]): Word | undefined {
		const value = this.entry(name)?.value ?? this.#preset(name);
		const word = words.find((candidate) => candidate === value);
		if (word !== undefined) return word;
		if (typeof value !== "string") return this.unexpected(name, value);
		const hint = didYouMean(value, words, "");
		return this.bad(
			name,
			`is ${quoted(value)}; ${hint === "" ? "" : `${hint} `}write ${this.#expected(name)}`,
		);
	}

	/** A command: a list of words, or a string that is split into them. */
	words(name: Name): string[] | undefined {
		const value = this.entry(name)?.value;
		if (value === undefined) return undefined;
		const words = typeof value === "string" ? splitWords(value) : this.strings(name);
		if (words === undefined) return undefined;
		if ("wrong" in words) return this.bad(name, words.wrong);
		if (words.some((word) => word.includes("\0"))) return this.bad(name, NUL);
		return words;
	}

	/** A list of strings; with `takesNumbers` also of whole numbers. */
	strings(name: Name, takesNumbers = false): string[] | undefined {
		const value = this.entry(name)?.value;
		if (value === undefined) return undefined;
		if (!Array.isArray(value)) return this.unexpected(name, value);
		const texts: string[] = [];
		for (const item of value) {
			const isNumber = takesNumbers && typeof item === "number" && Number.isInteger(item);
			if (typeof item !== "string" && !isNumber)
				return this.bad(name, `has ${shown(item)} in its list; write ${this.#expected(name)}`);
			texts.push(String(item));
		}
		return texts;
	}
}

export const NUL = "has a NUL byte in it, which no program can be given; take it out";

export function shown(value: Value): string {
	if (typeof value === "string") return quoted(value);
	return typeof value === "number" ? `the number ${value}` : kindOf(value);
}

/** "64k", "10m", "1gb", "4096b". */
export function parseSize(text: string): number | undefined {
	let rest = text.trim().toLowerCase();
	if (rest.length > 2 && rest.endsWith("b") && "kmg".includes(rest.charAt(rest.length - 2)))
		rest = rest.slice(0, -1);
	const unit = SIZE_UNITS.find(([end]) => rest.endsWith(end));
	const digits = unit === undefined ? rest : rest.slice(0, -1);
	const isNumber = digits !== "" && digits.split("").every((digit) => digit >= "0" && digit <= "9");
	return isNumber ? Number(digits) * (unit?.[1] ?? 1) : undefined;
}

/** Names every key that the schema does not have; returns for each what was probably meant, empty where nobody knows. */
export function checkKeys(
	owner: string,
	table: Table,
	keys: Keys,
	findings: Findings,
	otherwise: (key: string) => string,
): string[] {
	const meant: string[] = [];
	for (const { key, place } of table.entries) {
		if (Object.hasOwn(keys, key)) continue;
		const near = meant.length < MOST_HINTS ? nearest(key, Object.keys(keys)) : undefined;
		meant.push(near ?? "");
		const hint = near === undefined ? otherwise(key) : `did you mean "${near}"?`;
		findings.add(place, `unknown key ${quoted(`${owner}${key}`)}; ${hint}`);
	}
	return meant;
}
