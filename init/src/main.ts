// Which program am I? The binary answers to several names, as busybox does.
import type { Kernel } from "./kernel/kernel.ts";
import { myInit } from "./programs/my_init.ts";
import { warmUp } from "./warm_up.ts";

/** A program: gets the index of its first argument, and returns the exit code. */
type Program = (kernel: Kernel, firstArgument: number) => number;

/** Each program under the names that it is started by; any other name is my_init. */
const PROGRAMS: readonly (readonly [name: string, program: Program])[] = [["my_init", myInit]];

function runProgram(kernel: Kernel): number {
	const path = kernel.argument(0) ?? "";
	const name = path.slice(path.lastIndexOf("/") + 1);
	const program = PROGRAMS.find(([known]) => known === name)?.[1] ?? myInit;
	return program(kernel, 1);
}

declare global {
	/** The entry point: native/main.c looks for it under this name. */
	var main: (kernel: Kernel) => number;
}
// What was made in advance lives as long as the entry point, and nobody looks at it.
globalThis.main = Object.assign(runProgram, { madeInAdvance: warmUp() });
