/** The three ways to start one image: with its own init, with the engine's, with none. */
import type { ContainerCreateOptions } from "dockerode";
import { outputOf } from "../../cli/src/engine/answer.ts";
import { withContainer } from "../../cli/src/engine/container.ts";
import type { BuiltImage } from "../../scripts/build-images.ts";
import type { Init } from "../inits/init.ts";
import { Unmeasurable } from "../native/launcher.ts";
import { type Stage, VERB } from "./engine.ts";

/** Where the engine puts its own init in a container that asks for it. */
const DOCKER_INIT = "/sbin/docker-init";

/** Which column stands for which way. */
export interface Columns {
	/** That of the image's own init. */
	readonly own: Init | undefined;
	/** The name of what the engine has for --init; "" when it could not be asked. */
	readonly dockerInit: string;
}

/** How a container is made for an init's column. @throws {Unmeasurable} when it is none of the three. */
export function wayOf(
	{ tag }: BuiltImage,
	{ own, dockerInit }: Columns,
	init: Init,
): ContainerCreateOptions {
	const host = { NetworkMode: "none", LogConfig: { Type: "none", Config: {} }, Init: false };
	const shared = { Image: tag, OpenStdin: true, HostConfig: host };
	if (init === own) return shared;
	if (init.role === "floor") return { ...shared, Entrypoint: [] };
	if (init.name !== dockerInit) throw new Unmeasurable("is not what the engine has for --init");
	return { ...shared, Entrypoint: [], HostConfig: { ...host, Init: true } };
}

/** What `docker run --init` puts before the command, by its own words: "tini version 0.19.0". @throws when the engine has none. */
export async function nameOfDockerInit({ engine }: Stage, { tag }: BuiltImage): Promise<string> {
	const HostConfig = {
		Init: true,
		NetworkMode: "none",
		LogConfig: { Type: "json-file", Config: {} },
	};
	const options = { Image: tag, Entrypoint: [DOCKER_INIT], Cmd: ["--version"], HostConfig };
	return await withContainer(engine, VERB, options, async (container) => {
		await container.start();
		await container.wait();
		const logs = await container.logs({ stdout: true, stderr: true, follow: false });
		return outputOf(logs).split(" ", 1)[0] ?? "";
	});
}
