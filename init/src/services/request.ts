// From what somebody has sent to a request: everything is checked, since anybody may have written it.
import type { Request, WaitFor } from "../control/protocol.ts";

const WAITS: readonly WaitFor[] = ["started", "ready", "healthy", "stopped"];
const VERBS = ["start", "stop", "restart", "once"] as const;

/** The request, or why it is none. */
export function parseRequest(line: string): Request | string {
	let value: unknown;
	try {
		value = JSON.parse(line);
	} catch {
		return "this is no JSON";
	}
	if (typeof value !== "object" || value === null) return "this is no object";
	const verb = member(value, "verb");
	const names = listOfText(member(value, "names"));
	if (verb === "totals") return { verb };
	if (verb === "events") return { verb, follows: member(value, "follows") === true };
	if (names === undefined) return "names: a list of text in bytes is needed";
	if (verb === "status") return { verb, names };
	const plain = VERBS.find((one) => one === verb);
	if (plain !== undefined) return { verb: plain, names, waits: member(value, "waits") !== false };
	if (verb === "signal") {
		const signal = member(value, "signal");
		if (typeof signal !== "number" || !isSignal(signal))
			return "signal: a whole number from 1 to 64 is needed";
		return { verb, names, signal, isGroup: member(value, "isGroup") === true };
	}
	if (verb === "wait") {
		const until = WAITS.find((one) => one === member(value, "until"));
		return until === undefined
			? `until: one of ${WAITS.join(", ")} is needed`
			: { verb, names, until };
	}
	return "this init knows no such verb";
}

function isSignal(signal: number): boolean {
	return Number.isInteger(signal) && signal >= 1 && signal <= 64;
}

function member(value: object, name: string): unknown {
	const found = Object.entries(value).find(([key]) => key === name);
	return found?.[1];
}

/** Each once: an answer is no longer than all services make it. */
function listOfText(value: unknown): string[] | undefined {
	if (!Array.isArray(value)) return undefined;
	const list: string[] = [];
	for (const entry of value) {
		if (typeof entry !== "string" || !isBytes(entry)) return undefined;
		if (!list.includes(entry)) list.push(entry);
	}
	return list;
}

/** JSON can name any character; what is said to the kernel, or to the log, has one for each byte. */
function isBytes(text: string): boolean {
	for (let place = 0; place < text.length; place++) if (text.charCodeAt(place) > 255) return false;
	return true;
}
