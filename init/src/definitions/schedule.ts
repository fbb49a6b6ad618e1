// schedule: the five fields of crontab(5), checked, and with numbers for names.
import { wholeNumber } from "../kernel/signals.ts";
import { everComes, readSchedule } from "../services/schedule.ts";
import { quoted } from "./toml/read_toml.ts";

interface FieldKind {
	readonly name: string;
	readonly least: number;
	readonly most: number;
	/** The name of `least`, and those that follow. */
	readonly names: readonly string[];
}

const FIELDS: readonly FieldKind[] = [
	{ name: "minute", least: 0, most: 59, names: [] },
	{ name: "hour", least: 0, most: 23, names: [] },
	{ name: "day of the month", least: 1, most: 31, names: [] },
	{
		...{ name: "month", least: 1, most: 12 },
		names: "jan feb mar apr may jun jul aug sep oct nov dec".split(" "),
	},
	{ name: "day of the week", least: 0, most: 7, names: "sun mon tue wed thu fri sat".split(" ") },
];
const NAMED: readonly (readonly [name: string, fields: string])[] = [
	["@hourly", "0 * * * *"],
	["@daily", "0 0 * * *"],
	["@midnight", "0 0 * * *"],
	["@weekly", "0 0 * * 0"],
	["@monthly", "0 0 1 * *"],
	["@yearly", "0 0 1 1 *"],
	["@annually", "0 0 1 1 *"],
];

/** The five fields in numbers, or what is wrong. */
export function parseSchedule(text: string): string | { readonly wrong: string } {
	const trimmed = text.trim();
	if (trimmed.startsWith("@")) return parseNamed(trimmed.toLowerCase());
	const fields = trimmed
		.split("\t")
		.join(" ")
		.split(" ")
		.filter((field) => field !== "");
	if (fields.length !== FIELDS.length)
		return {
			wrong: `has ${fields.length} fields; write five: minute, hour, day of the month, month, day of the week`,
		};
	const parsed: string[] = [];
	for (let i = 0; i < FIELDS.length; i++) {
		const kind = FIELDS[i];
		const field = kind === undefined ? undefined : parseField(fields[i] ?? "", kind);
		if (kind === undefined || field === undefined) {
			const what = `has ${quoted(fields[i] ?? "")} as ${kind?.name ?? ""}`;
			return {
				wrong: `${what}; write *, or numbers from ${kind?.least ?? 0} to ${kind?.most ?? 0} such as 5, 1-4, 1,3 or */2`,
			};
		}
		parsed.push(field);
	}
	const schedule = parsed.join(" ");
	return everComes(readSchedule(schedule))
		? schedule
		: { wrong: "never comes: no month of it has such a day" };
}

function parseNamed(name: string): string | { readonly wrong: string } {
	if (name === "@reboot")
		return {
			wrong:
				'is "@reboot"; leave schedule out: a service is started at boot then (restart = "no": once)',
		};
	const fields = NAMED.find(([known]) => known === name)?.[1];
	return (
		fields ?? {
			wrong: `is no time; write ${NAMED.map(([known]) => known).join(", ")}, or five fields`,
		}
	);
}

/** Lists of ranges with steps, in numbers; undefined: it is none. */
function parseField(field: string, kind: FieldKind): string | undefined {
	const parts: string[] = [];
	for (const part of field.split(",")) {
		const slash = part.indexOf("/");
		const range = parseRange(slash < 0 ? part : part.slice(0, slash), kind);
		const step = slash < 0 ? 1 : wholeNumber(part.slice(slash + 1));
		if (range === undefined || step === undefined || step < 1 || step > kind.most) return undefined;
		// A step needs a range to go through.
		if (slash >= 0 && !range.includes("-") && range !== "*") return undefined;
		parts.push(slash < 0 ? range : `${range}/${step}`);
	}
	return parts.join(",");
}

function parseRange(range: string, kind: FieldKind): string | undefined {
	if (range === "*") return range;
	const dash = range.indexOf("-");
	const first = parseOne(dash < 0 ? range : range.slice(0, dash), kind);
	if (dash < 0 || first === undefined) return first === undefined ? undefined : String(first);
	const last = parseOne(range.slice(dash + 1), kind);
	return last === undefined || last < first ? undefined : `${first}-${last}`;
}

function parseOne(text: string, { least, most, names }: FieldKind): number | undefined {
	const named = names.indexOf(text.toLowerCase());
	const number = named < 0 ? wholeNumber(text) : named + least;
	return number === undefined || number < least || number > most ? undefined : number;
}
