// Starting the main command.
import { EXIT_NOT_EXECUTABLE, EXIT_NOT_FOUND, EXIT_SYSTEM } from "../exit_codes.ts";
import { describeErrno, EACCES, EAGAIN, ENOENT, ENOEXEC, ENOMEM } from "../kernel/errno.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { printableText } from "../log/log.ts";
import type { Failure } from "./failure.ts";
import { type Command, findCommand } from "./find_command.ts";

/** What runs a script without a #! line: execvp(3) does the same. */
export const SHELL = "/bin/sh";
export const ELF_MAGIC = "\x7fELF";

/** Starts the command as leader of what LEADS_… says, with the terminal's foreground (−1: there is no terminal of ours); its pid. */
export function startCommand(
	kernel: Kernel,
	command: Command,
	terminal: number,
	leads: number,
	keepsSignals: boolean,
): number | Failure {
	const { path, firstArgument, next } = command;
	let result = kernel.spawn(path, firstArgument, terminal, "", leads, keepsSignals);
	if (result === -ENOEXEC && kernel.readFile(path, ELF_MAGIC.length) !== ELF_MAGIC) {
		result = kernel.spawn(path, firstArgument, terminal, SHELL, leads, keepsSignals);
	}
	if (result > 0) return result;
	// One whose interpreter is not there does not end a search.
	const another =
		result === -ENOENT && next > 0 ? findCommand(kernel, firstArgument, next) : undefined;
	return another === undefined || "exitCode" in another
		? startFailure(path, result)
		: startCommand(kernel, another, terminal, leads, keepsSignals);
}

/** Why it could not be started, and the exit code that says so. */
export function startFailure(path: string, result: number): Failure {
	const text = `cannot start "${printableText(path)}": ${reason(result)}`;
	const isUsual = result === -ENOENT || result === -EACCES || result === -ENOEXEC;
	return { exitCode: exitCodeOf(result), isUsual, text };
}

function reason(result: number): string {
	// The file itself was found a moment ago.
	if (result === -ENOENT)
		return "the interpreter in its #! line, or its dynamic loader, does not exist (ENOENT)";
	if (result === -EAGAIN) return "the limit of processes is reached (EAGAIN)";
	if (result === -ENOEXEC) return "it is built for another platform (ENOEXEC)";
	return describeErrno(result);
}

function exitCodeOf(result: number): number {
	if (result === -ENOENT) return EXIT_NOT_FOUND;
	return result === -EAGAIN || result === -ENOMEM ? EXIT_SYSTEM : EXIT_NOT_EXECUTABLE;
}
