/** A container engine for whoever needs one: the one that runs already, or a private one that leaves nothing behind. */
import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { delimiter } from "node:path";
import { execa } from "execa";
import { removeArm64Emulation } from "./binfmt.ts";
import { endDaemon, launchDaemon } from "./daemon.ts";
import { obstacle } from "./distribution.ts";
import { findRunningEngine, ping } from "./found.ts";
import { recordMachine, removeCgroups, restoreMachine } from "./leftovers.ts";
import { withLock } from "./lock.ts";
import { choosePool, createNetwork, removeNetwork } from "./network.ts";
import { type EnginePaths, enginePaths, machineLock, repositoryRoot } from "./paths.ts";
import { bootId } from "./processes.ts";
import { say } from "./say.ts";
import { anyEngineRuns, type EngineState, isRunning, readState, writeState } from "./state.ts";
import { findProgram, prepareToolchain } from "./toolchain.ts";

export interface Engine {
	/** `found`: somebody else's, never stopped by us. `private`: this checkout's. */
	readonly kind: "found" | "private";
	/** Value for DOCKER_HOST. */
	readonly dockerHost: string;
	/** The docker client to run. */
	readonly dockerPath: string;
	/** What to add to the environment of programs that talk to the engine. */
	readonly env: Readonly<Record<string, string>>;
	/** This very call started it, so that its caller may be the one to stop it. */
	readonly startedHere: boolean;
	/** Stops a private engine and removes what it left on the machine; does nothing to a found one. */
	stop(): Promise<void>;
}

const paths = enginePaths();

/**
 * Finds or starts an engine. A private one goes on after this process until {@link stopPrivateEngine}.
 * @throws with the way to get an engine when there is none and none can be started here.
 */
export async function ensureEngine(): Promise<Engine> {
	const own = await runningPrivateEngine();
	if (own !== undefined) return own;
	const host = await findRunningEngine();
	if (host !== undefined) return foundEngine(host);
	const reason = await obstacle();
	if (reason !== undefined) {
		throw new Error(
			`no container engine answers, and no private one can be started here (${reason}); install Docker (https://docs.docker.com/engine/install/) and start it, or set DOCKER_HOST`,
		);
	}
	return withLock(machineLock, startPrivateEngine);
}

/** This checkout's private engine, if it runs. */
export async function runningPrivateEngine(): Promise<Engine | undefined> {
	const state = await readState(paths.stateFile);
	if (state === undefined || !isRunning(state) || !(await ping(paths.socket))) return undefined;
	return privateEngine(false);
}

/** Stops this checkout's private engine, or cleans up after one that crashed. @returns whether there was any. */
export async function stopPrivateEngine(): Promise<boolean> {
	if ((await readState(paths.stateFile)) === undefined) {
		// It may have been registered for an engine that was found.
		if (!(await anyEngineRuns())) await removeArm64Emulation();
		return false;
	}
	return withLock(machineLock, async () => {
		const state = await readState(paths.stateFile);
		if (state === undefined) return false;
		await cleanUp(paths, state);
		return true;
	});
}

async function startPrivateEngine(): Promise<Engine> {
	const running = await runningPrivateEngine();
	if (running !== undefined) return running;
	const stale = await readState(paths.stateFile);
	if (stale !== undefined) {
		say("cleaning up after a private engine that did not end in order…");
		await cleanUp(paths, stale);
	}

	say("no engine answers: starting a private Docker (nothing is installed on this machine)");
	await prepareToolchain(paths);
	await recordMachine();
	await mkdir(paths.runDir, { recursive: true, mode: 0o700 });
	const state: EngineState = { checkout: repositoryRoot, bootId: bootId() };
	const pool = choosePool(paths.id);
	await writeState(paths, state);
	try {
		say(`making the network bridge ${paths.bridge} with addresses ${pool}.0.0/16…`);
		await createNetwork(paths, pool);
		say(`starting dockerd at unix://${paths.socket}, data in ${paths.dataRoot}…`);
		await launchDaemon(paths, pool, (daemon) => writeState(paths, { ...state, daemon }));
	} catch (error) {
		await cleanUp(paths, (await readState(paths.stateFile)) ?? state);
		throw error;
	}
	say("ready; `npm run engine:stop` stops it and removes what it left behind");
	return privateEngine(true);
}

async function cleanUp(paths: EnginePaths, state: EngineState): Promise<void> {
	if (state.bootId === bootId()) {
		const pid = isRunning(state) ? state.daemon?.pid : undefined;
		if (pid !== undefined) {
			say("stopping the private Docker and its containers…");
			await killContainers();
		}
		await endDaemon(paths, pid);
		say("removing its cgroups, network bridge, firewall rules and sockets…");
		await removeCgroups(paths);
		await removeNetwork(paths);
	}
	await rm(paths.runDir, { recursive: true, force: true });
	if (!(await anyEngineRuns())) await restoreMachine();
}

/** At once, not with a grace period each: the engine goes away, and nobody waits for their work. */
async function killContainers(): Promise<void> {
	const { dockerPath, env } = privateEngine(false);
	const options = { env, reject: false, timeout: 20_000 } as const;
	const { stdout = "" } = await execa(dockerPath, ["ps", "--quiet"], options);
	const ids = stdout.split("\n").filter((id) => id !== "");
	if (ids.length > 0) await execa(dockerPath, ["kill", ...ids], options);
}

function privateEngine(startedHere: boolean): Engine {
	const dockerHost = `unix://${paths.socket}`;
	return {
		kind: "private",
		dockerHost,
		dockerPath: `${paths.clientBin}/docker`,
		env: {
			DOCKER_HOST: dockerHost,
			DOCKER_CONFIG: paths.clientConfig,
			PATH: [paths.clientBin, process.env["PATH"] ?? ""].join(delimiter),
			// Its image lies in a registry, which this machine may not reach.
			TESTCONTAINERS_RYUK_DISABLED: "true",
		},
		startedHere,
		stop: async () => {
			await stopPrivateEngine();
		},
	};
}

function foundEngine(dockerHost: string): Engine {
	const dockerPath = findProgram("docker");
	if (dockerPath === undefined || !existsSync(dockerPath)) {
		throw new Error(
			`an engine answers at ${dockerHost}, but there is no docker client on PATH; install the docker client and its buildx plugin`,
		);
	}
	return {
		kind: "found",
		dockerHost,
		dockerPath,
		env: { DOCKER_HOST: dockerHost },
		startedHere: false,
		stop: async () => undefined,
	};
}
