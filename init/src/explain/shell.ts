// Shells that stand between the init and the program, and keep its signals.
import type { Command } from "../boot/find_command.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { printableText } from "../log/log.ts";
import { endsWithExec, isOneCommand } from "./shell_text.ts";

const SHELLS = ["sh", "bash", "dash", "ash", "zsh", "ksh", "mksh", "yash", "busybox"];
const SCRIPT_BYTES = 65_536;

/** What is to be said of a command that is a shell or a shell's script; undefined: nothing. */
export function shellWarning(kernel: Kernel, command: Command): string | undefined {
	const { path, firstArgument } = command;
	if (baseName(path) === "env") return warningBehindEnv(kernel, firstArgument + 1);
	if (isShell(path)) return warningOfShell(kernel, path, firstArgument + 1);
	return warningOfFile(kernel, path);
}

/** env [OPTIONS] [NAME=VALUE...] COMMAND */
function warningBehindEnv(kernel: Kernel, first: number): string | undefined {
	let index = first;
	for (;;) {
		const word = kernel.argument(index);
		if (word === undefined) return undefined;
		if (!word.startsWith("-") && !word.includes("=")) {
			return isShell(word) ? warningOfShell(kernel, word, index + 1) : undefined;
		}
		// -u NAME and -C DIRECTORY
		index += word === "-u" || word === "-C" ? 2 : 1;
	}
}

/** A shell with options: -c with the script in the next word, or a file. */
function warningOfShell(kernel: Kernel, shell: string, first: number): string | undefined {
	let hasText = false;
	let index = first;
	for (;;) {
		const word = kernel.argument(index);
		if (word === undefined) return undefined;
		const isOption = word.startsWith("-") || word.startsWith("+");
		if (!isOption) return hasText ? shellFormWarning(shell, word) : warningOfFile(kernel, word);
		if (!word.startsWith("--") && word.includes("c")) hasText = true;
		// -o NAME
		index += !word.startsWith("--") && word.endsWith("o") ? 2 : 1;
	}
}

/** A file is a shell's script by its #! line, and without one, where it is no program: the init has sh run it then. */
function warningOfFile(kernel: Kernel, path: string): string | undefined {
	const text = kernel.readFile(path, SCRIPT_BYTES);
	if (typeof text === "number" || text.startsWith("\x7fELF")) return undefined;
	// Its end is not known.
	if (text.length === SCRIPT_BYTES) return undefined;
	if (text.startsWith("#!") && !interpreterOf(text).some(isShell)) return undefined;
	return endsWithExec(text)
		? undefined
		: `${printableText(path)} does not end with exec: its shell stays as main child and keeps the signals`;
}

/** The words of a #! line. */
export function interpreterOf(text: string): string[] {
	const end = text.indexOf("\n");
	const line = text.slice(2, end < 0 ? text.length : end);
	return line
		.split("\t")
		.join(" ")
		.split(" ")
		.filter((word) => word !== "");
}

function isShell(path: string): boolean {
	return SHELLS.includes(baseName(path));
}

function baseName(path: string): string {
	return path.slice(path.lastIndexOf("/") + 1);
}

/** CMD some words, without brackets. */
function shellFormWarning(shell: string, script: string): string | undefined {
	if (endsWithExec(script)) return undefined;
	return isOneCommand(script)
		? `shell form: whether ${printableText(shell)} stays between depends on the shell; write CMD ["program", "argument"], or begin with exec`
		: `shell form: ${printableText(shell)} stays as main child and keeps the signals; let its last command begin with exec`;
}
