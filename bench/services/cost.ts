/** What the supervisors of a namespace cost: all of its processes but the services. */
import { readdir, readFile, readlink } from "node:fs/promises";
import { cpuNsOf, memoryOf, switchesOf } from "../measurements/proc.ts";

export interface Cost {
	readonly processes: number;
	/** KiB. */
	readonly resident: number;
	readonly proportional: number;
	/** So far. */
	readonly cpuNs: number;
	readonly switches: number;
}

/** The processes of the PID namespace of `pid` whose program is not `service`, as the machine numbers them. */
export async function supervisorsOf(pid: number, service: string): Promise<number[]> {
	const namespace = await readlink(`/proc/${pid}/ns/pid`);
	const all = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
	const found: number[] = [];
	for (const name of all) {
		const [theirs, program] = await Promise.all([
			readlink(`/proc/${name}/ns/pid`).catch(() => ""),
			readlink(`/proc/${name}/exe`).catch(() => ""),
		]);
		if (theirs === namespace && program !== service) found.push(Number(name));
	}
	return found;
}

/** The machine's number of a process that has `inner` in the PID namespace of `pid`; undefined: it is gone. */
export async function outerPid(pid: number, inner: number): Promise<number | undefined> {
	const namespace = await readlink(`/proc/${pid}/ns/pid`);
	for (const name of await readdir("/proc")) {
		if (!/^\d+$/.test(name)) continue;
		const status = await readFile(`/proc/${name}/status`, "latin1").catch(() => "");
		if (innerPid(status) !== inner) continue;
		if ((await readlink(`/proc/${name}/ns/pid`).catch(() => "")) === namespace) return Number(name);
	}
	return undefined;
}

/** The last number of NSpid: the process's own in the innermost namespace (proc_pid_status(5)). */
export function innerPid(status: string): number | undefined {
	const [, numbers] = /^NSpid:\s+([\d\t ]+)$/m.exec(status) ?? [];
	const last = numbers?.trim().split(/\s+/).at(-1);
	return last === undefined ? undefined : Number(last);
}

/** @throws {Unmeasurable} when one of them ends meanwhile. */
export async function costOf(pids: readonly number[]): Promise<Cost> {
	const each = await Promise.all(
		pids.map(async (pid) => ({
			memory: await memoryOf(pid),
			cpuNs: await cpuNsOf(pid),
			switches: await switchesOf(pid),
		})),
	);
	const sum = (pick: (one: (typeof each)[number]) => number) =>
		each.reduce((total, one) => total + pick(one), 0);
	return {
		processes: pids.length,
		resident: sum(({ memory }) => memory.resident),
		proportional: sum(({ memory }) => memory.proportional),
		cpuNs: sum(({ cpuNs }) => cpuNs),
		switches: sum(({ switches }) => switches),
	};
}
