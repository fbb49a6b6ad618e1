// dumb-init [OPTIONS] COMMAND [ARG...]. What is the same and what is better than in dumb-init itself: docs/drop-in.md.
import { type Kernel, LEADS_NOTHING, LEADS_SESSION } from "../kernel/kernel.ts";
import { SIGSTOP, SIGTERM, SIGTSTP, SIGTTIN, SIGTTOU, signalName } from "../kernel/signals.ts";
import { openLog, printableText } from "../log/log.ts";
import { readInteger } from "../options/c_integer.ts";
import { readVariables } from "../options/read_options.ts";
import { newForwardingSettings, replaced, type Settings, without } from "../options/settings.ts";
import { readShortOptions, type ShortOptions } from "../options/short_options.ts";
import { VERSION } from "../version.ts";
import { refuse, showUsage } from "./answers.ts";
import type { Manners } from "./manners.ts";
import { superviseArgument } from "./supervise_command.ts";

const STDERR = 2;
const EXIT_NOT_STARTED = 2;
const HIGHEST_SIGNAL = 31;
const OPTIONS: ShortOptions = {
	flags: "chvV",
	valued: "r",
	long: [
		["help", "h"],
		["single-child", "c"],
		["rewrite", "r"],
		["verbose", "v"],
		["version", "V"],
	],
};

const SESSION: Manners = {
	leads: LEADS_SESSION,
	keepsSignals: false,
	// A session without a controlling terminal of its own cannot be stopped by these; all of it is stopped in another way.
	rewrites: [SIGTSTP, SIGTTIN, SIGTTOU].map((from) => ({ from, to: SIGSTOP })),
	lastTerminal: -1,
	tendsTerminal: false,
	stopsItself: true,
	adoptsOrphans: false,
	closesDescriptors: false,
	leavesDirectory: true,
	startFailure: EXIT_NOT_STARTED,
	otherFailure: 1,
};
const SINGLE_CHILD: Manners = { ...SESSION, leads: LEADS_NOTHING, rewrites: [] };

const VERSION_LINE = `dumb-init v${VERSION}_baseimage-ts\n`;
/** What the options say beside the settings. */
interface Request {
	isSession: boolean;
	answer: "" | "help" | "version";
}

export function dumbInit(kernel: Kernel, first: number): number {
	const settings = newForwardingSettings();
	const log = openLog(kernel, settings.logLevel);
	const isSession = kernel.environment("DUMB_INIT_SETSID") !== "0";
	if (isSession) settings.signalScope = "group";
	readVariables(kernel, log, settings);
	if (kernel.environment("DUMB_INIT_DEBUG") === "1") settings.logLevel = "info";
	const request: Request = { isSession, answer: "" };
	const command = readShortOptions(kernel, first, OPTIONS, (letter, value) =>
		take(settings, request, letter, value),
	);
	if (request.answer !== "") {
		kernel.write(STDERR, VERSION_LINE);
		if (request.answer === "help") showUsage(kernel, "dumb-init", STDERR);
		return 0;
	}
	if (typeof command === "string") return refuse(kernel, log, command, "dumb-init");
	if (command === 0) return refuse(kernel, log, "a command is missing", "dumb-init");
	if (!request.isSession) return superviseArgument(kernel, log, settings, SINGLE_CHILD, command);
	settings.partingSignal = replaced(settings.rewrites, SIGTERM);
	kernel.giveUpTerminal();
	return superviseArgument(kernel, log, settings, SESSION, command);
}

function take(
	settings: Settings,
	request: Request,
	letter: string,
	value: string,
): string | undefined {
	switch (letter) {
		case "h":
			request.answer = "help";
			return "";
		case "V":
			request.answer = "version";
			return "";
		case "c":
			request.isSession = false;
			settings.signalScope = "child";
			break;
		case "v":
			settings.logLevel = "info";
			break;
		case "r":
			return takeRewrite(settings, value);
	}
	return undefined;
}

function takeRewrite(settings: Settings, text: string): string | undefined {
	const { value: from, rest } = readInteger(text);
	const { value: to, rest: end } = readInteger(rest.slice(1));
	const isPair = rest.startsWith(":") && end === "" && rest !== ":";
	if (!isPair || from < 1 || from > HIGHEST_SIGNAL || to < 0 || to > HIGHEST_SIGNAL) {
		return `-r: "${printableText(text)}" is no pair of signal numbers from 1 (${signalName(1)}) to ${HIGHEST_SIGNAL} such as 15:3`;
	}
	// A later option for the same signal holds.
	settings.rewrites = [{ from, to }, ...without(settings.rewrites, from)];
	return undefined;
}
