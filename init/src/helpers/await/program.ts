// One try of a program: whether it ends with 0.
import { findCommand } from "../../boot/find_command.ts";
import { startCommand } from "../../boot/start_command.ts";
import { type Kernel, LEADS_GROUP } from "../../kernel/kernel.ts";
import { SIGINT, SIGKILL, SIGQUIT, SIGTERM, signalName } from "../../kernel/signals.ts";
import { endSignal, exitCode, isStopped } from "../../kernel/status.ts";

const NO_TERMINAL = -1;
const ENDING = [SIGTERM, SIGINT, SIGQUIT];

/** The signal that tells us to end; 0: none has come. Others are taken. */
export function endedBy(kernel: Kernel): number {
	for (;;) {
		const signal = kernel.waitSignal(0);
		if (signal <= 0) return 0;
		if (ENDING.includes(signal)) return signal;
	}
}

/** Empty: it has ended with 0; else why not, or the signal that tells us to end. It is killed, and its group, when it takes too long. */
export function tryProgram(kernel: Kernel, argument: number, untilMs: number): string | number {
	const found = findCommand(kernel, argument);
	if ("exitCode" in found) return found.text;
	const started = startCommand(kernel, found, NO_TERMINAL, LEADS_GROUP, false);
	return typeof started === "number" ? awaitEnd(kernel, started, untilMs) : started.text;
}

/** The same of a program that runs, and leads its group. */
export function awaitEnd(kernel: Kernel, started: number, untilMs: number): string | number {
	for (;;) {
		const signal = endedBy(kernel);
		const left = untilMs - kernel.nowMs();
		if (signal > 0 || left <= 0) {
			kernel.killGroup(started, SIGKILL);
			while (!hasEnded(kernel, started)) kernel.waitSignal(-1);
			return signal > 0 ? signal : "it did not end in time, and was killed";
		}
		// Its end may have come with the signals that were just taken.
		if (hasEnded(kernel, started)) return verdict(kernel.childStatus());
		kernel.poll([], left);
	}
}

function hasEnded(kernel: Kernel, child: number): boolean {
	for (;;) {
		const reaped = kernel.reap();
		if (reaped <= 0) return false;
		if (reaped === child && !isStopped(kernel.childStatus())) return true;
	}
}

function verdict(status: number): string {
	const signal = endSignal(status);
	if (signal > 0) return `it was ended by SIG${signalName(signal)}`;
	const code = exitCode(status);
	return code === 0 ? "" : `it ended with ${code}`;
}
