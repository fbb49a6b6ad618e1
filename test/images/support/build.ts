// Images that tests build upon the images under test.
import { randomUUID } from "node:crypto";
import { docker } from "./engine.ts";
import { IMAGE_LABEL } from "./labels.ts";

/** An image that goes at the end of its test, after its containers. */
export interface BuiltForTest extends AsyncDisposable {
	readonly tag: string;
}

/** docker build of a Dockerfile that needs no files, with more options. @throws with the build's own words. */
export async function buildImage(
	dockerfile: string,
	more: readonly string[] = [],
): Promise<BuiltForTest> {
	const tag = `localhost/baseimage-ts/test-built:${randomUUID()}`;
	const label = `${IMAGE_LABEL}=images`;
	// The images under test lie in the engine only, where no other builder than its own sees them.
	const options = ["--builder", "default", "--load", "--quiet", "--label", label, "--tag", tag];
	await docker(["buildx", "build", ...options, ...more, "-"], dockerfile);
	return {
		tag,
		async [Symbol.asyncDispose]() {
			await docker(["image", "rm", "--force", tag]);
		},
	};
}
