// What the init sees in /proc: its own namespace, somebody else's, or nothing.
import { EACCES, ENOENT } from "./errno.ts";
import type { Machine } from "./machine.ts";
import { commandLineText, statText, statusText } from "./proc_files.ts";

/** The pid that another namespace has for us. */
const FOREIGN_SELF = 4_711;
/** Pids of another namespace; each claims to be a child of ours, to lead astray whoever believes it. */
const FOREIGN_PIDS = Array.from({ length: 45 }, (_, index) => index + 2);

export class ProcView {
	readonly #machine: Machine;

	constructor(machine: Machine) {
		this.#machine = machine;
	}

	/** Where /proc/self leads. */
	self(): string | number {
		const { proc } = this.#machine.conditions;
		if (proc === "none") return -ENOENT;
		return String(proc === "own" ? this.#machine.init.pid : FOREIGN_SELF);
	}

	pids(): number[] | number {
		const { proc } = this.#machine.conditions;
		if (proc === "none") return -ENOENT;
		if (proc === "foreign") return [1, ...FOREIGN_PIDS, FOREIGN_SELF];
		return this.#machine.processes.all().map(({ pid }) => pid);
	}

	/** The text of a file below /proc. */
	read(path: string): string | number {
		const [, , directory, file] = path.split("/");
		const pid = Number(directory);
		switch (this.#machine.conditions.proc) {
			case "none":
				return -ENOENT;
			case "foreign":
				return this.#readForeign(pid, file);
			case "own":
				return this.#readOwn(pid, file);
		}
	}

	#readOwn(pid: number, file: string | undefined): string | number {
		const process = this.#machine.processes.find(pid);
		if (process === undefined) return -ENOENT;
		if (file === "stat") return statText(process);
		if (file === "status") return statusText(process);
		if (file === "cmdline") return commandLineText(process);
		return file === "comm" ? `${process.name}\n` : -EACCES;
	}

	#readForeign(pid: number, file: string | undefined): string | number {
		if (!FOREIGN_PIDS.includes(pid)) return -ENOENT;
		if (file !== "stat") return "somebody else\0";
		const { init } = this.#machine;
		return `${pid} (foreign) S ${init.pid} ${pid} ${pid} 34817 ${"1 ".repeat(46)}\n`;
	}
}
