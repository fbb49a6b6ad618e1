// Processes as the machine's own /proc shows them, from outside of every namespace under test.
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** One process; all numbers are those of the machine. */
export interface ProcessSeen {
	readonly pid: number;
	readonly parent: number;
	/** As proc_pid_stat(5) has it: R, S, T, Z … */
	readonly state: string;
	readonly group: number;
	/** The foreground group of its terminal; -1: it has none. */
	readonly foregroundGroup: number;
}

/** All processes of the PID namespace (as readlink shows it: "pid:[…]"), zombies too. */
export function processesIn(namespace: string): ProcessSeen[] {
	const found: ProcessSeen[] = [];
	for (const name of readdirSync("/proc")) {
		const pid = Number(name);
		if (!Number.isInteger(pid) || namespaceOf(pid) !== namespace) continue;
		const seen = processSeen(pid);
		if (seen !== undefined) found.push(seen);
	}
	return found;
}

/** The PID namespace that the process lives in; undefined when it is gone. */
export function namespaceOf(pid: number): string | undefined {
	return ifThere(() => readlinkSync(`/proc/${pid}/ns/pid`));
}

/** One process; undefined when it is gone. */
export function processSeen(pid: number): ProcessSeen | undefined {
	const stat = ifThere(() => readFileSync(`/proc/${pid}/stat`, "latin1"));
	if (stat === undefined) return undefined;
	const [state = "", parent, group, , , foregroundGroup] = stat
		.slice(stat.lastIndexOf(")") + 2)
		.split(" ");
	return {
		pid,
		parent: Number(parent),
		state,
		group: Number(group),
		foregroundGroup: Number(foregroundGroup),
	};
}

/** The children of the process. */
export function childrenOf(pid: number): ProcessSeen[] {
	const all = readdirSync("/proc").map(Number).filter(Number.isInteger);
	return all
		.map(processSeen)
		.filter((seen) => seen !== undefined)
		.filter((seen) => seen.parent === pid);
}

/** The arguments of the process; empty for a zombie, and when it is gone. */
export function commandLineOf(pid: number): string[] {
	const bytes = ifThere(() => readFileSync(`/proc/${pid}/cmdline`, "latin1")) ?? "";
	return bytes.split("\0").slice(0, -1);
}

/** The file that the process executes; undefined when it is gone. */
export function executableOf(pid: number): string | undefined {
	return ifThere(() => readlinkSync(`/proc/${pid}/exe`));
}

/** The fields of /proc/PID/status (or of a status file read elsewhere) by name. */
export function statusOf(pid: number): ReadonlyMap<string, string> {
	return parseStatus(ifThere(() => readFileSync(`/proc/${pid}/status`, "latin1")) ?? "");
}

/** The fields of a text such as /proc/PID/status or /proc/PID/smaps_rollup by name. */
export function parseStatus(text: string): ReadonlyMap<string, string> {
	const fields = text.split("\n").map((line): [string, string] => {
		const colon = line.indexOf(":");
		return [line.slice(0, colon), line.slice(colon + 1).trim()];
	});
	return new Map(fields);
}

/** What the process has open, by number. */
export function descriptorsOf(pid: number): Readonly<Record<string, string>> {
	const folder = `/proc/${pid}/fd`;
	return Object.fromEntries(readdirSync(folder).map((fd) => [fd, readlinkSync(`${folder}/${fd}`)]));
}

/** The pid of the process inside its own namespace. */
export function innerPidOf(pid: number): number {
	return Number(statusOf(pid).get("NSpid")?.split("\t").at(-1));
}

/** Resident memory in KB, page by page: the counter in /proc/PID/status may be off by some dozen pages. */
export function residentKb(pid: number): number {
	return rollupKb(pid, "Rss");
}

/** Of that, what is no page of a file: its own memory, in KB. */
export function anonymousKb(pid: number): number {
	return rollupKb(pid, "Anonymous");
}

function rollupKb(pid: number, key: string): number {
	const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "latin1");
	return Number.parseInt(parseStatus(rollup).get(key) ?? "", 10);
}

function ifThere<Answer>(read: () => Answer): Answer | undefined {
	try {
		return read();
	} catch (error) {
		const code = error instanceof Error && "code" in error ? error.code : "";
		if (code === "ENOENT" || code === "ESRCH" || code === "EACCES") return undefined;
		throw error;
	}
}

/** How /proc shows a mask of all signals: KILL and STOP cannot be blocked. */
export const EVERY_SIGNAL = "fffffffffffbfeff";

/** Whether the process sleeps until one of its descriptors is ready, or a signal comes. */
export function isInPoll(pid: number): boolean {
	const state = statusOf(pid).get("State") ?? "";
	return /^S .*(poll|sigtimedwait)/.test(
		`${state} ${readFileSync(`/proc/${pid}/wchan`, "latin1")}`,
	);
}
