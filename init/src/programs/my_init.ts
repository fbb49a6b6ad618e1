// my_init [OPTIONS] [--] COMMAND [ARG...]
import { ContainerEnvironment } from "../boot/container_environment.ts";
import type { Failure } from "../boot/failure.ts";
import { type Command, findCommand } from "../boot/find_command.ts";
import {
	findBesides,
	findStages,
	isIdle,
	STARTUP_FILES,
	STARTUP_VARIABLES,
} from "../boot/startup_files.ts";
import { EXIT_USAGE } from "../exit_codes.ts";
import { type Kernel, LEADS_GROUP } from "../kernel/kernel.ts";
import { type Log, openLog, printableText } from "../log/log.ts";
import { readKillTimeouts } from "../options/kill_timeouts.ts";
import { type Request, readOptions, readVariables } from "../options/read_options.ts";
import { newSettings, type Settings } from "../options/settings.ts";
import { VERSION } from "../version.ts";
import { showUsage } from "./answers.ts";
import type { Manners } from "./manners.ts";
import { meantBy } from "./program.ts";
import { type Besides, settle, startFailed, superviseCommand } from "./supervise_command.ts";

const STDOUT = 1;
const NAME = "my_init";
const MANNERS: Manners = {
	leads: LEADS_GROUP,
	keepsSignals: false,
	rewrites: [],
	lastTerminal: 2,
	tendsTerminal: true,
	stopsItself: false,
	adoptsOrphans: true,
	closesDescriptors: false,
	leavesDirectory: false,
	startFailure: 0,
	otherFailure: 0,
};

/** Runs the program with the arguments from `first` on, and returns the exit code. */
export function myInit(kernel: Kernel, first: number): number {
	const settings = newSettings();
	const log = openLog(kernel, settings.logLevel);
	// Most containers have none of it, and each look costs.
	const hasVariables = kernel.environmentHas(STARTUP_VARIABLES);
	if (hasVariables) readKillTimeouts(kernel, log, settings);
	readVariables(kernel, log, settings);
	const asked = readCommand(kernel, log, settings, first);
	if (typeof asked === "number") return asked;
	settle(log, settings);
	if (!(hasVariables || kernel.hasAnyFile(STARTUP_FILES) || wantsMore(settings)))
		return superviseFound(kernel, log, settings, asked.found);
	return superviseBesides(kernel, log, settings, asked);
}

/** Whether options ask for what no file of the image does. */
function wantsMore({ enablesInsecureKey, fileVariables }: Settings): boolean {
	return enablesInsecureKey || fileVariables.length > 0;
}

function superviseFound(
	kernel: Kernel,
	log: Log,
	settings: Settings,
	found: Command | Failure | undefined,
	besides?: Besides,
): number {
	return found !== undefined && "exitCode" in found
		? startFailed(kernel, log, settings, found, MANNERS)
		: superviseCommand(kernel, log, settings, MANNERS, found, besides);
}

/** With what the image has the init do beside the command. */
function superviseBesides(kernel: Kernel, log: Log, settings: Settings, asked: Asked): number {
	const path = kernel.environment("PATH");
	const environment = ContainerEnvironment.open(kernel, log, settings);
	const stages = findStages(kernel, log, settings);
	const besides = stages && {
		stages,
		isIdle: isIdle(stages),
		mainName: printableText(kernel.argument(asked.argument) ?? ""),
		findMain: () => findAsked(kernel, asked),
		reloadEnvironment: () => environment?.reload(),
		findAgain: (watch: number) => findBesides(kernel, log, settings, watch),
		words: () => wordsOf(kernel, asked),
	};
	if (besides === undefined || besides.isIdle) {
		const found = kernel.environment("PATH") === path ? asked.found : findAsked(kernel, asked);
		return superviseFound(kernel, log, settings, found, besides);
	}
	if (settings.logLevel === undefined) log.setLevel("notice");
	return superviseCommand(kernel, log, settings, MANNERS, undefined, besides);
}

/** The argument that the command begins with (0: there is none), and what it leads to before any script has run. */
interface Asked {
	readonly argument: number;
	readonly found: Command | Failure | undefined;
}

function wordsOf(kernel: Kernel, { argument }: Asked): string[] {
	const words: string[] = [];
	for (let i = argument; i > 0 && i < kernel.argumentCount(); i++)
		words.push(kernel.argument(i) ?? "");
	return words;
}

function findAsked(kernel: Kernel, { argument }: Asked): Command | Failure | undefined {
	return argument === 0 ? undefined : findCommand(kernel, argument);
}

/**
 * The command that the arguments from `first` on name, or what the program returns when that is known already. For a my_init as
 * command, its options are read as ours.
 */
function readCommand(kernel: Kernel, log: Log, settings: Settings, first: number): Asked | number {
	let options = first;
	for (;;) {
		const request = readOptions(kernel, options, settings);
		if (typeof request === "object") return answer(kernel, log, request);
		if (request === 0) return { argument: 0, found: undefined };

		const found = findCommand(kernel, request);
		if ("exitCode" in found || !found.isOurselves) return { argument: request, found };
		const { name, first: itsFirst } = meantBy(kernel, request);
		// Those become another program, which must not be PID 1.
		if (name === "setuser" || name === "sv" || name === "initctl")
			return { argument: request, found };
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
			showUsage(kernel, NAME, STDOUT);
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
