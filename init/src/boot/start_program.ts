// Starting a script or a service: a program without arguments.
import { ENOEXEC } from "../kernel/errno.ts";
import { type Kernel, LEADS_GROUP } from "../kernel/kernel.ts";
import { ELF_MAGIC, SHELL } from "./start_command.ts";

export interface How {
	/** Where it runs; empty: where we do. */
	readonly directory: string;
	/** The terminal whose foreground it gets; −1: none. */
	readonly terminal: number;
	/** Whether safe mode waits for its end. */
	readonly isMain: boolean;
}

/** Its pid, or −errno. Without a #! line it is a script of /bin/sh, as execvp(3) has it. */
export function startProgram(
	kernel: Kernel,
	path: string,
	{ directory, terminal, isMain }: How,
): number {
	const spawn = (...words: string[]): number =>
		kernel.spawnProgram(words, directory, terminal, LEADS_GROUP, isMain);
	const result = spawn(path);
	if (result !== -ENOEXEC) return result;
	const file = directory === "" ? path : `${directory}/${path}`;
	return kernel.readFile(file, ELF_MAGIC.length) === ELF_MAGIC ? result : spawn(SHELL, path);
}
