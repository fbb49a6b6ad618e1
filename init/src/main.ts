// Which program am I? The binary answers to several names, as busybox does.
import type { Kernel } from "./kernel/kernel.ts";
import { myInit } from "./programs/my_init.ts";
import { makeBuiltIns } from "./warm_up.ts";

/** A program: gets the index of its first argument, and returns the exit code. */
type Program = (kernel: Kernel, firstArgument: number) => number;

/** The names that it is started by, and the program of each, at the same place; any other name is my_init. */
const NAMES: readonly string[] = ["my_init"];
const PROGRAMS: readonly Program[] = [myInit];

function runProgram(kernel: Kernel): number {
	const path = kernel.argument(0) ?? "";
	const name = path.slice(path.lastIndexOf("/") + 1);
	// Not PROGRAMS[-1], a property whose name would be written into the table of all names, 10 KB of the heap.
	const place = Math.max(0, NAMES.indexOf(name));
	const program = PROGRAMS[place] ?? myInit;
	return program(kernel, 1);
}

declare global {
	/** The entry point: native/main.c looks for it under this name. */
	var main: (kernel: Kernel) => number;
}
makeBuiltIns();
globalThis.main = runProgram;
