// Signals to services, and runit's scripts that may take their place: runsv(8), "CUSTOMIZE CONTROL".
import { describeErrno, ESRCH } from "../kernel/errno.ts";
import { SIGCONT, signalName } from "../kernel/signals.ts";
import type { ServiceAction, SignalAction } from "./actions.ts";
import { finishIfDue } from "./ending.ts";
import type { ServicesEdge } from "./perform.ts";
import { controlScript, letterOf } from "./runit.ts";
import { type Service, shownName } from "./service.ts";

export function sendSignal(edge: ServicesEdge, action: SignalAction, nowMs: number): void {
	const { service, signal, isGroup, isPlain } = action;
	const { pid } = service;
	if (pid === 0) return;
	if (isPlain !== true && runScript(edge, service, letterOf(signal), action, nowMs)) return;
	const { kernel, log } = edge;
	const result = isGroup ? kernel.killGroup(pid, signal) : kernel.kill(pid, signal);
	if (result < 0 && result !== -ESRCH)
		log.say(
			"warning",
			`cannot send ${signalName(signal)} to ${shownName(service)}: ${describeErrno(result)}`,
		);
}

/** All runs of it are to end, those too that are stopped. */
export function askAll(
	edge: ServicesEdge,
	{ service, signal }: Extract<ServiceAction, { type: "ask" }>,
	nowMs: number,
): void {
	const plain = { type: "signal", service, isGroup: false } as const;
	sendSignal(edge, { ...plain, signal }, nowMs);
	sendSignal(edge, { ...plain, signal: SIGCONT, isPlain: true }, nowMs);
	for (const pid of service.overlapping) {
		edge.kernel.kill(pid, signal);
		edge.kernel.kill(pid, SIGCONT);
	}
}

/** Whether a script runs that its start waits for, whatever that ends with. */
export function controlUp(edge: ServicesEdge, service: Service, nowMs: number): boolean {
	return service.helpers.control !== 0 || runScript(edge, service, "u", undefined, nowMs);
}

/** It was asked to end, not to be started again: that has a script of its own, once the signal's has ended. */
export function controlDown(edge: ServicesEdge, service: Service, nowMs: number): void {
	if (service.helpers.control !== 0 || !service.isDownDue) return;
	service.isDownDue = false;
	const letter = service.isDoomed ? "x" : "d";
	if (!runScript(edge, service, letter, undefined, nowMs)) finishIfDue(edge.machine, service);
}

/** Whether a script is run: one at a time, and none once the time of a stop is over. */
function runScript(
	edge: ServicesEdge,
	service: Service,
	letter: string,
	inPlaceOf: SignalAction | undefined,
	nowMs: number,
): boolean {
	if (service.helpers.control !== 0 || nowMs >= edge.machine.endMs) return false;
	const script = controlScript(edge.kernel, service.definition, letter);
	if (script === undefined) return false;
	service.controlled = inPlaceOf;
	edge.run(service, "control", { words: [script], isOurs: false }, nowMs);
	return true;
}
