// Becoming another program, for the names that end in one: as execvp(3) does.
import { ENOEXEC } from "../kernel/errno.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { type Log, printableText } from "../log/log.ts";
import { findCommand } from "./find_command.ts";
import { ELF_MAGIC, SHELL, startFailure } from "./start_command.ts";

/** Executes the command that the argument names, searched in PATH; the exit code where that fails: 127 or 126, as a shell has them. */
export function executeCommand(kernel: Kernel, log: Log, argument: number): number {
	const found = findCommand(kernel, argument);
	if ("exitCode" in found) return failed(log, found.exitCode, found.text);
	const { path, firstArgument } = found;
	let result = kernel.execute(path, firstArgument, "");
	if (result === -ENOEXEC && kernel.readFile(path, ELF_MAGIC.length) !== ELF_MAGIC)
		result = kernel.execute(path, firstArgument, SHELL);
	const { exitCode, text } = startFailure(printableText(path), result);
	return failed(log, exitCode, text);
}

function failed(log: Log, exitCode: number, text: string): number {
	log.say("error", text);
	return exitCode;
}
