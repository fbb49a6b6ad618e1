// initctl env [-i] [--] COMMAND [ARG...]: a command with the container environment, for cron jobs, health checks, docker exec.
import { DUMP_FILE, readShellDump } from "../boot/dumps.ts";
import { FOLDER, readFolder } from "../boot/environment_files.ts";
import { executeCommand } from "../boot/execute_command.ts";
import { Variables } from "../boot/variables.ts";
import { EXIT_SYSTEM, EXIT_USAGE } from "../exit_codes.ts";
import { describeErrno, ENOENT } from "../kernel/errno.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { type Log, printableText } from "../log/log.ts";

const DUMP_BYTES = 2_097_152;

/** Becomes the command; the exit code where that fails. With -i nothing is inherited. */
export function initctlEnv(kernel: Kernel, log: Log, first: number): number {
	let argument = first;
	let inherits = true;
	for (; kernel.argument(argument)?.startsWith("-"); argument++) {
		const word = kernel.argument(argument) ?? "";
		if (word === "--") {
			argument++;
			break;
		}
		if (word !== "-i") return refuse(log, `unknown option ${printableText(word)}`);
		inherits = false;
	}
	if (argument >= kernel.argumentCount()) return refuse(log, "a command is missing");
	const variables = Variables.of(inherits ? kernel.environmentEntries() : []);
	const result = addContainerEnvironment(kernel, log, variables);
	if (result < 0) {
		log.say("error", `${FOLDER} and ${DUMP_FILE} cannot be read: ${describeErrno(result)}`);
		return EXIT_SYSTEM;
	}
	kernel.replaceEnvironment(variables.entries());
	return executeCommand(kernel, log, argument);
}

/** From the folder, which only root may read, or from the dump, which a group may; −errno where neither can be read. */
function addContainerEnvironment(kernel: Kernel, log: Log, variables: Variables): number {
	const folder = readFolder(kernel, log);
	if (typeof folder !== "number") {
		for (const text of folder.leftOut) log.say("warning", text);
		for (const { name, value } of folder.files) variables.set(name, value);
		return 0;
	}
	// An image without one has nothing to add.
	if (folder === -ENOENT) return 0;
	const dump = kernel.readRegularFile(DUMP_FILE, DUMP_BYTES);
	if (typeof dump === "number") return dump;
	readShellDump(kernel, dump, variables);
	return 0;
}

function refuse(log: Log, text: string): number {
	log.say("error", `${text}; usage: initctl env [-i] [--] COMMAND [ARG...]`);
	return EXIT_USAGE;
}
