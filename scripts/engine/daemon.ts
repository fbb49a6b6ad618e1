/** The private dockerd: its configuration, its start in a mount namespace of its own, and its end. */
import { spawn } from "node:child_process";
import { existsSync, openSync, readFileSync, statfsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { ping } from "./found.ts";
import type { EnginePaths } from "./paths.ts";
import { processesOf, signalProcess, startTicks, waitForEnd } from "./processes.ts";
import { daemonPath } from "./toolchain.ts";

const READY_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 30_000;
/** f_type of statfs(2) for overlayfs, which refuses to be the upper layer of another overlay. */
const OVERLAYFS_MAGIC = 0x794c7630;
/** Without it BuildKit keeps a tenth of the whole disk, for each checkout. */
const BUILD_CACHE_KEPT = "4GB";

export interface Daemon {
	readonly pid: number;
	readonly startTicks: string;
}

/**
 * Starts dockerd, detached, and waits until it answers. `settings` are added to its configuration.
 * @throws with the last lines of its log when it ends or does not answer in time.
 */
export async function launchDaemon(
	paths: EnginePaths,
	pool: string,
	started: (daemon: Daemon) => Promise<void>,
	settings: object = {},
): Promise<void> {
	await mkdir(paths.dataRoot, { recursive: true });
	await rm(paths.pidFile, { force: true });
	const all = { ...configuration(paths, pool), ...settings };
	await writeFile(paths.daemonConfig, JSON.stringify(all, undefined, "\t"));
	const log = openSync(paths.log, "w");
	// unshare(1) becomes dockerd by exec: the pid is dockerd's. Mounts of the machine still come in ("slave"), none go out.
	const options = [
		["--config-file", paths.daemonConfig],
		["--data-root", paths.dataRoot],
		["--exec-root", paths.execRoot],
		["--host", `unix://${paths.socket}`],
		["--pidfile", paths.pidFile],
		["--bridge", paths.bridge],
	].flat();
	const child = spawn("unshare", ["--mount", "--propagation", "slave", "dockerd", ...options], {
		detached: true,
		stdio: ["ignore", log, log],
		env: { ...process.env, PATH: daemonPath(paths) },
		cwd: "/",
	});
	await new Promise<void>((resolve, reject) => {
		child.once("spawn", resolve).once("error", reject);
	});
	child.unref();
	const pid = child.pid ?? 0;
	await started({ pid, startTicks: startTicks(pid) ?? "" });
	await waitUntilReady(paths, pid);
}

function configuration(paths: EnginePaths, pool: string): object {
	const nested = statfsSync(paths.dataRoot).type === OVERLAYFS_MAGIC;
	return {
		features: { "containerd-snapshotter": true },
		...(nested ? { "storage-driver": "native" } : {}),
		// systemd's driver would need a slice; a plain cgroup is made and removed without asking anyone.
		"exec-opts": ["native.cgroupdriver=cgroupfs"],
		"cgroup-parent": `/${paths.cgroup}`,
		iptables: false,
		ip6tables: false,
		"default-address-pools": [{ base: `${pool}.0.0/16`, size: 24 }],
		"shutdown-timeout": 10,
		builder: { gc: { enabled: true, defaultKeepStorage: BUILD_CACHE_KEPT } },
	};
}

async function waitUntilReady(paths: EnginePaths, pid: number): Promise<void> {
	const deadline = Date.now() + READY_TIMEOUT_MS;
	while (!(existsSync(paths.socket) && (await ping(paths.socket)))) {
		const ended = startTicks(pid) === undefined;
		if (ended || Date.now() >= deadline) {
			const what = ended ? "ended" : `did not answer within ${READY_TIMEOUT_MS / 1000} s`;
			throw new Error(
				`the private dockerd ${what}; the end of ${paths.log}:\n${lastLines(paths.log)}`,
			);
		}
		await sleep(50);
	}
}

function lastLines(file: string): string {
	return readFileSync(file, "utf8").trimEnd().split("\n").slice(-12).join("\n");
}

/** Ends dockerd in order if it runs, then whatever is left of it: after a crash containerd and its shims live on. */
export async function endDaemon(paths: EnginePaths, pid: number | undefined): Promise<void> {
	if (pid !== undefined) {
		signalProcess(pid, "SIGTERM");
		await waitForEnd([pid], STOP_TIMEOUT_MS);
	}
	const left = processesOf(paths.packagesDir);
	for (const process of left) signalProcess(process, "SIGKILL");
	if (!(await waitForEnd(left, 5_000))) {
		throw new Error(`processes ${left.join(", ")} of the private engine outlived SIGKILL for 5 s`);
	}
}
