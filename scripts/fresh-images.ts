// Whether the images in the engine are those that the sources would give.
import { imageNames } from "./bases/distributions.ts";
import type { BuiltImage } from "./build-images.ts";
import { BUILT_IMAGES, readBuiltImages } from "./built-images.ts";
import { tryDocker } from "./engine/docker.ts";
import type { Engine } from "./engine/engine.ts";
import { isUpToDate } from "./up-to-date.ts";

const SOURCES = [
	...["init", "images", "scripts/bases", "docker-bake.hcl", "package.json"],
	...["scripts/build-images.ts", "scripts/bundle.ts", "LICENSE", "THIRD-PARTY-NOTICES.md"],
];
const INSPECT_TIMEOUT_MS = 20_000;

/** The images of the last build, if no source is newer than it and the engine still has them all. */
export async function freshImages(engine: Engine): Promise<readonly BuiltImage[] | undefined> {
	if (!(await isUpToDate(BUILT_IMAGES, SOURCES))) return undefined;
	const images = await readBuiltImages();
	// The demonstration builds the lean ones only.
	if (imageNames.some((wanted) => !images.some(({ name }) => name === wanted))) return undefined;
	const names = images.flatMap(({ tag, base }) => (base === "scratch" ? [tag] : [tag, base]));
	const found = await tryDocker(engine, INSPECT_TIMEOUT_MS, "image", "inspect", ...names);
	return found === undefined ? undefined : images;
}
