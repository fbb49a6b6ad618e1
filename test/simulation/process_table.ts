// All processes by their pids. A pid is free again when nothing is called by it any more.
import { type Origin, SimulatedProcess } from "./process.ts";

export class ProcessTable {
	readonly #byPid = new Map<number, SimulatedProcess>();
	readonly #groups = new Map<number, Set<SimulatedProcess>>();
	readonly #sessions = new Map<number, Set<SimulatedProcess>>();
	readonly #highestPid: number;
	#lastPid = 0;
	#serial = 0;

	constructor(highestPid: number) {
		this.#highestPid = highestPid;
	}

	/** The next pids are taken from here on. */
	continueAt(pid: number): void {
		this.#lastPid = pid - 1;
	}

	/** A new process; undefined when every pid is taken. */
	add(origin: Origin, bornAtMs: number): SimulatedProcess | undefined {
		const pid = this.#freePid();
		if (pid === undefined) return undefined;
		const process = new SimulatedProcess(pid, ++this.#serial, bornAtMs, origin);
		this.#byPid.set(pid, process);
		enroll(this.#groups, process.group, process);
		enroll(this.#sessions, process.session, process);
		process.parent?.children.add(process);
		return process;
	}

	remove(process: SimulatedProcess): void {
		this.#byPid.delete(process.pid);
		strike(this.#groups, process.group, process);
		strike(this.#sessions, process.session, process);
		process.parent?.children.delete(process);
	}

	find(pid: number): SimulatedProcess | undefined {
		return this.#byPid.get(pid);
	}

	get count(): number {
		return this.#byPid.size;
	}

	/** A copy: whoever goes through it may end processes on the way. */
	all(): SimulatedProcess[] {
		return [...this.#byPid.values()];
	}

	ofGroup(group: number): SimulatedProcess[] {
		return [...(this.#groups.get(group) ?? [])];
	}

	moveToGroup(process: SimulatedProcess, group: number): void {
		strike(this.#groups, process.group, process);
		process.group = group;
		enroll(this.#groups, group, process);
	}

	moveToOwnSession(process: SimulatedProcess): void {
		this.moveToGroup(process, process.pid);
		strike(this.#sessions, process.session, process);
		process.session = process.pid;
		enroll(this.#sessions, process.pid, process);
		process.terminal = undefined;
	}

	adopt(child: SimulatedProcess, parent: SimulatedProcess | undefined): void {
		child.parent?.children.delete(child);
		child.parent = parent;
		parent?.children.add(child);
	}

	#freePid(): number | undefined {
		for (let tried = 0; tried < this.#highestPid; tried++) {
			this.#lastPid = (this.#lastPid % this.#highestPid) + 1;
			const pid = this.#lastPid;
			const isTaken = [this.#byPid, this.#groups, this.#sessions].some((names) => names.has(pid));
			if (!isTaken) return pid;
		}
		return undefined;
	}
}

type Members = Map<number, Set<SimulatedProcess>>;

function enroll(members: Members, number: number, process: SimulatedProcess): void {
	const known = members.get(number);
	if (known === undefined) members.set(number, new Set([process]));
	else known.add(process);
}

function strike(members: Members, number: number, process: SimulatedProcess): void {
	const known = members.get(number);
	known?.delete(process);
	if (known?.size === 0) members.delete(number);
}
