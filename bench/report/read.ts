/** Reads a report back: JSON from a file is believed only where it has the shape. */
import { REPORT_FORMAT, type Report } from "./report.ts";

type Check = (value: unknown) => boolean;

/** @throws when the text is no report of this format, with the place where it differs. */
export function parseReport(text: string, source: string): Report {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch (error) {
		throw new Error(`${source} is no JSON: ${error instanceof Error ? error.message : error}`);
	}
	if (!isReport(value)) {
		throw new Error(`${source} is no report of "npm run bench" in format ${REPORT_FORMAT}`);
	}
	return value;
}

const isString: Check = (value) => typeof value === "string";
const isNumber: Check = (value) => typeof value === "number";
const isBoolean: Check = (value) => typeof value === "boolean";
const oneOf =
	(...words: readonly unknown[]): Check =>
	(value) =>
		words.includes(value);
const listOf =
	(check: Check): Check =>
	(value) =>
		Array.isArray(value) && value.every(check);
const optional =
	(check: Check): Check =>
	(value) =>
		value === undefined || check(value);
const shape =
	(fields: Readonly<Record<string, Check>>): Check =>
	(value) => {
		if (typeof value !== "object" || value === null) return false;
		const entries = new Map(Object.entries(value));
		return Object.entries(fields).every(([name, check]) => check(entries.get(name)));
	};
const recordOf =
	(check: Check): Check =>
	(value) =>
		typeof value === "object" && value !== null && Object.values(value).every(check);

const isPair: Check = (value) =>
	listOf(isNumber)(value) && Array.isArray(value) && value.length === 2;
const isLoad: Check = (value) =>
	listOf(isNumber)(value) && Array.isArray(value) && value.length === 3;
const isRatio = shape({ value: isNumber, interval: optional(isPair) });
const isMeasuredCell = shape({
	rounds: isNumber,
	lowerQuartile: isNumber,
	median: isNumber,
	upperQuartile: isNumber,
	ratio: optional(isRatio),
});
const isAbsentCell = shape({ absent: isString });
const isRow = shape({
	id: isString,
	title: isString,
	unit: oneOf("ns", "bytes", "KiB", "count", "per minute", "per second"),
	better: oneOf("less", "more"),
	headline: isBoolean,
	whenBehind: isString,
	growth: optional(shape({ family: isString, size: isNumber })),
	cells: recordOf((cell) => isMeasuredCell(cell) || isAbsentCell(cell)),
});
const isColumn = shape({
	name: isString,
	role: oneOf("ours", "peer", "floor"),
	version: isString,
	linkage: oneOf("static", "dynamic"),
});
const isMachine = shape({
	cpu: isString,
	cores: isNumber,
	memoryBytes: isNumber,
	architecture: isString,
	kernel: isString,
	distribution: isString,
	libc: isString,
	compiler: isString,
	node: isString,
});
const isReportShape = shape({
	format: oneOf(REPORT_FORMAT),
	date: isString,
	seconds: isNumber,
	quick: isBoolean,
	machine: isMachine,
	loadBefore: isLoad,
	loadAfter: isLoad,
	inits: listOf(isColumn),
	missing: listOf(shape({ name: isString, reason: isString })),
	sections: listOf(
		shape({ name: isString, title: isString, method: isString, rows: listOf(isRow) }),
	),
});

function isReport(value: unknown): value is Report {
	return isReportShape(value);
}
