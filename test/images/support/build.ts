// Images that tests build upon the images under test.
import { randomUUID } from "node:crypto";
import { docker } from "./engine.ts";
import { IMAGE_LABEL } from "./labels.ts";

/** An image that goes at the end of its test, after its containers. */
export interface BuiltForTest extends AsyncDisposable {
	readonly tag: string;
}

/** docker build of a Dockerfile that needs no files, with more options. @throws with the build's own words. */
export function buildImage(
	dockerfile: string,
	more: readonly string[] = [],
): Promise<BuiltForTest> {
	return build("-", more, dockerfile);
}

/** docker build of a folder with a Dockerfile, with more options. @throws with the build's own words. */
export function buildFolder(folder: string, more: readonly string[] = []): Promise<BuiltForTest> {
	return build(folder, more);
}

async function build(
	context: string,
	more: readonly string[],
	dockerfile?: string,
): Promise<BuiltForTest> {
	const tag = `localhost/baseimage-ts/test-built:${randomUUID()}`;
	const label = `${IMAGE_LABEL}=images`;
	// The images under test lie in the engine only, where no other builder than its own sees them.
	// In plain progress, a build that fails tells what the failed program wrote.
	const options = ["--builder", "default", "--load", "--label", label, "--tag", tag];
	await docker(["buildx", "build", "--progress=plain", ...options, ...more, context], dockerfile);
	return {
		tag,
		async [Symbol.asyncDispose]() {
			await docker(["image", "rm", "--force", tag]);
		},
	};
}
