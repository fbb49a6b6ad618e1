// my_init [OPTIONS] [--] COMMAND [ARG...]
import { type Command, findCommand } from "../boot/find_command.ts";
import { EXIT_USAGE } from "../exit_codes.ts";
import { type Kernel, LEADS_GROUP } from "../kernel/kernel.ts";
import { type Log, openLog } from "../log/log.ts";
import { helpText } from "../options/help.ts";
import { type Request, readOptions, readVariables } from "../options/read_options.ts";
import { newSettings, type Settings } from "../options/settings.ts";
import { VERSION } from "../version.ts";
import type { Manners } from "./manners.ts";
import { meantBy } from "./program.ts";
import { settle, startFailed, superviseCommand } from "./supervise_command.ts";

const STDOUT = 1;
const NAME = "my_init";
const MANNERS: Manners = {
	leads: LEADS_GROUP,
	keepsSignals: false,
	rewrites: [],
	givesTerminal: true,
	tendsTerminal: true,
	stopsItself: false,
	adoptsOrphans: true,
	startFailure: 0,
};

/** Runs the program with the arguments from `first` on, and returns the exit code. */
export function myInit(kernel: Kernel, first: number): number {
	const settings = newSettings();
	const log = openLog(kernel, settings.logLevel);
	readVariables(kernel, log, settings);
	const command = commandToStart(kernel, log, settings, first);
	if (typeof command === "number") return command;
	settle(log, settings);
	return superviseCommand(kernel, log, settings, MANNERS, command);
}

/**
 * The command that the arguments from `first` on name (undefined: none), or what the program returns when that is known already.
 * For a my_init as command, its options are read as ours.
 */
function commandToStart(
	kernel: Kernel,
	log: Log,
	settings: Settings,
	first: number,
): Command | undefined | number {
	let options = first;
	for (;;) {
		const request = readOptions(kernel, options, settings);
		if (typeof request === "object") return answer(kernel, log, request);
		if (request === 0) return undefined;

		const found = findCommand(kernel, request);
		if ("exitCode" in found) return startFailed(kernel, log, settings, found, MANNERS);
		if (!found.isOurselves) return found;
		const { name, first: itsFirst } = meantBy(kernel, request);
		if (name !== NAME) {
			if (request > options && kernel.argument(options) !== "--") sayNotHeeded(log, name);
			return -request;
		}
		options = itsFirst;
	}
}

function sayNotHeeded(log: Log, name: string | undefined): void {
	const text = `options before ${name ?? "another name"} are not heeded, it has its own: give them as INIT_* variables`;
	log.say("warning", text);
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

function failure(log: Log, code: number, text: string): number {
	log.say("error", text);
	return code;
}
