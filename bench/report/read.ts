/** Reads a report back: JSON from a file is believed only where it has the shape. */
import { REPORT_FORMAT, type Report } from "./report.ts";

/** Finds out where a value differs from the shape: undefined when it does not. `place` is how it is reached. */
type Check = (value: unknown, place: string) => string | undefined;

/** @throws when the text is no report of this format, with the first place where it differs. */
export function parseReport(text: string, source: string): Report {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch (error) {
		throw new Error(`${source} is no JSON: ${error instanceof Error ? error.message : error}`);
	}
	if (!isReport(value)) {
		const fault = findFault(value, "the report");
		throw new Error(`${source} is no report of "npm run bench": ${fault}`);
	}
	return value;
}

function kind(what: string, fits: (value: unknown) => boolean): Check {
	return (value, place) => (fits(value) ? undefined : `${place} is not ${what}`);
}

function oneOf(...words: readonly unknown[]): Check {
	return kind(words.join(" or "), (value) => words.includes(value));
}

function first<Item>(
	items: readonly Item[],
	check: (item: Item, index: number) => string | undefined,
) {
	return items.map(check).find((fault) => fault !== undefined);
}

function listOf(check: Check, length?: number): Check {
	return (value, place) => {
		if (!Array.isArray(value)) return `${place} is not a list`;
		if (length !== undefined && value.length !== length)
			return `${place} is not a list of ${length}`;
		return first(value, (item: unknown, index) => check(item, `${place}[${index}]`));
	};
}

function optional(check: Check): Check {
	return (value, place) => (value === undefined ? undefined : check(value, place));
}

function shape(fields: Readonly<Record<string, Check>>): Check {
	return (value, place) => {
		if (typeof value !== "object" || value === null) return `${place} is not an object`;
		const found = new Map(Object.entries(value));
		return first(Object.entries(fields), ([name, check]) =>
			check(found.get(name), `${place}.${name}`),
		);
	};
}

function recordOf(check: Check): Check {
	return (value, place) => {
		if (typeof value !== "object" || value === null) return `${place} is not an object`;
		return first(Object.entries(value), ([name, item]) => check(item, `${place}.${name}`));
	};
}

const string = kind("a string", (value) => typeof value === "string");
const number = kind("a number", (value) => typeof value === "number");
const boolean = kind("true or false", (value) => typeof value === "boolean");

const absentCell = shape({ absent: string });
const measured = shape({
	rounds: number,
	lowerQuartile: number,
	median: number,
	upperQuartile: number,
	ratio: optional(shape({ value: number, interval: optional(listOf(number, 2)) })),
	interval: optional(listOf(number, 2)),
});
const cell: Check = (value, place) =>
	absentCell(value, place) === undefined ? undefined : measured(value, place);
const row = shape({
	id: string,
	title: string,
	unit: oneOf("ns", "bytes", "KiB", "count", "per minute", "per second"),
	better: oneOf("less", "more"),
	headline: boolean,
	whenBehind: string,
	limit: optional(shape({ of: oneOf("ratio", "median"), most: number })),
	growth: optional(
		shape({
			family: string,
			size: number,
			things: optional(string),
			of: optional(oneOf("each", "all")),
		}),
	),
	cells: recordOf(cell),
});
const column = shape({
	name: string,
	role: oneOf("ours", "peer", "floor"),
	version: string,
	linkage: oneOf("static", "dynamic"),
});
const machine = shape({
	cpu: string,
	cores: number,
	memoryBytes: number,
	architecture: string,
	kernel: string,
	distribution: string,
	libc: string,
	compiler: string,
	node: string,
});
const findFault = shape({
	format: oneOf(REPORT_FORMAT),
	date: string,
	seconds: number,
	quick: boolean,
	machine,
	loadBefore: listOf(number, 3),
	loadAfter: listOf(number, 3),
	inits: listOf(column),
	missing: listOf(shape({ name: string, reason: string })),
	sections: listOf(shape({ name: string, title: string, method: string, rows: listOf(row) })),
});

function isReport(value: unknown): value is Report {
	return findFault(value, "the report") === undefined;
}
