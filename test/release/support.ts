// What the tests of the release share.
import { join } from "node:path";
import { execa } from "execa";
import { inject } from "vitest";
import type { ImageName } from "../../scripts/bases/distributions.ts";
import { cosign } from "../../scripts/release/tools.ts";
import type { ReleaseContext, ReleasedImage } from "./context.ts";

export const context: ReleaseContext = inject("release");

export function imageOf(name: ImageName): ReleasedImage {
	const image = context.images.find((candidate) => candidate.name === name);
	if (image === undefined) throw new Error(`${name} was not released`);
	return image;
}

/** `docker ARG…`, however it ends. */
export async function docker(
	args: readonly string[],
	input = "",
	more: Readonly<Record<string, string>> = {},
) {
	const { dockerPath } = context;
	const env = { ...context.env, ...more };
	return await execa(dockerPath, args, { env, input, reject: false, all: true });
}

/** `cosign verify` of a digest in the registry, with the key of this run or another public one. */
export async function verify(digest: string, key = join(context.keys, "cosign.pub")) {
	const { file, env } = await cosign();
	const options = ["--allow-http-registry", "--insecure-ignore-tlog=true", "--key", key];
	const image = `${context.repository}@${digest}`;
	return await execa(file, ["verify", ...options, image], { env, reject: false, all: true });
}

/** Whether the key of this run has signed it. */
export async function isSigned(digest: string): Promise<boolean> {
	return (await verify(digest)).exitCode === 0;
}
