/** The docker client: the user's own where it has the plugin buildx, and else one that is unpacked. */
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { obstacle } from "./distribution.ts";
import { withLock } from "./lock.ts";
import { type EnginePaths, machineLock } from "./paths.ts";
import { say } from "./say.ts";
import { findProgram, prepareToolchain } from "./toolchain.ts";

export interface Client {
	/** The program to run. */
	readonly dockerPath: string;
	/** What to add to the environment of programs that talk to the engine. */
	readonly env: Readonly<Record<string, string>>;
}

/** A client for somebody else's engine. @throws when there is none and none can be unpacked here. */
export async function clientFor(paths: EnginePaths, dockerHost: string): Promise<Client> {
	const dockerPath = findProgram("docker");
	if (dockerPath !== undefined) {
		const { exitCode } = await execa(dockerPath, ["buildx", "version"], { reject: false });
		if (exitCode === 0) return { dockerPath, env: { DOCKER_HOST: dockerHost } };
	}
	if ((await obstacle()) !== undefined) {
		throw new Error(
			`an engine answers at ${dockerHost}, but the docker client or its plugin buildx is missing; install both`,
		);
	}
	say("the docker client or its plugin buildx is missing: unpacking a private one…");
	await withLock(machineLock, () => prepareToolchain(paths));
	return unpackedClient(paths, dockerHost);
}

/** The client that {@link prepareToolchain} has unpacked, with a configuration of its own. */
export function unpackedClient(paths: EnginePaths, dockerHost: string): Client {
	return {
		dockerPath: join(paths.clientBin, "docker"),
		env: {
			DOCKER_HOST: dockerHost,
			DOCKER_CONFIG: paths.clientConfig,
			PATH: [paths.clientBin, process.env["PATH"] ?? ""].join(delimiter),
		},
	};
}
