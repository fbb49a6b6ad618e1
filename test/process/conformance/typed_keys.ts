// Keys typed on a terminal: the kernel sends their signals to the group in its foreground, wherever an init has put that.
import type { Binary } from "../support/binaries.ts";
import { Namespace } from "../support/namespace.ts";
import { until } from "../support/until.ts";
import type { Case, Observation } from "./case.ts";
import { type Placed, pidOfInit, start } from "./launch.ts";
import { seenOfStop, settled } from "./processes.ts";
import { FAMILY, familyIsReady, RELATIVES, received } from "./signals.ts";

const CTRL_C = "\x03";
const CTRL_BACKSLASH = "\x1c";
const CTRL_Z = "\x1a";
const KEYS = { "Ctrl-C": CTRL_C, "Ctrl-\\": CTRL_BACKSLASH };

const INTERACTIVE_SHELL = ["bash", "--norc", "--noprofile", "-i"];
const SHELL_ENVIRONMENT = { TERM: "dumb", PS1: "$ ", HISTFILE: "/dev/null" };
const SHELL_WORKS_MS = 3_000;

/** The cases of one program, with these options. */
export function typedKeys(options: readonly string[], placed: Placed = {}): Case[] {
	const where = placed.place === "not PID 1" ? ", not PID 1" : "";
	return [
		...Object.entries(KEYS).map(([key, typed]) =>
			reachesWhenTyped(`${key} typed${where}`, options, typed, placed),
		),
		stopsWhenTyped(`Ctrl-Z typed${where}`, options, placed),
	];
}

/** A key that sends a signal: which of the main child's family get it? */
function reachesWhenTyped(
	name: string,
	options: readonly string[],
	key: string,
	placed: Placed,
): Case {
	const observe = async (init: Binary): Promise<Observation> => {
		await using namespace = start(init, [...options, "sh", "-c", FAMILY], {
			...placed,
			onTerminal: true,
		});
		await familyIsReady(namespace);
		namespace.type(key);
		await echoOf(namespace, key);
		return await received(namespace, ["main", ...RELATIVES]);
	};
	return { name, observe };
}

/** Ctrl-Z and then CONT for the init: who stops, who goes on? */
function stopsWhenTyped(name: string, options: readonly string[], placed: Placed): Case {
	const observe = async (init: Binary): Promise<Observation> => {
		await using namespace = start(init, [...options, "sleep", "60"], {
			...placed,
			onTerminal: true,
		});
		const child = await namespace.pidOf("sleep", "60");
		const pid = await pidOfInit(namespace, placed.place);
		// The foreground was given before the command was executed.
		namespace.type(CTRL_Z);
		await echoOf(namespace, CTRL_Z);
		return await seenOfStop(pid, child);
	};
	return { name, observe };
}

/** Started from an interactive shell, stopped with Ctrl-Z, continued with fg, ended with Ctrl-C. */
export function isAJob(name: string, options: readonly string[]): Case {
	const observe = async (init: Binary): Promise<Observation> => {
		await using namespace = new Namespace(init, INTERACTIVE_SHELL, {
			onTerminal: true,
			environment: SHELL_ENVIRONMENT,
		});
		await shellWorks(namespace, 1);
		namespace.type(`${[init.path, ...options].join(" ")} sleep 60\n`);
		const child = await namespace.pidOf("sleep", "60");
		namespace.type(CTRL_Z);
		const isBack = await shellWorks(namespace, 2);
		const stopped = await settled(child);
		namespace.type("fg\n");
		const continued = await settled(child);
		namespace.type(CTRL_C);
		const isBackAgain = await shellWorks(namespace, 3);
		return {
			"the shell after Ctrl-Z": isBack,
			"the child after Ctrl-Z": stopped.join(),
			"the child after fg": continued.join(),
			"the shell after Ctrl-C": isBackAgain,
		};
	};
	return { name, observe };
}

/** A script on a terminal starts the init with another stdin, and then reads what is typed. */
export function letsScriptRead(name: string, options: readonly string[]): Case {
	const observe = async (init: Binary): Promise<Observation> => {
		const command = [...options, "sleep", "0.1"].join(" ");
		const script = `"$MY_INIT" ${command} </dev/null; echo next; read -r line; echo "got $line"; exec sleep 60`;
		await using namespace = new Namespace(init, ["sh", "-c", script], { onTerminal: true });
		await namespace.stdout.contains(/^next/m);
		namespace.type("typed\n");
		const seen = await until(
			"what is typed",
			() => namespace.stdout.text.includes("got typed") && "reads",
			SHELL_WORKS_MS,
		).catch(() => "cannot read");
		return { "the script": seen };
	};
	return { name, observe };
}

/** Types a command whose output is not what is typed: does the shell read and work? */
async function shellWorks(namespace: Namespace, mark: number): Promise<string> {
	namespace.type(`echo shell$((${mark}+0))works\n`);
	return await until(
		"the shell",
		() => namespace.stdout.text.includes(`shell${mark}works`) && "works",
		SHELL_WORKS_MS,
	).catch(() => "waits");
}

/** The terminal shows a control character as ^C once it has sent the signal. */
async function echoOf(namespace: Namespace, key: string): Promise<void> {
	const shown = `^${String.fromCharCode(key.charCodeAt(0) + 64)}`;
	await until(`${shown} is shown`, () => namespace.stdout.text.includes(shown));
}
