// Becoming another program, for the names that end in one: as execvp(3) does.
import { EACCES, ENOENT, ENOEXEC } from "../kernel/errno.ts";
import type { Kernel, Result } from "../kernel/kernel.ts";
import type { Log } from "../log/log.ts";
import type { Failure } from "./failure.ts";
import { type Command, findCommand } from "./find_command.ts";
import { ELF_MAGIC, SHELL, startFailure } from "./start_command.ts";

/** Executes the command that the argument names, searched in PATH; the exit code where that fails: 127 or 126, as a shell has them. */
export function executeCommand(kernel: Kernel, log: Log, argument: number): number {
	const { exitCode, text } = search(kernel, argument);
	log.say("error", text);
	return exitCode;
}

/**
 * Goes on past a file that cannot be executed, or whose interpreter is not there. Where nothing else is found either, the first
 * that may not be executed (126) tells more than those that lack something (127): so does execvp(3), which returns EACCES then.
 * (Of one without permission before the first that has it findCommand tells nothing: 127 there, as bash has it.)
 */
function search(kernel: Kernel, argument: number): Failure {
	let kept: Failure | undefined;
	let from = 0;
	for (;;) {
		const found = findCommand(kernel, argument, from);
		const isOver = "exitCode" in found;
		const result = isOver ? 0 : execute(kernel, found);
		const failure = isOver ? found : startFailure(found.path, result);
		if (!isOver && result !== -ENOENT && result !== -EACCES) return failure;
		if (kept === undefined || failure.exitCode < kept.exitCode) kept = failure;
		if (isOver || found.next < 0) return kept;
		from = found.next;
	}
}

function execute(kernel: Kernel, { path, firstArgument }: Command): Result {
	const result = kernel.execute(path, firstArgument, "");
	return result === -ENOEXEC && kernel.readFile(path, ELF_MAGIC.length) !== ELF_MAGIC
		? kernel.execute(path, firstArgument, SHELL)
		: result;
}
