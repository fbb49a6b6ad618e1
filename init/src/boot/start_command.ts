// Starting the main command.
import { EXIT_NOT_EXECUTABLE, EXIT_NOT_FOUND, EXIT_SYSTEM } from "../exit_codes.ts";
import { describeErrno, EAGAIN, ENOENT, ENOEXEC, ENOMEM } from "../kernel/errno.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { printableText } from "../log/log.ts";

/** What runs a script without a #! line: execvp(3) does the same. */
const SHELL = "/bin/sh";
const ELF_MAGIC = "\x7fELF";

/** A command that was found: its file, and where its arguments begin among ours. */
export interface Command {
	readonly path: string;
	readonly firstArgument: number;
}

export type Started =
	| { readonly kind: "started"; readonly pid: number }
	| { readonly kind: "failed"; readonly exitCode: number; readonly text: string };

/** Starts the command with the terminal's foreground (−1: there is no terminal of ours). */
export function startCommand(kernel: Kernel, command: Command, terminal: number): Started {
	let result = kernel.spawn(command.path, command.firstArgument, terminal, "");
	if (result === -ENOEXEC && kernel.readFile(command.path, ELF_MAGIC.length) !== ELF_MAGIC) {
		result = kernel.spawn(command.path, command.firstArgument, terminal, SHELL);
	}
	return result > 0 ? { kind: "started", pid: result } : failed(command.path, result);
}

function failed(path: string, result: number): Started {
	const text = `cannot start "${printableText(path)}": ${reason(result)}`;
	return { kind: "failed", exitCode: exitCodeOf(result), text };
}

function reason(result: number): string {
	// The file itself was found a moment ago.
	if (result === -ENOENT)
		return "the interpreter in its #! line, or its dynamic loader, does not exist (ENOENT)";
	if (result === -ENOEXEC) return "it is built for another platform (ENOEXEC)";
	return describeErrno(result);
}

function exitCodeOf(result: number): number {
	if (result === -ENOENT) return EXIT_NOT_FOUND;
	return result === -EAGAIN || result === -ENOMEM ? EXIT_SYSTEM : EXIT_NOT_EXECUTABLE;
}
