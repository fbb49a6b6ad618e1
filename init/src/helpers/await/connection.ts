// One try of a connection.
import { describeErrno, EAGAIN, EPROTOTYPE, ETIMEDOUT } from "../../kernel/errno.ts";
import type { Kernel, Result } from "../../kernel/kernel.ts";
import { printableText } from "../../log/log.ts";
import { addressesOf, HOSTS, HOSTS_BYTES, isAddress } from "./hosts.ts";
import type { Place } from "./options.ts";

const STREAM = 1;
const MESSAGES = 2;
const MESSAGES_IN_ORDER = 5;
/** What a server says first, up to the end of its first line. */
const LONGEST_STATUS_LINE = 1_024;
/** A body is read so far, so that its server is not cut off in the middle of a usual one. */
const MOST_BODY_BYTES = 65_536;
const BODY_WITHIN_MS = 250;

/** A connected descriptor, or why there is none. */
function connect(kernel: Kernel, { host, port }: Place, untilMs: number): number | string {
	const addresses = isAddress(host) ? [host] : namedAddresses(kernel, host);
	if (typeof addresses === "string") return addresses;
	let why = "";
	for (const address of addresses) {
		const connected = settle(kernel, kernel.connectTcp(address, port), untilMs);
		if (connected >= 0) return connected;
		why = `${printableText(address)} port ${port}: ${describeErrno(connected)}`;
	}
	return why;
}

function namedAddresses(kernel: Kernel, host: string): string[] | string {
	const hosts = kernel.readFile(HOSTS, HOSTS_BYTES);
	const addresses = addressesOf(host, typeof hosts === "string" ? hosts : "");
	if (addresses.length > 0) return addresses;
	return `"${printableText(host)}" is not in ${HOSTS}, and DNS is not asked: give an address in numbers`;
}

/** Waits until a connection that is on its way is made: the descriptor, or −errno. */
function settle(kernel: Kernel, descriptor: Result, untilMs: number): Result {
	if (descriptor < 0) return descriptor;
	const left = untilMs - kernel.nowMs();
	const isSettled = kernel.waitWritable(descriptor, left > 0 ? left : 0) === 1;
	const failure = isSettled ? kernel.socketError(descriptor) : -ETIMEDOUT;
	if (failure === 0) return descriptor;
	kernel.close(descriptor);
	return failure;
}

/** Empty: somebody accepts connections there; else why not. */
export function tryTcp(kernel: Kernel, place: Place, untilMs: number): string {
	const connected = connect(kernel, place, untilMs);
	if (typeof connected === "string") return connected;
	kernel.close(connected);
	return "";
}

/** Empty: a socket that takes connections or messages is there; else why not. */
export function tryUnix(kernel: Kernel, path: string): string {
	let result = -EPROTOTYPE;
	for (const type of [STREAM, MESSAGES, MESSAGES_IN_ORDER]) {
		if (result === -EPROTOTYPE) result = kernel.connectUnix(path, type);
	}
	if (result >= 0) kernel.close(result);
	if (result >= 0) return "";
	return result === -EAGAIN ? "its queue of connections is full (EAGAIN)" : describeErrno(result);
}

/** Empty: the server answers with a status of 2xx or 3xx; else why not. */
export function tryHttp(
	kernel: Kernel,
	place: Place & { readonly path: string },
	untilMs: number,
): string {
	const connected = connect(kernel, place, untilMs);
	if (typeof connected === "string") return connected;
	const { host, port, path } = place;
	const name = host.includes(":") ? `[${host}]` : host;
	const written = kernel.write(
		connected,
		`GET ${path} HTTP/1.1\r\nHost: ${name}:${port}\r\nUser-Agent: initctl\r\nAccept: */*\r\nConnection: close\r\n\r\n`,
	);
	const why = written < 0 ? describeErrno(written) : readStatus(kernel, connected, untilMs);
	kernel.close(connected);
	return why;
}

function readStatus(kernel: Kernel, connection: number, untilMs: number): string {
	let head = "";
	while (!head.includes("\n") && head.length < LONGEST_STATUS_LINE) {
		const bytes = readOn(kernel, connection, untilMs);
		if (typeof bytes === "number") return describeErrno(bytes);
		if (bytes === "") return "the server closed the connection without an answer";
		head += bytes;
	}
	const [version = "", status = ""] = head.slice(0, LONGEST_STATUS_LINE).split(" ");
	if (!version.startsWith("HTTP/1.") || status.length < 3) return "the answer is not HTTP";
	if (!status.startsWith("2") && !status.startsWith("3"))
		return `the server answers with status ${printableText(status.slice(0, 3))}`;
	let length = head.length;
	const bodyMs = Math.min(untilMs, kernel.nowMs() + BODY_WITHIN_MS);
	while (length < MOST_BODY_BYTES) {
		const bytes = readOn(kernel, connection, bodyMs);
		if (typeof bytes === "number" || bytes === "") break;
		length += bytes.length;
	}
	return "";
}

/** What comes next, empty at the end, or −errno. */
function readOn(kernel: Kernel, connection: number, untilMs: number): string | Result {
	const left = untilMs - kernel.nowMs();
	const readable = left > 0 ? kernel.poll([connection], left) : [];
	if (typeof readable === "number") return readable;
	// Woken by a signal, or not at all: who has sent it does not wait for the server.
	return readable.length === 0 ? -ETIMEDOUT : kernel.read(connection, 4_096);
}
