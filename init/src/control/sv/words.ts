// The arguments of sv, as sv(8) of runit has them.
import {
	SIGCONT,
	SIGHUP,
	SIGINT,
	SIGKILL,
	SIGQUIT,
	SIGSTOP,
	SIGTERM,
	wholeNumber,
} from "../../kernel/signals.ts";

/** What is to be done, in words of our protocol; a number: the signal to send. */
export type Deed =
	| ("status" | "check" | "start" | "stop" | "once" | "restart" | "try-restart")
	| { readonly signal: number };

export interface Command {
	readonly deed: Deed;
	/** Whether it is waited for, and reported. */
	readonly waits: boolean;
	/** Whether what overstays the time is killed. */
	readonly kills: boolean;
}

export interface SvRequest {
	readonly command: Command;
	readonly waitMs: number;
	/** As they were given. */
	readonly services: readonly string[];
}

const SIGUSR1 = 10;
const SIGUSR2 = 12;
const SIGALRM = 14;
const DEFAULT_WAIT_S = 7;

const signalled = (signal: number): Deed => ({ signal });

/** Those that are known by their whole word, and whether what overstays the time is killed. */
const WHOLE: readonly (readonly [word: string, deed: Deed, kills: boolean])[] = [
	["check", "check", false],
	["start", "start", false],
	["stop", "stop", false],
	["shutdown", "stop", false],
	["restart", "restart", false],
	["try-restart", "try-restart", false],
	["reload", signalled(SIGHUP), false],
	["force-stop", "stop", true],
	["force-shutdown", "stop", true],
	["force-reload", "try-restart", true],
	["force-restart", "restart", true],
];

/** Of all others the first letter is enough. */
const LETTERS: Readonly<Record<string, Deed>> = {
	s: "status",
	u: "start",
	d: "stop",
	o: "once",
	e: "stop",
	x: "stop",
	p: signalled(SIGSTOP),
	c: signalled(SIGCONT),
	h: signalled(SIGHUP),
	a: signalled(SIGALRM),
	i: signalled(SIGINT),
	q: signalled(SIGQUIT),
	k: signalled(SIGKILL),
	t: signalled(SIGTERM),
	"1": signalled(SIGUSR1),
	"2": signalled(SIGUSR2),
};

/** What the words ask for; undefined: they are none of sv's. `svwait` is the variable SVWAIT. */
export function readSvWords(
	words: readonly string[],
	svwait: string | undefined,
): SvRequest | undefined {
	let isVerbose = false;
	let waitS: number | undefined = wholeNumber(svwait ?? "") ?? DEFAULT_WAIT_S;
	let at = 0;
	for (; words[at]?.startsWith("-") === true && words[at] !== "-"; at++) {
		const word = words[at] ?? "";
		if (word === "--") {
			at++;
			break;
		}
		isVerbose = true;
		if (word === "-v") continue;
		if (!word.startsWith("-w")) return undefined;
		waitS = wholeNumber(word === "-w" ? (words[++at] ?? "") : word.slice(2));
	}
	const command = commandOf(words[at] ?? "", isVerbose);
	const services = words.slice(at + 1);
	if (waitS === undefined || command === undefined || services.length === 0) return undefined;
	return { command, waitMs: waitS * 1_000, services };
}

function commandOf(word: string, isVerbose: boolean): Command | undefined {
	for (const [whole, deed, kills] of WHOLE) {
		if (whole === word) return { deed, waits: true, kills };
	}
	const deed = LETTERS[word.charAt(0)];
	return deed === undefined ? undefined : { deed, waits: isVerbose, kills: false };
}

/** The name of the service that the word means: web, /etc/service/web, ./web/. A logger, web/log, is none of them. */
export function serviceNamed(word: string): string {
	const parts = word.split("/").filter((part) => part !== "");
	const name = parts[parts.length - 1] ?? "";
	const folder = parts[parts.length - 2];
	const isLogger = name === "log" && folder !== undefined && folder !== "." && folder !== "service";
	return isLogger ? `${folder}/log` : name;
}
