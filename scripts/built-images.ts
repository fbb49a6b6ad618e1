// What npm run build has noted of the images that it built.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { imageNames } from "./bases/distributions.ts";
import type { BuiltImage } from "./build-images.ts";
import { root } from "./root.ts";

/** The record of the last build. */
export const BUILT_IMAGES = join(root, "build", "images.json");

/** @throws when there is none (ENOENT), or it is damaged. */
export async function readBuiltImages(): Promise<readonly BuiltImage[]> {
	const record: unknown = JSON.parse(await readFile(BUILT_IMAGES, "utf8"));
	if (typeof record === "object" && record !== null && "images" in record) {
		const { images } = record;
		if (Array.isArray(images) && images.every(isBuiltImage)) return images;
	}
	throw new Error(`${BUILT_IMAGES} is damaged; remove it`);
}

function isBuiltImage(value: unknown): value is BuiltImage {
	if (typeof value !== "object" || value === null) return false;
	const field = (name: string): unknown =>
		Object.entries(value).find(([known]) => known === name)?.[1];
	return (
		imageNames.some((name) => name === field("name")) &&
		["tag", "base"].every((name) => typeof field(name) === "string") &&
		["bytes", "baseBytes"].every((name) => typeof field(name) === "number") &&
		typeof field("standin") === "boolean"
	);
}
