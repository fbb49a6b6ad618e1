// From the name of the main command to the file that is executed, as execvp(3) searches.
import { EXIT_NOT_EXECUTABLE, EXIT_NOT_FOUND } from "../exit_codes.ts";
import { describeErrno, EACCES, EISDIR, ENOENT } from "../kernel/errno.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { printableText } from "../log/log.ts";
import type { Failure } from "./failure.ts";

/** Where programs are looked for when PATH is not set: Docker's default for Linux. */
export const DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** A command that was found: its file, and where its arguments begin among ours. */
export interface Command {
	readonly path: string;
	readonly firstArgument: number;
	/** The file is this program itself, by whatever name. */
	readonly isOurselves: boolean;
	/** Where in PATH the search would go on; −1: there is no search. */
	readonly next: number;
}

/** The file to execute for the argument at `index`: that itself when it has a slash, else the first match in PATH, from there on. */
export function findCommand(kernel: Kernel, index: number, from = 0): Command | Failure {
	const name = kernel.argument(index) ?? "";
	if (name.includes("/")) {
		const result = kernel.checkExecutable(name);
		return result < 0 ? missing(name, result) : found(name, index, result, -1);
	}
	let failure = -ENOENT;
	const directories = (kernel.environment("PATH") ?? DEFAULT_PATH).split(":");
	for (let i = name === "" ? directories.length : from; i < directories.length; i++) {
		const directory = directories[i] ?? "";
		// An empty element means the working directory.
		const path = directory === "" ? `./${name}` : `${directory}/${name}`;
		const result = kernel.checkExecutable(path);
		if (result >= 0) return found(path, index, result, i + 1);
		if (result === -EACCES || result === -EISDIR) failure = result;
	}
	return missing(name, failure);
}

function found(path: string, firstArgument: number, result: number, next: number): Command {
	return { path, firstArgument, isOurselves: result === 1, next };
}

function missing(name: string, failure: number): Failure {
	const exists = failure === -EACCES || failure === -EISDIR;
	const text =
		failure === -ENOENT && !name.includes("/") ? "not found in PATH" : describeErrno(failure);
	return {
		exitCode: exists ? EXIT_NOT_EXECUTABLE : EXIT_NOT_FOUND,
		isUsual: exists || failure === -ENOENT,
		text: `cannot start "${printableText(name)}": ${text}`,
	};
}
