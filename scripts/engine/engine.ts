/** A container engine for whoever needs one: the one that runs already, or a private one that leaves nothing behind. */
import { type Client, clientFor } from "./client.ts";
import { obstacle } from "./distribution.ts";
import { findRunningEngine } from "./found.ts";
import { enginePaths } from "./paths.ts";
import {
	privateClient,
	privateEngineRuns,
	privateHost,
	startPrivateEngine,
	stopPrivateEngine,
} from "./private-engine.ts";

export { stopPrivateEngine } from "./private-engine.ts";

export interface Engine extends Client {
	/** `found`: somebody else's, never stopped by us. `private`: this checkout's. */
	readonly kind: "found" | "private";
	/** Value for DOCKER_HOST. */
	readonly dockerHost: string;
	/** This very call started it, so that its caller may be the one to stop it. */
	readonly startedHere: boolean;
	/** Stops a private engine and removes what it left on the machine; does nothing to a found one. */
	stop(): Promise<void>;
}

/**
 * Finds or starts an engine. A private one goes on after this process, until {@link stopPrivateEngine}.
 * @throws with the way to get an engine when there is none and none can be started here.
 */
export async function ensureEngine(): Promise<Engine> {
	const running = await runningPrivateEngine();
	if (running !== undefined) return running;
	const dockerHost = await findRunningEngine(privateHost);
	if (dockerHost !== undefined) return foundEngine(dockerHost);
	const reason = await obstacle();
	if (reason !== undefined) {
		throw new Error(
			`no container engine answers, and no private one can be started here (${reason}); install Docker (https://docs.docker.com/engine/install/) and start it, or set DOCKER_HOST`,
		);
	}
	return privateEngine(await startPrivateEngine());
}

/** This checkout's private engine, if it runs. */
export async function runningPrivateEngine(): Promise<Engine | undefined> {
	return (await privateEngineRuns()) ? privateEngine(false) : undefined;
}

function privateEngine(startedHere: boolean): Engine {
	const stop = async (): Promise<void> => {
		await stopPrivateEngine();
	};
	return { kind: "private", dockerHost: privateHost, ...privateClient(), startedHere, stop };
}

async function foundEngine(dockerHost: string): Promise<Engine> {
	const client = await clientFor(enginePaths(), dockerHost);
	const stop = async (): Promise<void> => undefined;
	return { kind: "found", dockerHost, ...client, startedHere: false, stop };
}
