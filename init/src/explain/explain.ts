// initctl explain: what would happen, in words, before it does.
import type { Failure } from "../boot/failure.ts";
import { type Command, findCommand } from "../boot/find_command.ts";
import { EXIT_NOT_FOUND } from "../exit_codes.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { signalName } from "../kernel/signals.ts";
import { printableText } from "../log/log.ts";
import { contradictions } from "../options/contradictions.ts";
import { RECEIVERS, replaced, type Settings, type Wait } from "../options/settings.ts";
import { mainShare } from "../pid1/stage_times.ts";
import type { Stages } from "../pid1/stages.ts";
import { meantBy } from "../programs/program.ts";
import { commandOfSetuser } from "../programs/setuser.ts";
import { interpreterOf, shellWarning } from "./shell.ts";

/** What `docker stop` waits before it kills, when nothing else is said. */
const DOCKER_STOP_MS = 10_000;
const ARGUMENTS_SHOWN = 20;

const ENDS: Readonly<Record<Wait, string>> = {
	none: "PID 1 ends with the main child, and the kernel kills what is left",
	term: "all others are asked to end (TERM) and waited for; what is left at the end of the time is killed",
	all: "all others are waited for as long as they run, without being asked to end",
};

/**
 * The text for a command at the argument (0: none) under settings of my_init, which always knows a stop, and with what the image
 * has the init do beside the command.
 */
export function explain(
	kernel: Kernel,
	settings: Settings,
	stages: Stages | undefined,
	argument: number,
): string {
	const command = argument === 0 ? undefined : findCommand(kernel, argument);
	const lines = [
		"PID 1         this init; it reaps all orphans",
		`main child    ${mainChild(kernel, command)}`,
		`signals       all are forwarded to ${RECEIVERS[settings.signalScope]}${exceptions(settings)}`,
		`a stop        ${stop(settings)}`,
		`docker stop   ${dockerStop(settings)}`,
		`the end       ${ENDS[settings.wait]}; the exit code is the main child's own${remapped(settings)}`,
	];
	if (stages !== undefined) lines.splice(1, 0, ...besides(stages));
	const warnings = contradictions(settings);
	const ofShell = warningOfShell(kernel, command);
	if (ofShell !== undefined) warnings.push(ofShell);
	for (const warning of warnings) lines.push(`warning       ${warning}`);
	return `${lines.join("\n")}\n`;
}

/** What is done before, beside and after the main child. */
function besides({ queue, found }: Stages): string[] {
	const { services, preShutdown, postShutdown } = found;
	const kinds: readonly (readonly [title: string, names: readonly string[]])[] = [
		["before it", queue],
		["services", services],
		["hooks", [...preShutdown, ...postShutdown]],
	];
	return kinds
		.filter(([, names]) => names.length > 0)
		.map(([title, names]) => `${title.padEnd(13)} ${names.map(printableText).join(", ")}`);
}

function mainChild(kernel: Kernel, command: Command | Failure | undefined): string {
	if (command === undefined) return "none: the init only reaps until a stop is asked for";
	if ("exitCode" in command) return `${command.text}: the exit code would be ${command.exitCode}`;
	const words = `${printableText(command.path)}${argumentsOf(kernel, command)}`;
	if (command.isOurselves) return `${words}: ${ofOurselves(kernel, command)}`;
	return `${words}${missingInterpreter(kernel, command)}`;
}

/** Inits take our place; setuser and initctl are children, and no init. */
function ofOurselves(kernel: Kernel, command: Command): string {
	const { name } = meantBy(kernel, command.firstArgument);
	if (name === "initctl") return "a tool, not the init";
	if (name !== "setuser") return "this init by another name, with options of its own";
	const next = commandBehind(kernel, command);
	if (next === undefined) return "no command for it to become: the exit code would be 1";
	return "exitCode" in next ? mainChild(kernel, next) : `becomes ${mainChild(kernel, next)}`;
}

/** What a setuser becomes; undefined: it is none, or has no command. */
function commandBehind(kernel: Kernel, { firstArgument }: Command): Command | Failure | undefined {
	const { name, first } = meantBy(kernel, firstArgument);
	const argument = name === "setuser" ? commandOfSetuser(kernel, first) : 0;
	return argument === 0 ? undefined : findCommand(kernel, argument);
}

function warningOfShell(
	kernel: Kernel,
	command: Command | Failure | undefined,
): string | undefined {
	if (command === undefined || "exitCode" in command) return undefined;
	return command.isOurselves
		? warningOfShell(kernel, commandBehind(kernel, command))
		: shellWarning(kernel, command);
}

/** A #! line that leads nowhere, as one that ends with a carriage return does. */
function missingInterpreter(kernel: Kernel, { path }: Command): string {
	const start = kernel.readFile(path, 256);
	if (typeof start === "number" || !start.startsWith("#!")) return "";
	const [interpreter = ""] = interpreterOf(start);
	return kernel.checkExecutable(interpreter) >= 0
		? ""
		: `: its #! line names ${printableText(interpreter)}, which cannot be executed: the exit code would be ${EXIT_NOT_FOUND}`;
}

function argumentsOf(kernel: Kernel, { firstArgument }: Command): string {
	let text = "";
	const end = Math.min(kernel.argumentCount(), firstArgument + 1 + ARGUMENTS_SHOWN);
	for (let index = firstArgument + 1; index < end; index++) {
		text += ` ${printableText(kernel.argument(index) ?? "")}`;
	}
	return end < kernel.argumentCount() ? `${text} ...` : text;
}

function exceptions({ rewrites }: Settings): string {
	const words = rewrites.map(({ from, to }) =>
		to === 0 ? `${signalName(from)} to nobody` : `${signalName(from)} as ${signalName(to)}`,
	);
	return words.length === 0 ? "" : `, ${words.join(", ")}`;
}

function stop(settings: Settings): string {
	const { stopOn, stopTimeoutMs, stopDelayMs, stopSignals } = settings;
	const begins = stopOn.filter((signal) => replaced(settings.rewrites, signal) !== 0);
	const begin = `begins with ${begins.length === 0 ? "no signal" : begins.map(signalName).join(" or ")}`;
	const delayMs = Math.min(stopDelayMs, stopTimeoutMs * mainShare(settings));
	const delay = delayMs === 0 ? "" : `, is told to the main child after ${seconds(delayMs)}`;
	const ladder = stopSignals.map(({ signal, waitMs }) =>
		waitMs === Number.POSITIVE_INFINITY
			? signalName(signal)
			: `${signalName(signal)} for ${seconds(waitMs)}`,
	);
	const climb = ladder.length === 0 ? "" : `, by ${ladder.join(", then ")}, then KILL`;
	return `${begin}${delay}${climb}; what is left after ${seconds(stopTimeoutMs)} is killed and named`;
}

function dockerStop({ stopTimeoutMs }: Settings): string {
	const sends = "sends TERM, or the image's STOPSIGNAL, and kills everything 10 s later";
	if (stopTimeoutMs >= DOCKER_STOP_MS) {
		return `${sends}: before our ${seconds(stopTimeoutMs)} are over; give it docker stop -t ${Math.ceil(stopTimeoutMs / 1_000) + 1}`;
	}
	return sends;
}

function remapped({ exitRemap }: Settings): string {
	return exitRemap.map(({ from, to }) => `, ${to} for ${from}`).join("");
}

function seconds(ms: number): string {
	return `${ms / 1_000} s`;
}
