// tini [OPTIONS] [--] COMMAND [ARG...]: also as docker-init, tini-static and init. What is the same and what is better than in
// tini itself: docs/drop-in.md.
import { describeErrno } from "../kernel/errno.ts";
import { type Kernel, LEADS_GROUP } from "../kernel/kernel.ts";
import { signalNumber } from "../kernel/signals.ts";
import { type Log, type LogLevel, openLog, printableText } from "../log/log.ts";
import { readInteger } from "../options/c_integer.ts";
import { HIGHEST_EXIT_CODE } from "../options/list_types.ts";
import { readVariables } from "../options/read_options.ts";
import { newForwardingSettings, type Settings, without } from "../options/settings.ts";
import { readShortOptions, type ShortOptions } from "../options/short_options.ts";
import { VERSION } from "../version.ts";
import { kept, refuse, showUsage } from "./answers.ts";
import type { Manners } from "./manners.ts";
import { superviseArgument } from "./supervise_command.ts";

const STDOUT = 1;
const OPTIONS: ShortOptions = { flags: "hlsvwg", valued: "pe", long: [] };

const PLAIN: Manners = {
	leads: LEADS_GROUP,
	keepsSignals: true,
	// What a fault of its own raises, and what the terminal sends to the background.
	rewrites: kept("ILL TRAP ABRT BUS FPE SEGV SYS TTIN TTOU"),
	lastTerminal: 0,
	tendsTerminal: false,
	stopsItself: false,
	adoptsOrphans: false,
	closesDescriptors: false,
	leavesDirectory: false,
	startFailure: 0,
	otherFailure: 1,
};
const ADOPTING: Manners = { ...PLAIN, adoptsOrphans: true };

const NOT_ADOPTING =
	"not PID 1, and not asked to adopt orphans (-s or TINI_SUBREAPER): they become children of another process";

/** What TINI_VERBOSITY counts. */
const LEVELS: readonly LogLevel[] = ["error", "warning", "info", "debug"];

/** docker info reads it: "tini version ", and " - git.COMMIT" where there is one. */
const VERSION_LINE = `tini version ${VERSION}_baseimage-ts\n`;

/** What the options say beside the settings. */
interface Request {
	adoptsOrphans: boolean;
	parentDeathSignal: number;
	verbosity: number;
	answer: "" | "help" | "licence";
}

export function tini(kernel: Kernel, first: number): number {
	if (kernel.argument(first) === "--version" && kernel.argumentCount() === first + 1) {
		kernel.write(STDOUT, VERSION_LINE);
		return 0;
	}
	const settings = newForwardingSettings();
	const log = openLog(kernel, settings.logLevel);
	readVariables(kernel, log, settings);
	const verbosity = LEVELS.indexOf(settings.logLevel ?? "warning");
	const request: Request = { adoptsOrphans: false, parentDeathSignal: 0, verbosity, answer: "" };
	readEnvironment(kernel, settings, request);
	const command = readShortOptions(kernel, first, OPTIONS, (letter, value) =>
		take(settings, request, letter, value),
	);
	if (request.answer !== "") return answer(kernel, request.answer);
	if (typeof command === "string") return refuse(kernel, log, command, "tini");
	if (command === 0) return refuse(kernel, log, "a command is missing", "tini");
	settings.logLevel = LEVELS[Math.min(request.verbosity, LEVELS.length - 1)] ?? "warning";
	log.setLevel(settings.logLevel);
	askForParentDeath(kernel, log, request.parentDeathSignal);
	const adopts = request.adoptsOrphans || settings.wait !== "none";
	if (!adopts && kernel.processId() !== 1) log.say("warning", NOT_ADOPTING);
	const manners = request.adoptsOrphans ? ADOPTING : PLAIN;
	return superviseArgument(kernel, log, settings, manners, command);
}

function askForParentDeath(kernel: Kernel, log: Log, signal: number): void {
	const result = signal === 0 ? 0 : kernel.setParentDeathSignal(signal);
	if (result < 0) log.say("warning", `-p cannot be kept: prctl: ${describeErrno(result)}`);
}

/** The environment can ask for what no option can be given for: docker run --init. */
function readEnvironment(kernel: Kernel, settings: Settings, request: Request): void {
	if (!kernel.environmentHas("TINI_")) return;
	if (kernel.environment("TINI_SUBREAPER") !== undefined) request.adoptsOrphans = true;
	if (kernel.environment("TINI_KILL_PROCESS_GROUP") !== undefined) settings.signalScope = "group";
	const verbosity = kernel.environment("TINI_VERBOSITY");
	const level = verbosity === undefined ? -1 : readInteger(verbosity).value;
	if (level >= 0) request.verbosity = level;
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
		case "l":
			request.answer = "licence";
			return "";
		case "s":
			request.adoptsOrphans = true;
			break;
		case "v":
			request.verbosity++;
			break;
		case "w":
			settings.namesOrphans = true;
			break;
		case "g":
			settings.signalScope = "group";
			break;
		case "p":
			return takeSignal(request, value);
		case "e":
			return takeExitCode(settings, value);
	}
	return undefined;
}

function takeSignal(request: Request, name: string): string | undefined {
	const signal = signalNumber(name);
	if (signal === undefined) return `-p: "${printableText(name)}" is no signal such as SIGTERM`;
	request.parentDeathSignal = signal;
	return undefined;
}

function takeExitCode(settings: Settings, text: string): string | undefined {
	const { value: from, rest } = readInteger(text);
	if (rest !== "" || from < 0 || from > HIGHEST_EXIT_CODE)
		return `-e: "${printableText(text)}" is no exit code from 0 to 255`;
	settings.exitRemap = [{ from, to: 0 }, ...without(settings.exitRemap, from)];
	return undefined;
}

function answer(kernel: Kernel, what: "help" | "licence"): number {
	showUsage(kernel, what === "help" ? "tini" : "licence", STDOUT);
	return 0;
}
