// From what a container is started with to the program that is to run in it.
import { isOneCommand } from "../../../init/src/explain/shell_text.ts";
import { baseName, behindInit, type KnownInit, knownInit } from "./inits.ts";
import {
	execWords,
	interpreterOf,
	lastCommand,
	type ScriptLine,
	trapsStop,
} from "./shell-words.ts";

/** How a shell stands to the program that it starts. */
export type Stays = "becomes it" | "traps and stays" | "may stay" | "stays";

/** One program on the way; the first one is PID 1 until it becomes the next. */
export type Link =
	| { kind: "init"; word: string; init: KnownInit }
	/** `sh -c TEXT`. */
	| { kind: "shell"; word: string; text: string; stays: Stays }
	| { kind: "script"; word: string; path: string; last: ScriptLine | undefined; stays: Stays }
	/** Starts another program and stays its parent: npm, su, sudo … */
	| { kind: "parent"; word: string }
	| { kind: "program"; word: string };

/** Reads a file of the container by the name that a command calls it; undefined: it can't be read, or is no text. */
export type ReadScript = (name: string) => Promise<{ path: string; text: string } | undefined>;

interface Surroundings {
	env: Readonly<Record<string, string>>;
	read: ReadScript;
}

const SHELLS = ["sh", "bash", "dash", "ash", "zsh", "ksh", "mksh", "yash"];
/** They execute what follows in their place; with how many words of their own, options apart. */
const BECOMES: Readonly<Record<string, number>> = {
	...{
		env: 0,
		nohup: 0,
		nice: 0,
		ionice: 0,
		stdbuf: 0,
		setpriv: 0,
		setsid: 0,
		chrt: 0,
		catchsegv: 0,
	},
	...{ gosu: 1, "su-exec": 1, setuser: 1, "s6-setuidgid": 1, chpst: 0, numactl: 0, unbuffer: 0 },
};
const STAYS = [
	"npm",
	"npx",
	"yarn",
	"pnpm",
	"su",
	"sudo",
	"timeout",
	"runuser",
	"poetry",
	"pipenv",
];
const MOST_LINKS = 12;

/** Follows a command to its program, through inits, shells, scripts and wrappers. */
export async function chainOf(argv: readonly string[], around: Surroundings): Promise<Link[]> {
	const links: Link[] = [];
	let words = [...argv];
	while (words.length > 0 && links.length < MOST_LINKS) {
		const step = await nextLink(words, around);
		if (step.link !== undefined) links.push(step.link);
		words = step.rest;
	}
	return links;
}

interface Step {
	link?: Link;
	/** What follows; empty at the end. */
	rest: string[];
}

async function nextLink(words: string[], { env, read }: Surroundings): Promise<Step> {
	const [word = "", ...args] = words;
	const name = baseName(word);
	const init = knownInit(word, env);
	if (init !== undefined) {
		return { link: { kind: "init", word, init }, rest: behindInit(words, init) };
	}
	if (name === "initctl" && args[0] === "env") return { rest: behindWrapper(args, 0) };
	const own = Object.hasOwn(BECOMES, name) ? BECOMES[name] : undefined;
	if (own !== undefined) return { rest: behindWrapper(words, own) };
	if (name === "busybox") return { rest: args };
	if (SHELLS.includes(name)) return await shellStep(word, args, read);
	if (STAYS.includes(name)) return { link: { kind: "parent", word }, rest: [] };
	return (await scriptStep(word, args, read)) ?? { link: { kind: "program", word }, rest: [] };
}

/** A shell with options: -c with the script in the next word, or a file, or nothing. */
async function shellStep(word: string, args: string[], read: ReadScript): Promise<Step> {
	let hasText = false;
	let index = 0;
	for (; index < args.length; index++) {
		const option = args[index] ?? "";
		if (!/^[-+]./.test(option)) break;
		if (/^-[a-z]*c/.test(option)) hasText = true;
		if (/^[-+][a-z]*o$/.test(option)) index++;
	}
	const [operand, ...rest] = args.slice(index);
	if (operand === undefined) return { link: { kind: "program", word }, rest: [] };
	if (hasText) {
		const next = execWords(operand, rest.slice(1));
		const stays = next !== undefined ? "becomes it" : staysWith(operand);
		return { link: { kind: "shell", word, text: operand, stays }, rest: next ?? [] };
	}
	return (
		(await scriptStep(operand, rest, read)) ?? {
			link: { kind: "script", word: operand, path: operand, last: undefined, stays: "may stay" },
			rest: [],
		}
	);
}

function staysWith(text: string): Stays {
	if (trapsStop(text)) return "traps and stays";
	return isOneCommand(text) ? "may stay" : "stays";
}

/** A file that a shell runs, by its #! line; undefined: it is none, or can't be read. */
async function scriptStep(
	word: string,
	args: string[],
	read: ReadScript,
): Promise<Step | undefined> {
	const file = await read(word);
	if (file === undefined || !file.text.startsWith("#!")) return undefined;
	const interpreter = interpreterOf(file.text);
	const isShell = interpreter.some((part) => SHELLS.includes(baseName(part)));
	if (!isShell) {
		// PID 1 is the interpreter: python3 for `#!/usr/bin/env python3`.
		const program = interpreter.find((part) => baseName(part) !== "env" && !part.startsWith("-"));
		return { link: { kind: "program", word: program ?? word }, rest: [] };
	}
	const next = execWords(file.text, args);
	const stays: Stays =
		next !== undefined ? "becomes it" : trapsStop(file.text) ? "traps and stays" : "stays";
	const link: Link = {
		...{ kind: "script", word, path: file.path, stays },
		last: lastCommand(file.text),
	};
	return { link, rest: next ?? [] };
}

/** The words behind a wrapper, its options and so many words of its own. */
function behindWrapper(words: readonly string[], own: number): string[] {
	let index = 1;
	let left = own;
	for (; index < words.length; index++) {
		const word = words[index] ?? "";
		if (word === "--") return words.slice(index + 1);
		if (/^-[uC]$/.test(word)) index++;
		else if (!word.startsWith("-") && !/^[A-Za-z_]\w*=/.test(word) && left-- <= 0) break;
	}
	return words.slice(index);
}

/** The one that is PID 1 while the container runs: the first that becomes no other. */
export function firstThatStays(links: readonly Link[]): Link | undefined {
	return links.find((link) => !("stays" in link) || link.stays !== "becomes it");
}

/** Whether the container's init asks everything to end, so that whatever stands behind it does no harm. */
export function waitsForAll(links: readonly Link[]): boolean {
	const first = firstThatStays(links);
	return first?.kind === "init" && first.init.waitsForAll;
}
