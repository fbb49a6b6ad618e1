/** Start and end of this checkout's private engine. It goes on after the process that started it. */
import { statfsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { execa } from "execa";
import { removeEmulation } from "./binfmt.ts";
import { type Client, unpackedClient } from "./client.ts";
import { endDaemon, launchDaemon } from "./daemon.ts";
import { ping } from "./found.ts";
import { recordMachine, removeCgroups, restoreMachine } from "./leftovers.ts";
import { withLock } from "./lock.ts";
import { choosePool, createNetwork, removeNetwork } from "./network.ts";
import { enginePaths, machineLock, repositoryRoot } from "./paths.ts";
import { bootId } from "./processes.ts";
import { say } from "./say.ts";
import { anyEngineRuns, type EngineState, isRunning, readState, writeState } from "./state.ts";
import { prepareToolchain } from "./toolchain.ts";

const paths = enginePaths();

/** Below it not even the stand-in bases fit. A whole `npm test` needs more: scripts/test/run.ts. */
const LEAST_FREE_BYTES = 2e9;

/** Where it listens, whether it runs or not. */
export const privateHost = `unix://${paths.socket}`;

/** How to reach it. */
export function privateClient(): Client {
	const { dockerPath, env } = unpackedClient(paths, privateHost);
	// Ryuk's image lies in a registry, which this machine may not reach.
	return { dockerPath, env: { ...env, TESTCONTAINERS_RYUK_DISABLED: "true" } };
}

export async function privateEngineRuns(): Promise<boolean> {
	const state = await readState(paths.stateFile);
	return state !== undefined && isRunning(state) && (await ping(paths.socket));
}

/** Starts it, unless another process has. @returns whether this call did. @throws with the daemon's last words. */
export async function startPrivateEngine(): Promise<boolean> {
	return withLock(machineLock, async () => {
		if (await privateEngineRuns()) return false;
		const stale = await readState(paths.stateFile);
		if (stale !== undefined) {
			say("cleaning up after a private engine that did not end in order…");
			await cleanUp(stale);
		}
		say("no engine answers: starting a private Docker (nothing is installed on this machine)");
		await prepareToolchain(paths);
		await startDaemon();
		say("ready; `npm run engine:stop` stops it and removes what it left behind");
		return true;
	});
}

/** Stops it, or cleans up after one that crashed. @returns whether there was any. */
export async function stopPrivateEngine(): Promise<boolean> {
	if ((await readState(paths.stateFile)) === undefined) {
		// It may have been registered for an engine that was found.
		const root = process.getuid?.() === 0;
		if (root && !(await anyEngineRuns())) await removeEmulation();
		return false;
	}
	return withLock(machineLock, async () => {
		const state = await readState(paths.stateFile);
		if (state === undefined) return false;
		await cleanUp(state);
		return true;
	});
}

/** The state is on disk before the first change to the machine. */
async function startDaemon(): Promise<void> {
	await mkdir(paths.dataRoot, { recursive: true });
	requireSpace(paths.dataRoot);
	await recordMachine();
	await mkdir(paths.runDir, { recursive: true, mode: 0o700 });
	const state: EngineState = { checkout: repositoryRoot, bootId: bootId() };
	await writeState(paths, state);
	try {
		const pool = choosePool(paths.id);
		say(`making the network bridge ${paths.bridge} with addresses ${pool}.0.0/16…`);
		await createNetwork(paths, pool);
		say(`starting dockerd at ${privateHost}, data in ${paths.dataRoot}…`);
		await launchDaemon(paths, pool, (daemon) => writeState(paths, { ...state, daemon }));
	} catch (error) {
		await cleanUp((await readState(paths.stateFile)) ?? state);
		throw error;
	}
}

/** A full disk shows itself in a hundred ways, none of them clear: it is told before anything begins. */
function requireSpace(folder: string): void {
	const { bavail, bsize } = statfsSync(folder);
	const free = bavail * bsize;
	if (free >= LEAST_FREE_BYTES) return;
	throw new Error(
		`the disk that holds ${folder} has ${(free / 1e9).toFixed(1)} GB free, and an engine needs ${LEAST_FREE_BYTES / 1e9} GB: free some, or use another engine (DOCKER_HOST)`,
	);
}

async function cleanUp(state: EngineState): Promise<void> {
	if (state.bootId === bootId()) {
		const pid = isRunning(state) ? state.daemon?.pid : undefined;
		if (pid !== undefined) {
			say("stopping the private Docker and its containers…");
			await emptyEngine();
		}
		await endDaemon(paths, pid);
		say("removing its cgroups, network bridge, firewall rules and sockets…");
		await removeCgroups(paths);
		await removeNetwork(paths);
	}
	await rm(paths.runDir, { recursive: true, force: true });
	if (!(await anyEngineRuns())) await restoreMachine();
}

/**
 * Ends its containers, at once, since nobody waits for their work, and removes what nothing refers to any more: each
 * build of an image leaves the one before it without a name, and the disk would fill with them.
 */
async function emptyEngine(): Promise<void> {
	const docker = privateClient();
	const run = async (...args: string[]): Promise<string> => {
		const options = { env: docker.env, reject: false, timeout: 60_000 } as const;
		return (await execa(docker.dockerPath, args, options)).stdout ?? "";
	};
	const ids = (await run("ps", "--quiet")).split("\n").filter((id) => id !== "");
	if (ids.length > 0) await run("kill", ...ids);
	for (const kind of ["container", "volume", "image"]) await run(kind, "prune", "--force");
}
