// What a program is, and which of them is meant.
import type { Kernel } from "../kernel/kernel.ts";

/**
 * Reads the arguments from `first` on, does what they ask for, and returns the exit code. A command that is this very binary is
 * not started a second time: −N then, to go on as the program that the argument N names.
 */
export type Program = (kernel: Kernel, first: number) => number;

/** All names that a program is called by; any other name is the first of them. */
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
	| "initctl";
export const NAMES: readonly Name[] = [
	...["my_init", "tini", "tini-static", "docker-init", "init", "dumb-init", "catatonit"],
	...["podman-init", "pause", "initctl"],
] as const;
const MY_INIT = 0;
/** The same for a name that may be any. */
const WORDS: readonly string[] = NAMES;

/** The place in NAMES of the program that is meant where the argument N is a path of this binary; −1: `as` names none. */
export function placeOf(kernel: Kernel, argument: number): number {
	if (!isChosen(kernel, argument)) return Math.max(MY_INIT, calledAs(kernel, argument));
	return WORDS.indexOf(kernel.argument(argument + 2) ?? "");
}

/** The index of that program's first argument. */
export function firstArgumentOf(kernel: Kernel, argument: number): number {
	return isChosen(kernel, argument) ? argument + 3 : argument + 1;
}

/** `my_init as NAME`; for every other program, "as" is a command. */
function isChosen(kernel: Kernel, argument: number): boolean {
	return kernel.argument(argument + 1) === "as" && calledAs(kernel, argument) <= MY_INIT;
}

function calledAs(kernel: Kernel, argument: number): number {
	const path = kernel.argument(argument) ?? "";
	return WORDS.indexOf(path.slice(path.lastIndexOf("/") + 1));
}
