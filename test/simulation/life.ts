// The end of a process: orphans find a new parent, the old one is told, a terminal is hung up.
import type { Machine } from "./machine.ts";
import type { SimulatedProcess } from "./process.ts";
import { CHLD, CONT, HUP } from "./signal_actions.ts";

/** How long a container engine takes to wait for a process that it had started inside. */
const OUTSIDE_REAPS_MS = 2;

/** As do_exit of the kernel: its own children first, then its groups, then its parent. */
export function end(machine: Machine, process: SimulatedProcess, status: number): void {
	if (!process.isAlive) return;
	process.state = "ended";
	process.status = status;
	process.untoldStop = undefined;
	machine.stopped.delete(process);
	machine.record({ type: "ended", process, status });
	leaveTerminal(machine, process);
	const children = [...process.children];
	const reaper = findReaper(machine, process);
	for (const child of children) adopt(machine, child, reaper);
	for (const group of new Set([process.group, ...children.map((child) => child.group)])) {
		hangUpIfOrphaned(machine, group);
	}
	tellParent(machine, process);
}

export function reap(machine: Machine, process: SimulatedProcess): void {
	machine.record({ type: "reaped", process, byInit: process.parent === machine.init });
	process.state = "gone";
	machine.processes.remove(process);
}

/** The nearest subreaper among the ancestors, or the namespace's first process. */
function findReaper(machine: Machine, process: SimulatedProcess): SimulatedProcess {
	for (let at = process.parent; at !== undefined; at = at.parent) {
		if (at.isSubreaper && at.isAlive) return at;
	}
	return machine.firstProcess;
}

function adopt(machine: Machine, child: SimulatedProcess, parent: SimulatedProcess): void {
	machine.processes.adopt(child, parent);
	if (parent === machine.init) machine.record({ type: "adopted", process: child });
	if (child.state === "ended") tellParent(machine, child);
}

function tellParent(machine: Machine, process: SimulatedProcess): void {
	const parent = process.parent;
	if (parent === undefined) {
		if (!machine.conditions.engineCollects) return;
		machine.timeline.after(OUTSIDE_REAPS_MS + machine.latencyMs(), () => machine.reap(process));
		return;
	}
	machine.send(parent, CHLD, process.pid);
	const reapsByItself = parent.program === undefined && parent !== machine.init;
	if (reapsByItself || parent.ignored.has(CHLD)) machine.reap(process);
	parent.program?.childEnded();
}

/** The end of a session's leader takes the terminal from all of the session. */
function leaveTerminal(machine: Machine, process: SimulatedProcess): void {
	const terminal = process.terminal;
	if (terminal === undefined || process.session !== process.pid) return;
	const members = machine.processes.all().filter((member) => member.terminal === terminal);
	for (const member of machine.processes.ofGroup(terminal.foregroundGroup)) {
		machine.send(member, HUP, 0);
		machine.send(member, CONT, 0);
	}
	for (const member of members) member.terminal = undefined;
	terminal.foregroundGroup = 0;
}

/** Stopped processes whom no shell can ever continue: POSIX has them hung up and continued. */
function hangUpIfOrphaned(machine: Machine, group: number): void {
	if (machine.stopped.size === 0) return;
	const members = machine.processes.ofGroup(group);
	if (!members.some(({ state }) => state === "stopped")) return;
	if (!isOrphanedGroup(machine, group)) return;
	for (const member of members) {
		machine.send(member, HUP, 0);
		machine.send(member, CONT, 0);
	}
}

/** Whether no member has a parent in another group of the same session. */
export function isOrphanedGroup(machine: Machine, group: number): boolean {
	const members = machine.processes.ofGroup(group).filter((member) => member.isAlive);
	return !members.some(
		({ parent, session }) =>
			parent !== undefined && parent.group !== group && parent.session === session,
	);
}
