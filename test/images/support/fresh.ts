// Whether the images in the engine are those that the sources would give.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { distributions } from "../../../scripts/bases/distributions.ts";
import type { BuiltImage } from "../../../scripts/build-images.ts";
import { tryDocker } from "../../../scripts/engine/docker.ts";
import type { Engine } from "../../../scripts/engine/engine.ts";
import { root } from "../../../scripts/root.ts";
import { isUpToDate } from "../../../scripts/up-to-date.ts";

const RECORD = join(root, "build", "images.json");
const SOURCES = [
	...["init", "images", "scripts/bases", "docker-bake.hcl", "package.json"],
	...["scripts/build-images.ts", "scripts/bundle.ts", "LICENSE", "THIRD-PARTY-NOTICES.md"],
];
const INSPECT_TIMEOUT_MS = 20_000;

/** The images of the last build, if no source is newer than it and the engine still has them all. */
export async function freshImages(engine: Engine): Promise<readonly BuiltImage[] | undefined> {
	if (!(await isUpToDate(RECORD, SOURCES))) return undefined;
	const images = parseImages(JSON.parse(await readFile(RECORD, "utf8")));
	const names = images.flatMap(({ tag, base }) => (base === "scratch" ? [tag] : [tag, base]));
	const found = await tryDocker(engine, INSPECT_TIMEOUT_MS, "image", "inspect", ...names);
	return found === undefined ? undefined : images;
}

function parseImages(record: unknown): BuiltImage[] {
	if (typeof record === "object" && record !== null && "images" in record) {
		const { images } = record;
		if (Array.isArray(images) && images.every(isBuiltImage)) return images;
	}
	throw new Error(`${RECORD} is damaged; remove it`);
}

function isBuiltImage(value: unknown): value is BuiltImage {
	if (typeof value !== "object" || value === null) return false;
	const field = (name: string): unknown =>
		Object.entries(value).find(([known]) => known === name)?.[1];
	return (
		[...distributions, "init"].some((name) => name === field("name")) &&
		["tag", "base"].every((name) => typeof field(name) === "string") &&
		["bytes", "baseBytes"].every((name) => typeof field(name) === "number") &&
		typeof field("standin") === "boolean"
	);
}
