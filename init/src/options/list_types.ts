// Values that are lists: several things with commas between them.
import { SIGCHLD, SIGKILL, SIGSTOP, signalNumber, wholeNumber } from "../kernel/signals.ts";
import type { Replacement, StopSignal } from "./settings.ts";
import { duration, type ValueType } from "./value_types.ts";

export const HIGHEST_EXIT_CODE = 255;

/** Signal numbers from a list of names: "TERM,INT,RTMIN+3". */
export const signalList: ValueType<readonly number[]> = {
	name: "signals",
	expected: "names of signals that can be caught, separated by commas, such as TERM,INT,RTMIN+3",
	parse: (text) => listOf(text, catchable),
};

/** "TERM:QUIT,HUP:drop" */
export const rewriteList: ValueType<readonly Replacement[]> = {
	name: "rewrites",
	expected:
		"pairs FROM:TO of signals, separated by commas, such as TERM:QUIT,HUP:drop (drop: not forwarded, and no stop; of two for one signal the first holds)",
	parse: (text) => listOrNone(text, (pair) => replacement(pair, catchable, sendable)),
};

/** "143:0,130:0" */
export const exitCodeList: ValueType<readonly Replacement[]> = {
	name: "codes",
	expected: "pairs FROM:TO of exit codes from 0 to 255, separated by commas, such as 143:0,130:0",
	parse: (text) => listOrNone(text, (pair) => replacement(pair, parseExitCode, parseExitCode)),
};

/** "TERM 5s, INT 2s" */
export const stopSignalList: ValueType<readonly StopSignal[]> = {
	name: "ladder",
	expected:
		"signals with the time that each is given, separated by commas, such as TERM 5s, INT 2s (without a time: until the end of the budget; KILL follows by itself)",
	parse: (text) => listOrNone(withoutKill(text), stopSignal),
};

/** The same, with "none" for an empty list. */
function listOrNone<Item>(
	text: string,
	parse: (part: string) => Item | undefined,
): readonly Item[] | undefined {
	return text === "none" ? [] : listOf(text, parse);
}

/** What each part stands for; undefined when one of them stands for nothing. */
function listOf<Item>(
	text: string,
	parse: (part: string) => Item | undefined,
): readonly Item[] | undefined {
	const items: Item[] = [];
	for (const part of text.split(",")) {
		const item = parse(part.trim());
		if (item === undefined) return undefined;
		items.push(item);
	}
	return items;
}

/** SIGCHLD is the init's own, and the two others never arrive. */
function catchable(name: string): number | undefined {
	const signal = signalNumber(name);
	const isCatchable = signal !== SIGKILL && signal !== SIGSTOP && signal !== SIGCHLD;
	return isCatchable ? signal : undefined;
}

function sendable(name: string): number | undefined {
	return name.toLowerCase() === "drop" ? 0 : signalNumber(name);
}

/** 0 to 255. */
function parseExitCode(text: string): number | undefined {
	const code = wholeNumber(text);
	return code !== undefined && code <= HIGHEST_EXIT_CODE ? code : undefined;
}

function replacement(
	pair: string,
	parseFrom: (text: string) => number | undefined,
	parseTo: (text: string) => number | undefined,
): Replacement | undefined {
	const colon = pair.indexOf(":");
	if (colon < 0) return undefined;
	const from = parseFrom(pair.slice(0, colon).trim());
	const to = parseTo(pair.slice(colon + 1).trim());
	return from === undefined || to === undefined ? undefined : { from, to };
}

/** KILL comes last in any case. */
function withoutKill(text: string): string {
	const comma = text.lastIndexOf(",");
	const isKill = comma > 0 && signalNumber(text.slice(comma + 1).trim()) === SIGKILL;
	return isKill ? text.slice(0, comma) : text;
}

function stopSignal(text: string): StopSignal | undefined {
	let end = 0;
	while (end < text.length && text.charCodeAt(end) > 32) end++;
	const signal = catchable(text.slice(0, end));
	const waitMs =
		end === text.length ? Number.POSITIVE_INFINITY : duration.parse(text.slice(end).trim());
	return signal === undefined || waitMs === undefined ? undefined : { signal, waitMs };
}
