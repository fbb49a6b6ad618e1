// From the name of the main command to the file that is executed, as execvp(3) searches.
import { EXIT_NOT_EXECUTABLE, EXIT_NOT_FOUND } from "../exit_codes.ts";
import { describeErrno, EACCES, EISDIR, ENOENT } from "../kernel/errno.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { printableText } from "../log/log.ts";

/** Where programs are looked for when PATH is not set: Docker's default for Linux. */
const DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

export type FoundCommand =
	| { readonly kind: "found"; readonly path: string }
	| { readonly kind: "missing"; readonly exitCode: number; readonly text: string };

/** The file to execute for the name: the name itself when it has a slash, else the first match in PATH. */
export function findCommand(kernel: Kernel, name: string): FoundCommand {
	if (name.includes("/")) {
		const failure = kernel.checkExecutable(name);
		return failure < 0 ? missing(name, failure) : { kind: "found", path: name };
	}
	let failure = -ENOENT;
	const directories = (kernel.environment("PATH") ?? DEFAULT_PATH).split(":");
	for (const directory of name === "" ? [] : directories) {
		// An empty element means the working directory.
		const path = directory === "" ? `./${name}` : `${directory}/${name}`;
		const result = kernel.checkExecutable(path);
		if (result >= 0) return { kind: "found", path };
		if (result === -EACCES || result === -EISDIR) failure = result;
	}
	return missing(name, failure);
}

function missing(name: string, failure: number): FoundCommand {
	const exists = failure === -EACCES || failure === -EISDIR;
	const text =
		failure === -ENOENT && !name.includes("/") ? "not found in PATH" : describeErrno(failure);
	return {
		kind: "missing",
		exitCode: exists ? EXIT_NOT_EXECUTABLE : EXIT_NOT_FOUND,
		text: `cannot start "${printableText(name)}": ${text}`,
	};
}

/**
 * Whether the file is this program itself, by whatever name. The path that we were started by is asked
 * first: under an emulator /proc/self/exe is the emulator, and it costs more than a file's look-up.
 */
export function isOurselves(kernel: Kernel, path: string): boolean {
	const ours = kernel.programPath();
	const result = ours === undefined ? -ENOENT : kernel.compareFiles(path, ours);
	return result < 0 ? kernel.compareFiles(path, "/proc/self/exe") === 1 : result === 1;
}
