// my_init [OPTIONS] [--] COMMAND [ARG...]
import { findCommand, isOurselves } from "../boot/find_command.ts";
import { type Command, startCommand } from "../boot/start_command.ts";
import { findTerminal } from "../boot/terminal.ts";
import { EXIT_SYSTEM, EXIT_USAGE } from "../exit_codes.ts";
import { fault } from "../fault.ts";
import { describeErrno } from "../kernel/errno.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { Log, printableText } from "../log/log.ts";
import { helpText } from "../options/help.ts";
import { readOptions, readVariables } from "../options/read_options.ts";
import { defaultSettings, type Settings } from "../options/settings.ts";
import { supervise } from "../pid1/supervise.ts";
import { VERSION } from "../version.ts";

const STDOUT = 1;
const NAME = "my_init";

/** What to do once all arguments are understood. */
type Plan =
	| { readonly kind: "supervise"; readonly command: Command | undefined }
	| { readonly kind: "exit"; readonly code: number };

/** Runs the program with the arguments from `first` on, and returns the exit code. */
export function myInit(kernel: Kernel, first: number): number {
	const settings = defaultSettings();
	const log = new Log(kernel, settings.logLevel);
	readVariables(kernel, log, settings);
	const plan = makePlan(kernel, log, settings, first);
	if (plan.kind === "exit") return plan.code;
	log.setLevel(settings.logLevel);
	return superviseCommand(kernel, log, settings, plan.command);
}

/** A command that is this program itself is not started a second time: its options are read as ours. */
function makePlan(kernel: Kernel, log: Log, settings: Settings, first: number): Plan {
	let index = first;
	for (;;) {
		const options = skipProgramName(kernel, index);
		if (typeof options === "string") return failure(log, EXIT_USAGE, options);
		const request = readOptions(kernel, options, settings);
		if (request.kind === "help") return print(kernel, helpText(NAME));
		if (request.kind === "version") return print(kernel, `${NAME} version ${VERSION}\n`);
		if (request.kind === "usage-error") {
			return failure(log, EXIT_USAGE, `${request.text}; "${NAME} --help" lists the options`);
		}
		if (request.command === undefined) return { kind: "supervise", command: undefined };

		const found = findCommand(kernel, kernel.argument(request.command) ?? "");
		if (found.kind === "missing") return failure(log, found.exitCode, found.text);
		if (!isOurselves(kernel, found.path)) {
			return { kind: "supervise", command: { path: found.path, firstArgument: request.command } };
		}
		index = request.command + 1;
	}
}

/** `as NAME` chooses the program by name; there is one so far. */
function skipProgramName(kernel: Kernel, index: number): number | string {
	if (kernel.argument(index) !== "as") return index;
	const name = kernel.argument(index + 1);
	if (name === NAME) return index + 2;
	return `"as" needs the name of a program that this binary is: ${NAME}; got ${printableText(name ?? "nothing")}`;
}

function print(kernel: Kernel, text: string): Plan {
	kernel.write(STDOUT, text);
	return { kind: "exit", code: 0 };
}

function failure(log: Log, code: number, text: string): Plan {
	log.say("error", text);
	return { kind: "exit", code };
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
	const signals = kernel.openSignals();
	if (signals < 0) {
		log.say("error", `cannot read signals: signalfd: ${describeErrno(signals)}`);
		return EXIT_SYSTEM;
	}
	fault(kernel, "before-start");
	const terminal = command === undefined ? -1 : findTerminal(kernel, isPid1);
	const started = command === undefined ? undefined : startCommand(kernel, command, terminal);
	if (started?.kind === "failed") {
		log.say("error", started.text);
		return started.exitCode;
	}
	const mainPid = started?.pid ?? 0;
	if (mainPid === 0) log.say("info", "no command: reaping until a stop is asked for");
	else if (log.says("info")) log.say("info", `started PID ${mainPid}`);
	fault(kernel, "after-start");
	return supervise(
		{ kernel, log, terminal },
		{ isPid1, hasTerminal: terminal >= 0, settings, mainPid },
		signals,
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
