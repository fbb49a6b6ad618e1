// The engine, as the tests of this run reach it.
import { execa } from "execa";
import { inject } from "vitest";
import { connect } from "../../../cli/src/engine/connect.ts";

const access = inject("engine");
// Before testcontainers looks for an engine.
Object.assign(process.env, access.env);

/** The engine's API. */
export const engine = await connect(process.env);

/** Standard output of `docker ARG…`. @throws with the client's own words when it fails. */
export async function docker(args: readonly string[], input = ""): Promise<string> {
	return (await execa(access.dockerPath, args, { env: access.env, input })).stdout;
}

/** Like {@link docker}, for output that is no text and of any size. */
export async function dockerBytes(args: readonly string[], input = ""): Promise<Buffer> {
	const options = { env: access.env, input, encoding: "buffer", maxBuffer: Infinity } as const;
	return Buffer.from((await execa(access.dockerPath, args, options)).stdout);
}
