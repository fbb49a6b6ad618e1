// From a program's configuration to the loop of PID 1: what all names have in common.
import type { Failure } from "../boot/failure.ts";
import { type Command, findCommand } from "../boot/find_command.ts";
import { startCommand } from "../boot/start_command.ts";
import { findTerminal } from "../boot/terminal.ts";
import { EXIT_SYSTEM } from "../exit_codes.ts";
import { fault } from "../fault.ts";
import { describeErrno } from "../kernel/errno.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Log } from "../log/log.ts";
import { completeSettings, type Settings } from "../options/settings.ts";
import { LastWords } from "../pid1/last_words.ts";
import { supervise } from "../pid1/supervise.ts";
import type { Manners } from "./manners.ts";

/** For a program that stands in for another: starts the command that the argument names; what a Program returns. */
export function superviseArgument(
	kernel: Kernel,
	log: Log,
	settings: Settings,
	manners: Manners,
	argument: number,
): number {
	settings.rewrites = [...settings.rewrites, ...manners.rewrites];
	log.setLevel(settings.logLevel);
	completeSettings(settings);
	const command = findCommand(kernel, argument);
	if ("exitCode" in command) return failed(log, command, manners);
	return command.isOurselves
		? -argument
		: superviseCommand(kernel, log, settings, manners, command);
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
): number {
	const isPid1 = kernel.processId() === 1;
	if (!isPid1 && manners.adoptsOrphans) adoptOrphans(kernel, log);
	fault(kernel, "before-start");
	const { terminationLog } = settings;
	const lastWords = terminationLog === "" ? undefined : new LastWords(terminationLog, kernel);
	const terminal =
		command === undefined || !manners.givesTerminal ? -1 : findTerminal(kernel, isPid1);
	const started =
		command === undefined
			? 0
			: startCommand(kernel, command, terminal, manners.leads, manners.keepsSignals);
	if (typeof started === "object") return failed(log, started, manners);
	if (log.saysInfo) {
		const what =
			started === 0 ? "no command: reaping until a stop is asked for" : `started PID ${started}`;
		log.say("info", what);
	}
	fault(kernel, "after-start");
	const hasTerminal = terminal >= 0 && manners.tendsTerminal;
	const { stopsItself } = manners;
	return supervise(
		{ kernel, log, terminal, lastWords },
		{ isPid1, hasTerminal, stopsItself, settings, mainPid: started },
	);
}

/** A failure of the system is told from one of the command, whatever the name. */
function failed(log: Log, { exitCode, text }: Failure, { startFailure }: Manners): number {
	log.say("error", text);
	return startFailure !== 0 && exitCode !== EXIT_SYSTEM ? startFailure : exitCode;
}

function adoptOrphans(kernel: Kernel, log: Log): void {
	const result = kernel.becomeSubreaper();
	if (result >= 0) return;
	log.say(
		"warning",
		`not PID 1, and cannot become a child subreaper either (${describeErrno(result)}): orphans will be adopted by another process`,
	);
}
