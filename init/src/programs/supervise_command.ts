// From a program's configuration to the loop of PID 1: what all names have in common.
import type { Failure } from "../boot/failure.ts";
import { type Command, findCommand } from "../boot/find_command.ts";
import { startCommand } from "../boot/start_command.ts";
import { findTerminal } from "../boot/terminal.ts";
import { EXIT_SYSTEM } from "../exit_codes.ts";
import { fault } from "../fault.ts";
import { describeErrno } from "../kernel/errno.ts";
import { type Kernel, LEADS_NOTHING } from "../kernel/kernel.ts";
import { type Log, printableText } from "../log/log.ts";
import { contradictions } from "../options/contradictions.ts";
import { completeSettings, type Settings } from "../options/settings.ts";
import { LastWords } from "../pid1/last_words.ts";
import type { StagesEdge } from "../pid1/perform.ts";
import type { Found, Stages } from "../pid1/stages.ts";
import { supervise } from "../pid1/supervise.ts";
import type { Manners } from "./manners.ts";

/** Behind stdin, stdout and stderr. */
const FIRST_INHERITED = 3;

/** For a program that stands in for another: starts the command that the argument names, whatever it is; the exit code. */
export function superviseArgument(
	kernel: Kernel,
	log: Log,
	settings: Settings,
	manners: Manners,
	argument: number,
): number {
	settle(log, settings);
	settings.rewrites = [...settings.rewrites, ...manners.rewrites];
	const command = findCommand(kernel, argument);
	if ("exitCode" in command) return startFailed(kernel, log, settings, command, manners);
	return superviseCommand(kernel, log, settings, manners, command);
}

/** What is done beside the command, and before it. */
export interface Besides {
	readonly stages: Stages;
	/** Nothing is done yet, and the command is started as ever: a service may come later. */
	readonly isIdle: boolean;
	/** What the command is called in the log. */
	readonly mainName: string;
	/** The command, once all scripts have run; undefined: there is none. */
	findMain(): Command | Failure | undefined;
	reloadEnvironment(): void;
	readonly findAgain: (watch: number) => Found;
	/** Its words; empty: there is none. */
	words(): readonly string[];
}

/**
 * Starts the command, if there is one, and supervises; the exit code. Up to supervise() a failure ends the init: nothing has
 * been started, so nothing can be lost.
 */
export function superviseCommand(
	kernel: Kernel,
	log: Log,
	settings: Settings,
	manners: Manners,
	command: Command | undefined,
	besides?: Besides,
): number {
	const isPid1 = kernel.processId() === 1;
	// Who shall be waited for must come to us.
	if (!isPid1 && (manners.adoptsOrphans || settings.wait !== "none")) adoptOrphans(kernel, log);
	fault(kernel, "before-start");
	const lastWords = newLastWords(kernel, settings);
	const isAtOnce = besides === undefined || besides.isIdle;
	const hasCommand = command !== undefined || !isAtOnce;
	const terminal = hasCommand ? findTerminal(kernel, isPid1, manners.lastTerminal) : -1;
	const start = (found: Command | undefined): number | Failure => {
		const started =
			found === undefined
				? 0
				: startCommand(kernel, found, terminal, manners.leads, manners.keepsSignals);
		if (log.saysInfo && typeof started === "number") sayStarted(log, started);
		return started;
	};
	const started = isAtOnce ? start(command) : 0;
	if (typeof started === "object") return startFailed(kernel, log, settings, started, manners);
	fault(kernel, "after-start");
	if (manners.closesDescriptors) kernel.closeFrom(FIRST_INHERITED);
	if (manners.leavesDirectory) kernel.changeDirectory("/");
	const hasTerminal = terminal >= 0 && manners.tendsTerminal;
	const { stopsItself } = manners;
	const mainGroup = manners.leads === LEADS_NOTHING ? 0 : started;
	return supervise(
		{
			kernel,
			log,
			terminal,
			lastWords,
			stagesEdge: stagesEdge(kernel, log, settings, start, terminal, besides),
		},
		{
			...{ isPid1, hasTerminal, stopsItself, settings, mainPid: started, mainGroup },
			...{ mainName: besides?.mainName ?? "", stages: isAtOnce ? undefined : besides.stages },
		},
	);
}

function sayStarted(log: Log, pid: number): void {
	const text = pid === 0 ? "no command: reaping until a stop is asked for" : `started PID ${pid}`;
	log.say("info", text);
}

function stagesEdge(
	kernel: Kernel,
	log: Log,
	settings: Settings,
	start: (found: Command | undefined) => number | Failure,
	terminal: number,
	besides: Besides | undefined,
): StagesEdge | undefined {
	if (besides === undefined) return undefined;
	return {
		stages: besides.stages,
		startMain() {
			const own = this.services?.startMain(terminal);
			if (own !== undefined) return own;
			const found = besides.findMain();
			if (found === undefined || "exitCode" in found) return found ?? start(undefined);
			log.say("notice", `Running ${commandLine(kernel, settings, found)}...`);
			return start(found);
		},
		reloadEnvironment: () => besides.reloadEnvironment(),
		findAgain: besides.findAgain,
		openServices: () => kernel.services()(kernel, log, settings, besides.words()),
		services: undefined,
	};
}

/** The words of the command; the first alone where there are secrets that may be among them. */
function commandLine(kernel: Kernel, settings: Settings, { firstArgument }: Command): string {
	const words: string[] = [];
	const last = settings.secretVariables.length > 0 ? firstArgument + 1 : kernel.argumentCount();
	for (let i = firstArgument; i < last; i++) words.push(kernel.argument(i) ?? "");
	return printableText(words.join(" "));
}

/** The exit code where the command cannot be started; a failure of the system is told from one of the command, whatever the name. */
export function startFailed(
	kernel: Kernel,
	log: Log,
	settings: Settings,
	failure: Failure,
	manners: Manners,
): number {
	log.say("error", failure.text);
	const code = codeOf(failure, manners);
	newLastWords(kernel, settings)?.write(kernel, log, code);
	return code;
}

function codeOf({ exitCode, isUsual }: Failure, { startFailure, otherFailure }: Manners): number {
	const isOther = exitCode === EXIT_SYSTEM || (startFailure === 0 && !isUsual);
	if (otherFailure !== 0 && isOther) return otherFailure;
	return startFailure !== 0 && exitCode !== EXIT_SYSTEM ? startFailure : exitCode;
}

/** What the operator has set, complete and without contradictions that nobody has heard of. */
export function settle(log: Log, settings: Settings): void {
	log.setLevel(settings.logLevel);
	completeSettings(settings);
	const { stopDelayMs, stopSignals, rewrites, exitRemap } = settings;
	// Most starts set none of these.
	if (stopDelayMs + stopSignals.length + rewrites.length + exitRemap.length === 0) return;
	for (const text of contradictions(settings)) log.say("warning", text);
}

function newLastWords(kernel: Kernel, { terminationLog }: Settings): LastWords | undefined {
	return terminationLog === "" ? undefined : new LastWords(terminationLog, kernel);
}

function adoptOrphans(kernel: Kernel, log: Log): void {
	const result = kernel.becomeSubreaper();
	if (result >= 0) return;
	log.say(
		"warning",
		`not PID 1, and cannot become a child subreaper either (${describeErrno(result)}): orphans will be adopted by another process`,
	);
}
