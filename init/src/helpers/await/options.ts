// The arguments of `initctl await`.
import { wholeNumber } from "../../kernel/signals.ts";
import { printableText } from "../../log/log.ts";
import { durationMs } from "../../options/words.ts";

export const AWAIT_USAGE = `usage: initctl await [--once] [--timeout MS] tcp HOST:PORT
       initctl await [--once] [--timeout MS] unix PATH
       initctl await [--once] [--timeout MS] file PATH
       initctl await [--once] [--timeout MS] http http://HOST[:PORT]/PATH
       initctl await [--once] [--timeout MS] exec -- COMMAND [ARG...]

Waits until something accepts connections, a file exists, a server answers with status 2xx or 3xx, or a command ends with 0.
HOST is an address in numbers ([::1] with brackets), localhost, or a name in /etc/hosts: DNS is not asked.

--once     tries once
--timeout  gives up after MS milliseconds, or 500ms, 30s, 2m; default: 60s

exit code: 0 it is so; 1 it was not; 2 usage
`;

export interface Place {
	readonly host: string;
	readonly port: number;
}

export type Wanted =
	| ({ readonly kind: "tcp" } & Place)
	| ({ readonly kind: "http"; readonly path: string } & Place)
	| { readonly kind: "unix" | "file"; readonly path: string }
	/** The command begins with the word of this index. */
	| { readonly kind: "exec"; readonly word: number };

export interface AwaitOptions {
	readonly isOnce: boolean;
	readonly timeoutMs: number;
	readonly wanted: Wanted;
}

const DEFAULT_TIMEOUT_MS = 60_000;
const HTTP = "http://";
const HTTP_PORT = 80;
const HIGHEST_PORT = 65_535;

/** What the words behind `await` ask for, or what is wrong with them. */
export function readAwaitOptions(words: readonly string[]): AwaitOptions | string {
	let isOnce = false;
	let timeoutMs = DEFAULT_TIMEOUT_MS;
	let at = 0;
	for (; words[at]?.startsWith("-"); at++) {
		const option = words[at];
		if (option === "--once") isOnce = true;
		else if (option === "--timeout") {
			const value = words[++at] ?? "";
			const ms = durationMs(value, 1);
			if (ms === undefined)
				return `--timeout takes milliseconds, or 500ms, 30s, 2m; got ${shown(value)}`;
			timeoutMs = ms;
		} else return `unknown option ${shown(option ?? "")}`;
	}
	const wanted = readWanted(words, at);
	return typeof wanted === "string" ? wanted : { isOnce, timeoutMs, wanted };
}

function readWanted(words: readonly string[], at: number): Wanted | string {
	const kind = words[at] ?? "";
	const word = words[at + 1] ?? "";
	if (kind === "exec") {
		const first = word === "--" ? at + 2 : at + 1;
		return first < words.length ? { kind, word: first } : "exec needs a command";
	}
	if (words.length > at + 2) return `${shown(words[at + 2] ?? "")} is one word too many`;
	if (kind === "unix" || kind === "file")
		return word === "" ? `${kind} needs a path` : { kind, path: word };
	if (kind === "tcp") {
		const place = readPlace(word, 0);
		return place === undefined ? `tcp needs HOST:PORT; got ${shown(word)}` : { kind, ...place };
	}
	if (kind === "http") return readUrl(word);
	return `KIND is tcp, unix, file, http or exec; got ${shown(kind)}`;
}

function readUrl(url: string): Wanted | string {
	const rest = url.slice(HTTP.length);
	const slash = rest.indexOf("/");
	const place = readPlace(slash < 0 ? rest : rest.slice(0, slash), HTTP_PORT);
	const path = slash < 0 ? "/" : rest.slice(slash);
	const isClean = url.split("").every((unit) => unit > " " && unit < "\x7f");
	if (!url.startsWith(HTTP) || place === undefined || !isClean)
		return `http needs http://HOST[:PORT]/PATH (https, users and blanks are not for it); got ${shown(url)}`;
	const fragment = path.indexOf("#");
	return { kind: "http", ...place, path: fragment < 0 ? path : path.slice(0, fragment) };
}

/** HOST:PORT, [ADDRESS]:PORT; without a port `port` is meant, where that is not 0. */
function readPlace(text: string, port: number): Place | undefined {
	const bracket = text.startsWith("[") ? text.indexOf("]") : -1;
	const colon = text.indexOf(":", bracket + 1);
	const end = colon < 0 ? text.length : colon;
	const host = bracket > 0 ? text.slice(1, bracket) : text.slice(0, end);
	if (bracket > 0 ? end !== bracket + 1 : text.startsWith("[")) return undefined;
	const given = colon < 0 ? port : (wholeNumber(text.slice(colon + 1)) ?? 0);
	const isFit = host !== "" && !host.includes("@") && given >= 1 && given <= HIGHEST_PORT;
	return isFit ? { host, port: given } : undefined;
}

function shown(text: string): string {
	return `"${printableText(text)}"`;
}
