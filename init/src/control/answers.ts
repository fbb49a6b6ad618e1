// What PID 1 answers, line by line, as values: checked, since it came from outside.
import { printableText } from "../log/log.ts";
import { sequenceLength } from "../log/utf8.ts";
import type { Done, ServiceEvent, ServiceState, ServiceStatus, Totals } from "./protocol.ts";

/** In the order of a service's life. */
export const STATES: readonly ServiceState[] = [
	...(["stopped", "scheduled", "waiting", "starting", "running"] as const),
	...(["stopping", "backoff", "completed", "failed"] as const),
];
const HEALTHS = ["healthy", "unhealthy", "starting"] as const;

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
	return typeof value === "object" && value !== null;
}

/** The object that the line is, or what is said where it is a refusal or none. */
function fieldsOf(line: string): Fields | string {
	let value: unknown;
	try {
		value = JSON.parse(line);
	} catch {
		value = undefined;
	}
	if (!isFields(value)) return `the answer is not understood: ${printableText(line)}`;
	const refused = value["refused"];
	return typeof refused === "string" ? `PID 1 refuses: ${printableText(refused)}` : value;
}

function textOf(fields: Fields, key: string): string {
	const value = fields[key];
	return typeof value === "string" ? value : "";
}

function numberOf(fields: Fields, key: string): number | undefined {
	const value = fields[key];
	return typeof value === "number" ? value : undefined;
}

/** A service, or why the line is none. */
export function readStatus(line: string): ServiceStatus | string {
	const fields = fieldsOf(line);
	if (typeof fields === "string") return fields;
	const state = STATES.find((known) => known === fields["state"]);
	const name = textOf(fields, "name");
	if (state === undefined || name === "")
		return `the answer is not understood: ${printableText(line)}`;
	return {
		name,
		state,
		health: HEALTHS.find((known) => known === fields["health"]),
		pid: numberOf(fields, "pid") ?? 0,
		finishPid: numberOf(fields, "finishPid") ?? 0,
		sinceMs: numberOf(fields, "sinceMs") ?? 0,
		restarts: numberOf(fields, "restarts") ?? 0,
		exitCode: numberOf(fields, "exitCode"),
		nextMs: numberOf(fields, "nextMs"),
		reason: textOf(fields, "reason"),
		isPaused: fields["isPaused"] === true,
		isWanted: fields["isWanted"] === true,
		isNormallyUp: fields["isNormallyUp"] !== false,
		startedAtMs: numberOf(fields, "startedAtMs"),
		readyAtMs: numberOf(fields, "readyAtMs"),
	};
}

export function readDone(line: string): Done | string {
	const fields = fieldsOf(line);
	if (typeof fields === "string") return fields;
	return { name: textOf(fields, "name"), error: textOf(fields, "error") };
}

export function readEvent(line: string): ServiceEvent | string {
	const fields = fieldsOf(line);
	if (typeof fields === "string") return fields;
	return {
		timeS: numberOf(fields, "timeS") ?? 0,
		name: textOf(fields, "name"),
		event: textOf(fields, "event"),
		pid: numberOf(fields, "pid") ?? 0,
		exitCode: numberOf(fields, "exitCode"),
		text: textOf(fields, "text"),
	};
}

export function readTotals(line: string): Totals | string {
	const fields = fieldsOf(line);
	if (typeof fields === "string") return fields;
	return {
		uptimeMs: numberOf(fields, "uptimeMs") ?? 0,
		reaped: numberOf(fields, "reaped") ?? 0,
		services: numberOf(fields, "services") ?? 0,
	};
}

/** A value as JSON that others can read: U+FFFD stands for bytes that are no UTF-8. */
export function jsonLine(value: object): string {
	const bytes = JSON.stringify(value);
	let text = "";
	let from = 0;
	for (let at = 0; at < bytes.length; ) {
		const length = bytes.charCodeAt(at) < 0x80 ? 1 : sequenceLength(bytes, at);
		if (length === 0) {
			text += `${bytes.slice(from, at)}\xef\xbf\xbd`;
			from = at + 1;
		}
		at += length === 0 ? 1 : length;
	}
	return text + bytes.slice(from);
}
