// What a program is, and which of them is meant.
import type { Kernel } from "../kernel/kernel.ts";

/**
 * Reads the arguments from `first` on, does what they ask for, and returns the exit code. A command that is this very binary is
 * not started a second time: −N then, to go on as the program that the argument N names.
 */
export type Program = (kernel: Kernel, first: number) => number;

/** All names that a program is called by; any other name is my_init. */
export type Name =
	| "my_init"
	| "tini"
	| "tini-static"
	| "docker-init"
	| "init"
	| "dumb-init"
	| "catatonit"
	| "podman-init"
	| "pause"
	| "setuser"
	| "sv"
	| "initctl";
export const NAMES: readonly Name[] = [
	...["my_init", "tini", "tini-static", "docker-init", "init", "dumb-init", "catatonit"],
	...["podman-init", "pause", "setuser", "sv", "initctl"],
] as const;
/** The same for a word that may be any. */
const WORDS: readonly string[] = NAMES;

/** Which program is meant, and the index of its first argument. */
export interface Meant {
	/** undefined: `as` names none. */
	readonly name: Name | undefined;
	readonly first: number;
}

/** What an argument that is a path of this binary means: the name that it is called by, or the NAME of `my_init as NAME`. */
export function meantBy(kernel: Kernel, argument: number): Meant {
	const path = kernel.argument(argument) ?? "";
	const called = knownName(path.slice(path.lastIndexOf("/") + 1)) ?? "my_init";
	// For every other program "as" is a command.
	if (called !== "my_init" || kernel.argument(argument + 1) !== "as") {
		return { name: called, first: argument + 1 };
	}
	return { name: knownName(kernel.argument(argument + 2) ?? ""), first: argument + 3 };
}

function knownName(word: string): Name | undefined {
	const place = WORDS.indexOf(word);
	// Not NAMES[-1]: QuickJS would write that into its table of all names, 10 KB of the heap.
	return place < 0 ? undefined : NAMES[place];
}
