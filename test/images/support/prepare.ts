// Makes, of the images and their bases, what the tests run: see ../docker-bake.hcl.
import { execa } from "execa";
import { distributions, fullImages, type ImageName } from "../../../scripts/bases/distributions.ts";
import type { BuiltImage } from "../../../scripts/build-images.ts";
import { docker } from "../../../scripts/engine/docker.ts";
import type { Engine } from "../../../scripts/engine/engine.ts";
import { root } from "../../../scripts/root.ts";
import type { FullVariant, Variant } from "./context.ts";
import { nameOfRun, RUN_LABEL } from "./labels.ts";
import { MANAGERS } from "./managers.ts";

const BAKE_FILES = ["--file", "docker-bake.hcl", "--file", "test/images/docker-bake.hcl"];
/** Not in every base; tests that need one are skipped without. */
const PROGRAMS = [...MANAGERS, "bash", "ps"];

/** Builds the tests' images upon the images under test. @throws with the end of the build's log. */
export async function prepareVariants(
	engine: Engine,
	images: readonly BuiltImage[],
): Promise<Variant[]> {
	const built = distributions.map((name) => ({ ...imageOf(images, name), name }));
	const bases = built.map(({ name, base }) => [`BASE_${name.toUpperCase()}`, base]);
	const debian = imageOf(images, "debian");
	await execa(engine.dockerPath, ["buildx", "bake", ...BAKE_FILES, "--load", "tests"], {
		cwd: root,
		env: {
			...engine.env,
			...Object.fromEntries(bases),
			// The images lie in the engine only, where no other builder than its own sees them.
			BUILDX_BUILDER: "default",
			...(debian.standin ? { BUILD_BASE: debian.base } : {}),
		},
	});
	return Promise.all(
		built.map(async (image) => {
			const plain = `localhost/baseimage-ts/test-${image.name}:plain`;
			const ours = withActors(image.name);
			return { ...image, ours, plain, programs: await programsIn(engine, plain) };
		}),
	);
}

/** The full images, once {@link prepareVariants} has built the tests' ones upon them. */
export function fullVariants(images: readonly BuiltImage[]): FullVariant[] {
	return fullImages.map((name) => ({ ...imageOf(images, name), name, ours: withActors(name) }));
}

function withActors(name: ImageName): string {
	return `localhost/baseimage-ts/test-${name}:ours`;
}

/** The image of that name. */
export function imageOf(images: readonly BuiltImage[], name: ImageName): BuiltImage {
	const image = images.find((candidate) => candidate.name === name);
	if (image === undefined) throw new Error(`the build has no image ${name}`);
	return image;
}

async function programsIn(engine: Engine, image: string): Promise<string[]> {
	const script = `for name in ${PROGRAMS.join(" ")}; do command -v "$name" > /dev/null && echo "$name"; done; :`;
	const label = `${RUN_LABEL}=${nameOfRun()}`;
	const run = ["run", "--rm", "--network=none", "--label", label, image, "sh", "-c", script];
	return (await docker(engine, ...run)).split("\n").filter((name) => name !== "");
}
