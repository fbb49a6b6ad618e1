// The init signals others: kill(2) in its forms, and what the machine's chronicle keeps of it.
import type { Way } from "./chronicle.ts";
import { EINVAL, EPERM, ESRCH } from "./errno.ts";
import type { Machine } from "./machine.ts";
import type { SimulatedProcess } from "./process.ts";

export function killOne(machine: Machine, pid: number, signal: number): number {
	if (pid <= 0) return -EINVAL;
	const process = machine.processes.find(pid);
	if (process === undefined) {
		machine.record({ type: "missed", pid, signal });
		return -ESRCH;
	}
	return signalFromInit(machine, process, signal, "kill");
}

/** 0 when at least one of the group could be signalled. */
export function killGroup(machine: Machine, group: number, signal: number): number {
	if (group <= 1) return -EINVAL;
	const members = machine.processes.ofGroup(group);
	if (members.length === 0) return -ESRCH;
	const results = members.map((member) => signalFromInit(machine, member, signal, "killGroup"));
	return Math.max(...results);
}

/** Zombies count: −ESRCH only when there is nobody else at all. As the kernel has it, EPERM is not told. */
export function killAll(machine: Machine, signal: number): number {
	machine.record({ type: "kill-all", signal });
	if (machine.init.pid !== 1) return -EPERM;
	const others = machine.processes.all().filter((process) => process !== machine.init);
	if (others.length === 0) return -ESRCH;
	for (const other of others) signalFromInit(machine, other, signal, "killAll");
	return 0;
}

export function signalFromInit(
	machine: Machine,
	process: SimulatedProcess,
	signal: number,
	way: Way,
): number {
	if (process.state === "gone") return -ESRCH;
	if (process.isForeignUser && !machine.conditions.isPrivileged) return -EPERM;
	if (signal !== 0) {
		const isDescendant = process.descendsFrom(machine.init);
		const wasAlive = process.isAlive;
		machine.record({ type: "signalled", process, signal, way, wasAlive, isDescendant });
	}
	machine.send(process, signal, machine.init.pid);
	return 0;
}
