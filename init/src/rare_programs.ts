// Programs that are started rarely, and are not PID 1: a script of their own, which only they load, and which costs the frozen heap
// nothing. native/rare_programs.c evaluates it.
import type { Kernel, RarePrograms } from "./kernel/kernel.ts";
import { initctl } from "./programs/initctl.ts";
import type { Program } from "./programs/program.ts";
import { setuser } from "./programs/setuser.ts";

export type RareName = Parameters<RarePrograms>[1];

const PROGRAMS: Readonly<Record<RareName, Program>> = { initctl, setuser };

/** The exit code of the program, whose arguments begin at `first`. */
export const runRareProgram: RarePrograms = (kernel: Kernel, name: RareName, first: number) =>
	PROGRAMS[name](kernel, first);

declare global {
	/** native/rare_programs.c looks for it under this name. */
	var rare: RarePrograms;
}
globalThis.rare = runRareProgram;
