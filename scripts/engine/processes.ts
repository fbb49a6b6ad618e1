/** Identity and end of processes that outlive the script which started them. */
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const POLL_MS = 50;

/** Field 22 of proc_pid_stat(5): with the pid it names one process of this boot, which a pid alone does not. */
export function startTicks(pid: number): string | undefined {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
		const afterName = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
		return afterName[0] === "Z" ? undefined : afterName[19];
	} catch {
		return undefined;
	}
}

/** Identifies this boot of the machine (random(4)). */
export function bootId(): string {
	return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}

/** Pids of all processes whose program lies under `folder`. */
export function processesOf(folder: string): number[] {
	return allPids().filter((pid) => {
		try {
			return readlinkSync(`/proc/${pid}/exe`).startsWith(`${folder}/`);
		} catch {
			return false;
		}
	});
}

function allPids(): number[] {
	return readdirSync("/proc")
		.filter((name) => /^\d+$/.test(name))
		.map(Number);
}

/** Waits until none of `pids` exists; false when some still do after `timeoutMs`. */
export async function waitForEnd(pids: readonly number[], timeoutMs: number): Promise<boolean> {
	const deadline = Date.now() + timeoutMs;
	while (pids.some((pid) => startTicks(pid) !== undefined)) {
		if (Date.now() >= deadline) return false;
		await sleep(POLL_MS);
	}
	return true;
}

/** Sends `signal`; a process that has ended meanwhile is no error. Refuses 0, 1 and negative numbers, which name more than one process or the machine's init. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
	if (!Number.isInteger(pid) || pid <= 1) throw new RangeError(`refusing to signal pid ${pid}`);
	try {
		process.kill(pid, signal);
	} catch (error) {
		if (existsSync(`/proc/${pid}`)) throw error;
	}
}
