// The other processes, as /proc shows them: proc_pid_stat(5).
import type { Kernel } from "../kernel/kernel.ts";
import { printableCommandLine } from "../log/log.ts";

export interface Process {
	readonly pid: number;
	readonly parent: number;
	readonly session: number;
	/** Device number of the controlling terminal; 0: none. */
	readonly terminal: number;
	/** Ended, but not yet waited for. */
	readonly isZombie: boolean;
	/** Clock ticks since boot; with the pid it names one process for ever. */
	readonly startTime: string;
}

const STAT_LIMIT = 1_024;
const NAME_LIMIT = 64;

/** One process, or undefined when it is gone or /proc cannot be read. */
export function readProcess(kernel: Kernel, pid: number): Process | undefined {
	const stat = kernel.readFile(`/proc/${pid}/stat`, STAT_LIMIT);
	if (typeof stat === "number") return undefined;
	// The name stands in parentheses and may hold any byte: only the last one ends it.
	const [state, parent, , session, terminal, ...rest] = stat
		.slice(stat.lastIndexOf(")") + 2)
		.split(" ");
	return {
		pid,
		parent: Number(parent),
		session: Number(session),
		terminal: Number(terminal),
		// The state is the first thread's; others of them may go on.
		isZombie: (state === "Z" || state === "X") && Number(rest[12]) <= 1,
		startTime: rest[14] ?? "",
	};
}

/**
 * Every process but ourselves, those that have ended too; undefined when /proc is not there or shows another PID
 * namespace than ours, whose numbers would mean other processes.
 */
export function listAll(kernel: Kernel): Process[] | undefined {
	const self = kernel.processId();
	if (kernel.readLink("/proc/self") !== String(self)) return undefined;
	const pids = kernel.listProcesses();
	if (typeof pids === "number") return undefined;
	const processes: Process[] = [];
	for (const pid of pids) {
		const process = pid === self ? undefined : readProcess(kernel, pid);
		if (process !== undefined) processes.push(process);
	}
	return processes;
}

/** Those of them that have not ended. */
export function listOthers(kernel: Kernel): Process[] | undefined {
	return listAll(kernel)?.filter(({ isZombie }) => !isZombie);
}

/** What /proc calls the process: the first 15 bytes of its program's name, unless it has changed them. */
export function nameOf(kernel: Kernel, pid: number): string {
	const name = kernel.readFile(`/proc/${pid}/comm`, NAME_LIMIT);
	return typeof name === "string" ? printableCommandLine(name.trimEnd()) : "gone meanwhile";
}

/** Those of the processes that descend from `root`. */
export function descendantsOf(root: number, processes: readonly Process[]): Process[] {
	const found: Process[] = [];
	let generation = [root];
	let others = processes;
	while (generation.length > 0) {
		const children = others.filter((process) => generation.includes(process.parent));
		others = others.filter((process) => !generation.includes(process.parent));
		found.push(...children);
		generation = children.map((process) => process.pid);
	}
	return found;
}

/**
 * The processes that are ours to end: as PID 1 all of our namespace, else our descendants alone, since
 * the others are the host's or another container's.
 */
export function processesToEnd(kernel: Kernel, isPid1: boolean): Process[] | undefined {
	const others = listOthers(kernel);
	if (isPid1 || others === undefined) return others;
	return descendantsOf(kernel.processId(), others);
}
