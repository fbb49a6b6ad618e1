// Asking the other processes to end, and killing them.
import { ENOSYS, EPERM, ESRCH } from "../kernel/errno.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { SIGCONT, SIGHUP, SIGKILL, SIGTERM } from "../kernel/signals.ts";
import { type Log, printableCommandLine } from "../log/log.ts";
import type { LastWords } from "./last_words.ts";
import { nameOf, type Process, processesToEnd, readProcess } from "./processes.ts";
import type { State } from "./state.ts";

const NAMED_AT_MOST = 20;
const COMMAND_LINE_LIMIT = 256;
const NONE: readonly Process[] = [];

/**
 * TERM, and CONT so that a stopped process can obey. A session leader with a terminal gets HUP as well: an interactive shell
 * (docker exec -it) ignores TERM. HUP comes first: where its command ends before, bash loses a HUP that comes while it prepares
 * its prompt. The main child, if it still runs, knows already.
 */
export function askToEnd(kernel: Kernel, log: Log, state: State): void {
	const asksAll = state.isPid1 && state.mainPid === 0;
	if (asksAll && kernel.killAll(0) === -ESRCH) return;
	const processes = processesToEnd(kernel, state.isPid1) ?? NONE;
	for (const process of processes)
		if (process.pid !== state.mainPid && leadsTerminal(process))
			signalProcess(kernel, state, process, [SIGHUP]);
	// At once where that is allowed, so that no process that is being forked meanwhile is missed.
	if (asksAll && kernel.killAll(SIGTERM) >= 0) {
		kernel.killAll(SIGCONT);
		return;
	}
	if (processes === NONE) {
		askWithoutProc(kernel, log, state);
		return;
	}
	for (const process of processes)
		if (process.pid !== state.mainPid) signalProcess(kernel, state, process, [SIGTERM, SIGCONT]);
}

function leadsTerminal({ pid, session, terminal }: Process): boolean {
	return session === pid && terminal !== 0;
}

function askWithoutProc(kernel: Kernel, log: Log, state: State): void {
	if (!state.isPid1) {
		log.say(
			"warning",
			"/proc cannot be read: the other descendants are waited for, but not asked to end",
		);
		return;
	}
	kernel.killAll(SIGTERM);
	kernel.killAll(SIGCONT);
}

/**
 * A signal for everybody, or for everybody in the main child's session; for its process group where /proc does not tell who
 * that is. The last failure, or 0.
 */
export function sendToMany(kernel: Kernel, state: State, signal: number): number {
	const toAll = state.settings.signalScope === "all";
	if (toAll && state.isPid1) return kernel.killAll(signal);
	const processes = processesToEnd(kernel, state.isPid1);
	const session = processes?.find(({ pid }) => pid === state.mainPid)?.session;
	if (processes === undefined || (!toAll && session === undefined)) {
		return signalGroup(kernel, state, signal);
	}
	for (const process of processes) {
		if (toAll || process.session === session) signalProcess(kernel, state, process, [signal]);
	}
	return 0;
}

/** The main child's process group; itself alone where it leads none. */
export function signalGroup(kernel: Kernel, state: State, signal: number): number {
	return state.mainGroup === 0
		? kernel.kill(state.mainPid, signal)
		: kernel.killGroup(state.mainGroup, signal);
}

/** Names the main child on stderr, then kills it, and nobody else. */
export function nameAndKillMain(
	kernel: Kernel,
	log: Log,
	state: State,
	isSaid: boolean,
	lastWords: LastWords | undefined,
): void {
	const { mainPid } = state;
	const name = `PID ${mainPid} (${commandLine(kernel, state, mainPid)})`;
	if (!isSaid) {
		log.say("warning", `killing ${name}: still running after the last of the stop signals`);
	}
	lastWords?.killed(name);
	kernel.kill(mainPid, SIGKILL);
}

/** Names what is left on stderr, then kills it. */
export function nameAndKill(
	kernel: Kernel,
	log: Log,
	state: State,
	why: string,
	lastWords: LastWords | undefined,
): void {
	const processes = processesToEnd(kernel, state.isPid1);
	for (const process of processes?.slice(0, NAMED_AT_MOST) ?? []) {
		const name = `PID ${process.pid} (${commandLine(kernel, state, process.pid)})`;
		log.say("warning", `killing ${name}: ${why}`);
		lastWords?.killed(name);
	}
	if (processes === undefined || processes.length === 0) {
		const unknown = processes === undefined ? "/proc cannot be read" : "nobody stays to be named";
		log.say("warning", `killing what is left (unknown: ${unknown}): ${why}`);
	} else if (processes.length > NAMED_AT_MOST) {
		log.say("warning", `killing ${processes.length - NAMED_AT_MOST} more: ${why}`);
		lastWords?.killedMore(processes.length - NAMED_AT_MOST);
	}
	killProcesses(kernel, state, processes);
}

/** Kills what has been forked since. */
export function killAgain(kernel: Kernel, state: State): void {
	killProcesses(kernel, state, state.isPid1 ? undefined : processesToEnd(kernel, false));
}

function killProcesses(
	kernel: Kernel,
	state: State,
	processes: readonly Process[] | undefined,
): void {
	if (state.isPid1) {
		kernel.killAll(SIGKILL);
		return;
	}
	if (processes === undefined) {
		// Not waited for yet, so the pid is still the main child's, and its group's.
		if (state.mainPid !== 0) signalGroup(kernel, state, SIGKILL);
		return;
	}
	for (const process of processes) signalProcess(kernel, state, process, [SIGKILL]);
}

/**
 * As PID 1 by pid: whoever got the pid meanwhile is in our container too, and is to end as well. Elsewhere
 * it could be anybody's, so the process is held by a descriptor and looked at once more.
 */
function signalProcess(
	kernel: Kernel,
	state: State,
	process: Process,
	signals: readonly number[],
): void {
	if (state.isPid1) {
		for (const signal of signals) kernel.kill(process.pid, signal);
		return;
	}
	const descriptor = kernel.openProcess(process.pid);
	const isSame = readProcess(kernel, process.pid)?.startTime === process.startTime;
	for (const signal of isSame ? signals : []) {
		const result = descriptor < 0 ? descriptor : kernel.signalProcess(descriptor, signal);
		// An old kernel does not have these calls (ENOSYS), an engine's old seccomp profile refuses them (EPERM).
		if (result === -ENOSYS || result === -EPERM) kernel.kill(process.pid, signal);
	}
	if (descriptor >= 0) kernel.close(descriptor);
}

/** Where there are secrets, they may stand in arguments. */
function commandLine(kernel: Kernel, { settings }: State, pid: number): string {
	if (settings.secretVariables.length > 0) return nameOf(kernel, pid);
	const bytes = kernel.readFile(`/proc/${pid}/cmdline`, COMMAND_LINE_LIMIT);
	if (typeof bytes === "string" && bytes !== "") return printableCommandLine(bytes);
	return nameOf(kernel, pid);
}
