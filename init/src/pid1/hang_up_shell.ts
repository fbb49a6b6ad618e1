// An interactive shell as main child (docker run -it) does not obey TERM, so a stop hangs up on it as well,
// as a terminal that is closed does. Whoever only writes to a terminal is spared: HUP could end it in the middle of its work.
import type { Kernel } from "../kernel/kernel.ts";
import { SIGHUP, SIGTERM } from "../kernel/signals.ts";
import { readProcess } from "./processes.ts";
import type { State } from "./state.ts";

const STATUS_BYTES = 4_096;

export function hangUpShell(kernel: Kernel, terminal: number, state: State): void {
	if (isShell(kernel, terminal, state)) kernel.kill(state.mainPid, SIGHUP);
}

/** It edits its line, has put a job into the foreground, or ignores TERM. */
function isShell(kernel: Kernel, terminal: number, state: State): boolean {
	const foreground = kernel.foregroundGroup(terminal);
	if (foreground === state.mainGroup) {
		return kernel.readsKeys(terminal) === 1 || ignores(kernel, state.mainPid, SIGTERM);
	}
	return (
		foreground > 0 && foreground !== kernel.processGroup() && isItsJob(kernel, foreground, state)
	);
}

/** Elsewhere it may be the shell before us that stands in the foreground, and has put us into the background. */
function isItsJob(kernel: Kernel, group: number, state: State): boolean {
	return state.isPid1 || readProcess(kernel, group)?.parent === state.mainPid;
}

/** Out of /proc/PID/status: proc_pid_status(5), a hexadecimal mask of signals. */
function ignores(kernel: Kernel, pid: number, signal: number): boolean {
	const status = kernel.readFile(`/proc/${pid}/status`, STATUS_BYTES);
	if (typeof status !== "string") return false;
	const digits = status.split("\nSigIgn:\t")[1] ?? "";
	// Signals up to 16 are in the last four of sixteen digits.
	const mask = Number.parseInt(digits.slice(12, 16), 16);
	return (mask & (1 << (signal - 1))) !== 0;
}
