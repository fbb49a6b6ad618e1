/** A memory cgroup (cgroups(7)): what its members cost the machine, the kernel's own memory for them included. */
import { mkdir, readFile, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Unmeasurable } from "./launcher.ts";

/** Where each version of cgroups lies, and what it calls the memory in use. */
const VERSIONS = [
	{ parent: "/sys/fs/cgroup", usage: "memory.current" },
	{ parent: "/sys/fs/cgroup/memory", usage: "memory.usage_in_bytes" },
] as const;

const LOOK_AGAIN_MS = 20;
const LOOKS_MAX = 250;

/** `await using` removes it, when its members have ended. */
export interface MemoryCgroup extends AsyncDisposable {
	readonly folder: string;
	/** Memory of its members now; the kernel counts in steps of up to 64 pages for each processor. */
	usedBytes(): Promise<number>;
}

let made = 0;

/** Makes one without members. @throws {Unmeasurable} when this machine lets us make none. */
export async function newMemoryCgroup(): Promise<MemoryCgroup> {
	made++;
	for (const { parent, usage } of VERSIONS) {
		const folder = join(parent, `baseimage-bench-${process.pid}-${made}`);
		try {
			await mkdir(folder);
		} catch {
			continue;
		}
		const usedBytes = async () => Number(await readFile(join(folder, usage), "latin1"));
		if (Number.isFinite(await usedBytes().catch(() => Number.NaN))) {
			return { folder, usedBytes, [Symbol.asyncDispose]: () => remove(folder) };
		}
		// A plain folder, or a group without this controller.
		await rmdir(folder);
	}
	throw new Unmeasurable("no memory cgroup can be made here");
}

/** Why this machine lets us make none; undefined where it does. */
export async function memoryCgroupObstacle(): Promise<string | undefined> {
	try {
		await using _tried = await newMemoryCgroup();
		return undefined;
	} catch (error) {
		if (error instanceof Unmeasurable) return error.message;
		throw error;
	}
}

/** The last member may still be on its way out. */
async function remove(folder: string): Promise<void> {
	for (let look = 1; ; look++) {
		try {
			await rmdir(folder);
			return;
		} catch (error) {
			if (look === LOOKS_MAX) throw error;
			await sleep(LOOK_AGAIN_MS);
		}
	}
}
