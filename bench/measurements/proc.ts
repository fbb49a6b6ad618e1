/** What /proc tells of a process (proc_pid_status(5), proc_pid_smaps(5)). */
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { Unmeasurable } from "../native/launcher.ts";

/** Memory in KiB. */
export interface Memory {
	/** Resident pages, shared ones in full. */
	readonly resident: number;
	/** Resident pages, each divided by the number of processes that share it. */
	readonly proportional: number;
	/** Pages of its own that were written: what one more of them costs the machine. */
	readonly privateDirty: number;
}

/**
 * Counts page by page. `VmRSS` of /proc/PID/status comes from counters that the kernel brings up to date in batches:
 * some dozen pages off, which is as much as these programs have.
 */
export async function memoryOf(pid: number): Promise<Memory> {
	const rollup = fieldsOf(await read(pid, "smaps_rollup"));
	return {
		resident: numberOf(rollup, "Rss"),
		proportional: numberOf(rollup, "Pss"),
		privateDirty: numberOf(rollup, "Private_Dirty"),
	};
}

/** How often the process was switched to another: of its own accord (it slept) or not. */
export async function switchesOf(pid: number): Promise<number> {
	const status = fieldsOf(await read(pid, "status"));
	return (
		numberOf(status, "voluntary_ctxt_switches") + numberOf(status, "nonvoluntary_ctxt_switches")
	);
}

/** Time on a processor so far, in nanoseconds. */
export async function cpuNsOf(pid: number): Promise<number> {
	const [ns = ""] = (await read(pid, "schedstat")).split(" ");
	if (!/^\d+$/.test(ns)) throw new Unmeasurable("this kernel does not tell times in schedstat");
	return Number(ns);
}

/** @throws {Unmeasurable} when the process is gone, or the kernel has no such file. */
async function read(pid: number, file: string): Promise<string> {
	return await readFile(`/proc/${pid}/${file}`, "latin1").catch(() => {
		throw new Unmeasurable(`/proc/PID/${file} cannot be read`);
	});
}

const LOOK_AGAIN_MS = 50;
const LOOKS_MAX = 100;

/** Returns when the process has slept through two looks. @throws {Unmeasurable} when it never does. */
export async function untilIdle(pid: number): Promise<void> {
	let before = -1;
	for (let look = 0; look < LOOKS_MAX; look++) {
		const now = await switchesOf(pid);
		if (now === before) return;
		before = now;
		await sleep(LOOK_AGAIN_MS);
	}
	throw new Unmeasurable("it does not come to rest");
}

function fieldsOf(text: string): ReadonlyMap<string, string> {
	return new Map(
		text.split("\n").map((line): [string, string] => {
			const colon = line.indexOf(":");
			return [line.slice(0, colon), line.slice(colon + 1).trim()];
		}),
	);
}

function numberOf(fields: ReadonlyMap<string, string>, name: string): number {
	const value = Number.parseInt(fields.get(name) ?? "", 10);
	if (Number.isNaN(value)) throw new Unmeasurable(`this kernel does not tell ${name}`);
	return value;
}
