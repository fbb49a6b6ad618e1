// The engine that the tests of the host command use: the private one where it runs, else the user's own.
import { type Engine as Connection, connect } from "../../../cli/src/engine/connect.ts";
import { LABEL, PID_LABEL } from "../../../cli/src/engine/container.ts";
import { messageOf } from "../../../cli/src/failure.ts";
import { readBuiltImages } from "../../../scripts/built-images.ts";
import type { Engine } from "../../../scripts/engine/engine.ts";
import { ensureEngine } from "../../../scripts/engine/engine.ts";

export interface TestEngine {
	readonly engine: Engine;
	readonly connection: Connection;
	readonly env: NodeJS.ProcessEnv;
}

/** It, with the images that the build has left there; or why there is none. */
export async function findTestEngine(): Promise<TestEngine | { readonly reason: string }> {
	try {
		const engine = await ensureEngine();
		const env = { ...process.env, ...engine.env };
		const connection = await connect(env);
		for (const { tag } of await readBuiltImages()) await connection.client.getImage(tag).inspect();
		return { engine, connection, env };
	} catch (thrown) {
		return { reason: `${messageOf(thrown)}; npm run build makes the images` };
	}
}

/** Containers that a run of the command has made and that are still there. */
export async function containersOf(
	{ client }: Connection,
	pid: number | undefined,
	status?: "running",
): Promise<string[]> {
	const filters = {
		label: [LABEL, `${PID_LABEL}=${pid}`],
		...(status !== undefined && { status: [status] }),
	};
	return (await client.listContainers({ all: true, filters })).map(({ Id }) => Id);
}

/** Every image of the engine, by its id and its names. */
export async function imagesOf({ client }: Connection): Promise<string[]> {
	const images = await client.listImages();
	return images
		.map(({ Id, RepoTags }) => `${Id} ${(RepoTags ?? []).toSorted().join(" ")}`)
		.toSorted();
}
