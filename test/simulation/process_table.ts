// All processes by their pids. A pid is free again when nothing is called by it any more.
import { type Origin, SimulatedProcess } from "./process.ts";

export class ProcessTable {
	readonly #byPid = new Map<number, SimulatedProcess>();
	/** How many processes have each number as their group or session. */
	readonly #namesakes = new Map<number, number>();
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
		this.#count(process.group, 1);
		this.#count(process.session, 1);
		process.parent?.children.add(process);
		return process;
	}

	remove(process: SimulatedProcess): void {
		this.#byPid.delete(process.pid);
		this.#count(process.group, -1);
		this.#count(process.session, -1);
		process.parent?.children.delete(process);
	}

	find(pid: number): SimulatedProcess | undefined {
		return this.#byPid.get(pid);
	}

	/** A copy: whoever goes through it may end processes on the way. */
	all(): SimulatedProcess[] {
		return [...this.#byPid.values()];
	}

	ofGroup(group: number): SimulatedProcess[] {
		return this.all().filter((process) => process.group === group);
	}

	moveToGroup(process: SimulatedProcess, group: number): void {
		this.#count(process.group, -1);
		process.group = group;
		this.#count(group, 1);
	}

	moveToOwnSession(process: SimulatedProcess): void {
		this.moveToGroup(process, process.pid);
		this.#count(process.session, -1);
		process.session = process.pid;
		this.#count(process.pid, 1);
		process.terminal = undefined;
	}

	adopt(child: SimulatedProcess, parent: SimulatedProcess | undefined): void {
		child.parent?.children.delete(child);
		child.parent = parent;
		parent?.children.add(child);
	}

	#count(number: number, change: number): void {
		this.#namesakes.set(number, (this.#namesakes.get(number) ?? 0) + change);
	}

	#freePid(): number | undefined {
		for (let tried = 0; tried < this.#highestPid; tried++) {
			this.#lastPid = (this.#lastPid % this.#highestPid) + 1;
			const isTaken =
				this.#byPid.has(this.#lastPid) || (this.#namesakes.get(this.#lastPid) ?? 0) > 0;
			if (!isTaken) return this.#lastPid;
		}
		return undefined;
	}
}
