// Shells that stand between the init and the program, and keep its signals.
import type { Command } from "../boot/find_command.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { printableText } from "../log/log.ts";

const SHELLS = ["sh", "bash", "dash", "ash", "zsh", "ksh", "busybox"];
const SCRIPT_BYTES = 65_536;
/** What makes more of a command line than one command that the shell could become. */
const SEPARATORS = [";", "&", "|", "\n"];

/** What is to be said of a command that is a shell or a shell's script; undefined: nothing. */
export function shellWarning(kernel: Kernel, command: Command): string | undefined {
	const { path, firstArgument } = command;
	if (isShell(path)) {
		const flag = kernel.argument(firstArgument + 1);
		const script = kernel.argument(firstArgument + 2);
		return flag === "-c" && script !== undefined ? shellFormWarning(path, script) : undefined;
	}
	const text = kernel.readFile(path, SCRIPT_BYTES);
	if (typeof text === "number" || !text.startsWith("#!")) return undefined;
	const interpreter = text.slice(2, text.indexOf("\n")).trim().split(" ");
	const isShellScript = interpreter.some((word) => isShell(word));
	return isShellScript ? scriptWarning(path, text) : undefined;
}

function isShell(path: string): boolean {
	return SHELLS.includes(path.slice(path.lastIndexOf("/") + 1));
}

/** CMD some words, without brackets. */
function shellFormWarning(path: string, script: string): string | undefined {
	if (script.trimStart().startsWith("exec ")) return undefined;
	const isOneCommand = !SEPARATORS.some((separator) => script.includes(separator));
	return isOneCommand
		? `shell form: whether ${printableText(path)} stays between depends on the shell; write CMD ["program", "argument"], or begin with exec`
		: `shell form: ${printableText(path)} stays as main child and keeps the signals; let its last command begin with exec`;
}

function scriptWarning(path: string, text: string): string | undefined {
	const lines = text.split("\n").map((line) => line.trim());
	const last = lines.findLast((line) => line !== "" && !line.startsWith("#")) ?? "";
	return last.startsWith("exec ")
		? undefined
		: `${printableText(path)} does not end with exec: its shell stays as main child and keeps the signals`;
}
