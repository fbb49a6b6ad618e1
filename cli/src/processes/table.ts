/** A row of a process table. */
export interface ProcessEntry {
	pid: number;
	parentPid: number;
	/** The kernel's letter: R, S, D, T, Z (zombie) … */
	state: string;
	/** The kernel's short name (`comm`), at most 15 bytes. */
	name: string;
}

/** Reads a line of `/proc/PID/stat` (proc_pid_stat(5)); undefined when it is none. */
export function parseStat(line: string): ProcessEntry | undefined {
	// The name stands in parentheses and may itself hold spaces and parentheses.
	const match = /^(\d+) \((.*)\) (\S) (\d+) /s.exec(line);
	if (match === null) return undefined;
	const [, pid, name = "", state = "", parentPid] = match;
	return { pid: Number(pid), parentPid: Number(parentPid), state, name };
}

/** The process `rootPid` and everything below it. */
export function tree(entries: readonly ProcessEntry[], rootPid: number): ProcessEntry[] {
	const children = Map.groupBy(entries, ({ parentPid }) => parentPid);
	const found = entries.filter(({ pid }) => pid === rootPid);
	for (const entry of found) found.push(...(children.get(entry.pid) ?? []));
	return found;
}

/** Ended, and not yet waited for by its parent. */
export function isZombie({ state }: ProcessEntry): boolean {
	return state === "Z";
}
