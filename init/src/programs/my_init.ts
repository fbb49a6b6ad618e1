// my_init [OPTIONS] [--] COMMAND [ARG...]
import { type Command, findCommand } from "../boot/find_command.ts";
import { startCommand } from "../boot/start_command.ts";
import { findTerminal } from "../boot/terminal.ts";
import { EXIT_USAGE } from "../exit_codes.ts";
import { fault } from "../fault.ts";
import { describeErrno } from "../kernel/errno.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { type Log, openLog, printableText } from "../log/log.ts";
import { helpText } from "../options/help.ts";
import { type Request, readOptions, readVariables } from "../options/read_options.ts";
import { newSettings, type Settings } from "../options/settings.ts";
import { supervise } from "../pid1/supervise.ts";
import { VERSION } from "../version.ts";

const STDOUT = 1;
const NAME = "my_init";

/** Runs the program with the arguments from `first` on, and returns the exit code. */
export function myInit(kernel: Kernel, first: number): number {
	const settings = newSettings();
	const log = openLog(kernel, settings.logLevel);
	readVariables(kernel, log, settings);
	const command = commandToStart(kernel, log, settings, first);
	if (typeof command === "number") return command;
	log.setLevel(settings.logLevel);
	return superviseCommand(kernel, log, settings, command);
}

/**
 * The command that the arguments from `first` on name (undefined: none), or an exit code when all is done already. A command
 * that is this program itself is not started a second time: its options are read as ours.
 */
function commandToStart(
	kernel: Kernel,
	log: Log,
	settings: Settings,
	first: number,
): Command | undefined | number {
	let index = first;
	for (;;) {
		const options = skipProgramName(kernel, index);
		if (typeof options === "string") return failure(log, EXIT_USAGE, options);
		const request = readOptions(kernel, options, settings);
		if (typeof request === "object") return answer(kernel, log, request);
		if (request === 0) return undefined;

		const found = findCommand(kernel, request);
		if ("exitCode" in found) return failure(log, found.exitCode, found.text);
		if (!found.isOurselves) return found;
		index = request + 1;
	}
}

/** Answers what needs no command; the exit code. */
function answer(kernel: Kernel, log: Log, request: Exclude<Request, number>): number {
	switch (request.kind) {
		case "help":
			kernel.write(STDOUT, helpText(NAME));
			return 0;
		case "version":
			kernel.write(STDOUT, `${NAME} version ${VERSION}\n`);
			return 0;
		case "usage-error":
			return failure(log, EXIT_USAGE, `${request.text}; "${NAME} --help" lists the options`);
	}
}

/** `as NAME` chooses the program by name; there is one so far. */
function skipProgramName(kernel: Kernel, index: number): number | string {
	if (kernel.argument(index) !== "as") return index;
	const name = kernel.argument(index + 1);
	if (name === NAME) return index + 2;
	return `"as" needs the name of a program that this binary is: ${NAME}; got ${printableText(name ?? "nothing")}`;
}

function failure(log: Log, code: number, text: string): number {
	log.say("error", text);
	return code;
}

/** Up to supervise() a failure ends the init: nothing has been started, so nothing can be lost. */
function superviseCommand(
	kernel: Kernel,
	log: Log,
	settings: Settings,
	command: Command | undefined,
): number {
	const isPid1 = kernel.processId() === 1;
	if (!isPid1) adoptOrphans(kernel, log);
	fault(kernel, "before-start");
	const terminal = command === undefined ? -1 : findTerminal(kernel, isPid1);
	const started = command === undefined ? 0 : startCommand(kernel, command, terminal);
	if (typeof started === "object") return failure(log, started.exitCode, started.text);
	if (log.saysInfo) {
		const what =
			started === 0 ? "no command: reaping until a stop is asked for" : `started PID ${started}`;
		log.say("info", what);
	}
	fault(kernel, "after-start");
	return supervise(
		{ kernel, log, terminal },
		{ isPid1, hasTerminal: terminal >= 0, settings, mainPid: started },
	);
}

function adoptOrphans(kernel: Kernel, log: Log): void {
	const result = kernel.becomeSubreaper();
	if (result >= 0) return;
	log.say(
		"warning",
		`not PID 1, and cannot become a child subreaper either (${describeErrno(result)}): orphans will be adopted by another process`,
	);
}
