// The names of the engine's images, for a shell that completes one: it waits for no slow engine and wants no complaints.
import process from "node:process";
import { connect } from "../engine/connect.ts";
import { endSshConnections } from "../engine/ssh/connection.ts";

const LIMIT_MS = 2_000;
const NAMELESS = "<none>:<none>";

/** Sorted; none where no engine answers in time. */
export async function imageNames(): Promise<string[]> {
	const { promise: late, resolve } = Promise.withResolvers<string[]>();
	const timer = setTimeout(() => resolve([]), LIMIT_MS);
	try {
		return await Promise.race([late, list()]);
	} catch {
		return [];
	} finally {
		clearTimeout(timer);
		endSshConnections();
	}
}

async function list(): Promise<string[]> {
	const engine = await connect(process.env, { asks: false });
	const images = await engine.client.listImages();
	const names = images.flatMap(({ RepoTags }) => RepoTags ?? []);
	return [...new Set(names)].filter((name) => name !== NAMELESS).sort();
}
