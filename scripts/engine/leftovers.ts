/**
 * What a container engine leaves on a machine beside its own folder: empty folders of containerd and runc, cgroups, and
 * IP forwarding switched on. The first private engine of the machine notes what was there before; the last one to stop puts it back.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, readdir, readFile, rm, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { removeEmulation } from "./binfmt.ts";
import { type EnginePaths, sharedRunDir } from "./paths.ts";
import { bootId, signalProcess, waitForEnd } from "./processes.ts";

const RECORD = join(sharedRunDir, "before.json");
const IP_FORWARD = "/proc/sys/net/ipv4/ip_forward";
const CGROUP_ROOT = "/sys/fs/cgroup";

/** Made by containerd, runc or mount(8) wherever their own folders are. */
const FOLDERS = ["/opt/containerd", "/run/containerd", "/run/docker", "/run/runc", "/run/mount"];

interface Before {
	readonly bootId: string;
	readonly ipForward: string;
	readonly absentFolders: readonly string[];
}

/** Notes the state of the machine, unless an engine of this boot that has not been stopped yet has noted it. */
export async function recordMachine(): Promise<void> {
	await mkdir(sharedRunDir, { recursive: true });
	if ((await readRecord())?.bootId === bootId()) return;
	const before: Before = {
		bootId: bootId(),
		ipForward: readFileSync(IP_FORWARD, "utf8").trim(),
		absentFolders: FOLDERS.filter((folder) => !existsSync(folder)),
	};
	await writeFile(RECORD, JSON.stringify(before));
}

/** Puts the machine back as it was noted. To be called when no private engine of any checkout is left. */
export async function restoreMachine(): Promise<void> {
	await removeEmulation();
	const before = await readRecord();
	const systemDockerCame = existsSync("/run/docker.sock");
	if (before?.bootId === bootId() && !systemDockerCame) {
		if (before.ipForward === "0") await writeFile(IP_FORWARD, "0");
		const bound = readFileSync("/proc/net/unix", "utf8");
		for (const folder of before.absentFolders) await removeUnused(folder, bound);
	}
	await rm(RECORD, { force: true });
	await rmdir(sharedRunDir).catch(() => undefined);
}

/** Removes empty folders and sockets that nobody listens at (`bound` is /proc/net/unix), and nothing else. */
async function removeUnused(folder: string, bound: string): Promise<void> {
	for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
		const path = join(folder, entry.name);
		if (entry.isDirectory()) await removeUnused(path, bound);
		else if (entry.isSocket() && !bound.includes(path)) await rm(path, { force: true });
	}
	await rmdir(folder).catch(() => undefined);
}

/** Ends every process that is still in a container of the engine and removes its cgroups, in each hierarchy (v1, hybrid) or the one (v2). */
export async function removeCgroups(paths: EnginePaths): Promise<void> {
	const folders = cgroupFolders(paths);
	const pids = new Set(folders.flatMap(membersOf));
	for (const pid of pids) signalProcess(pid, "SIGKILL");
	await waitForEnd([...pids], 5_000);
	for (let attempt = 0; attempt < 20; attempt++) {
		const left = cgroupFolders(paths);
		if (left.length === 0) return;
		for (const folder of left.reverse()) await rmdir(folder).catch(() => undefined);
		await sleep(50);
	}
}

/** Parents before their children. */
function cgroupFolders(paths: EnginePaths): string[] {
	const hierarchies = [CGROUP_ROOT, ...subfolders(CGROUP_ROOT)];
	return hierarchies
		.map((hierarchy) => join(hierarchy, paths.cgroup))
		.filter((folder) => existsSync(folder))
		.flatMap(withDescendants);
}

function withDescendants(folder: string): string[] {
	return [folder, ...subfolders(folder).flatMap(withDescendants)];
}

function subfolders(folder: string): string[] {
	try {
		return readdirSync(folder, { withFileTypes: true })
			.filter((entry) => entry.isDirectory())
			.map((entry) => join(folder, entry.name));
	} catch {
		return [];
	}
}

/** Pids in a cgroup; 0 stands for a process of another pid namespace, which we cannot and must not signal. */
function membersOf(folder: string): number[] {
	try {
		const text = readFileSync(join(folder, "cgroup.procs"), "utf8");
		return text
			.split("\n")
			.map(Number)
			.filter((pid) => pid > 1);
	} catch {
		return [];
	}
}

async function readRecord(): Promise<Before | undefined> {
	const text = await readFile(RECORD, "utf8").catch(() => undefined);
	if (text === undefined) return undefined;
	const value: Partial<Record<keyof Before, unknown>> = JSON.parse(text);
	const absent = Array.isArray(value.absentFolders) ? value.absentFolders : [];
	return {
		bootId: String(value.bootId),
		ipForward: String(value.ipForward),
		absentFolders: FOLDERS.filter((folder) => absent.includes(folder)),
	};
}
