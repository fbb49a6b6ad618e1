/** Runs the docker client against an engine. */
import { execa } from "execa";
import type { Engine } from "./engine.ts";

/** Standard output of `docker ARG…`. @throws with the client's own words when it fails. */
export async function docker(engine: Engine, ...args: string[]): Promise<string> {
	return (await execa(engine.dockerPath, args, { env: engine.env })).stdout;
}

/** Like {@link docker}, but a failure or `timeoutMs` gives undefined. */
export async function tryDocker(
	engine: Engine,
	timeoutMs: number,
	...args: string[]
): Promise<string | undefined> {
	const options = { env: engine.env, reject: false, timeout: timeoutMs } as const;
	const { exitCode, stdout } = await execa(engine.dockerPath, args, options);
	return exitCode === 0 ? stdout : undefined;
}
