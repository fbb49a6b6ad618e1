// A signal's way from being sent to its effect.
import { isOrphanedGroup } from "./life.ts";
import type { Machine } from "./machine.ts";
import type { SimulatedProcess } from "./process.ts";
import { CHLD, CONT, defaultAction, isStop, KILL, STOP } from "./signal_actions.ts";

/** Makes the signal pending, unless it is ignored; its effect follows when the scheduler says so. */
export function send(
	machine: Machine,
	process: SimulatedProcess,
	signal: number,
	sender: number,
): void {
	if (!process.isAlive || signal === 0) return;
	const isFirst = process === machine.firstProcess;
	// The namespace's first process cannot be ended or stopped from inside.
	if (isFirst && (signal === KILL || signal === STOP)) return;
	// A process of the host that has no part in the story, but for the shell's terminal.
	if (process.program === undefined && !process.keepsSignals && signal !== KILL) return;

	if (isStop(signal)) process.pending.remove((pending) => pending === CONT);
	if (signal === CONT) {
		process.pending.remove(isStop);
		carryOn(machine, process);
	}
	if (isDropped(process, signal)) return;
	process.pending.add({ signal, sender });
	if (!process.keepsSignals || signal === KILL || signal === STOP) {
		machine.timeline.after(machine.latencyMs(), () => settle(machine, process));
	}
}

/** A blocked signal is never dropped: it may be unblocked, and signalfd reads it. */
function isDropped(process: SimulatedProcess, signal: number): boolean {
	if (process.keepsSignals || signal === KILL || signal === STOP) return false;
	if (process.handled.has(signal)) return false;
	return process.ignored.has(signal) || defaultAction(signal) === "ignore";
}

export function settle(machine: Machine, process: SimulatedProcess): void {
	while (process.isAlive && !process.isHanging) {
		const next =
			process.pending.take((signal) => signal === KILL) ??
			process.pending.take((signal) => canTake(process, signal));
		if (next === undefined) return;
		if (process.handled.has(next.signal)) process.program?.handle(next.signal);
		else if (isDropped(process, next.signal)) continue;
		else if (defaultAction(next.signal) === "stop") stop(machine, process, next.signal);
		else machine.end(process, next.signal);
	}
}

function canTake(process: SimulatedProcess, signal: number): boolean {
	if (process.state === "stopped") return false;
	if (process.keepsSignals) return signal === STOP;
	return !process.handled.has(signal) || process.program?.isResting === true;
}

/** In an orphaned group only STOP stops: nobody could continue what a terminal had stopped. */
function stop(machine: Machine, process: SimulatedProcess, signal: number): void {
	if (signal !== STOP && isOrphanedGroup(machine, process.group)) return;
	process.state = "stopped";
	process.untoldStop = signal;
	machine.stopped.add(process);
	machine.record({ type: "stopped", process, signal });
	if (process.parent !== undefined) machine.send(process.parent, CHLD, process.pid);
}

function carryOn(machine: Machine, process: SimulatedProcess): void {
	if (process.state !== "stopped") return;
	process.state = "running";
	machine.stopped.delete(process);
	process.untoldStop = undefined;
	machine.record({ type: "continued", process });
	if (process.parent !== undefined) machine.send(process.parent, CHLD, process.pid);
	machine.timeline.after(machine.latencyMs(), () => {
		settle(machine, process);
		process.program?.resume();
	});
}
