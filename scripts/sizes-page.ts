// node scripts/sizes-page.ts: writes docs/sizes.md, the layers of the images that npm run build has built last.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BuiltImage } from "./build-images.ts";
import { readBuiltImages } from "./built-images.ts";
import { docker } from "./engine/docker.ts";
import { type Engine, ensureEngine } from "./engine/engine.ts";
import { root } from "./root.ts";

export interface Layer {
	/** Instruction of the Dockerfile that made it. */
	readonly by: string;
	/** Uncompressed. */
	readonly bytes: number;
}

const INSTRUCTION_LENGTH_MAX = 60;

/** Layers of an image that hold something, the oldest first. */
async function layersOf(engine: Engine, image: string): Promise<Layer[]> {
	const format = "{{.Size}}\t{{.CreatedBy}}";
	const args = ["history", "--human=false", "--no-trunc", "--format", format, image];
	return layersIn(await docker(engine, ...args));
}

/** What `docker history` prints, the newest first, as layers, the oldest first. */
export function layersIn(history: string): Layer[] {
	return history
		.split("\n")
		.toReversed()
		.map((line) => ({ bytes: Number(line.split("\t")[0]), by: instruction(line) }))
		.filter(({ bytes }) => bytes > 0);
}

function instruction(line: string): string {
	const text = (line.split("\t")[1] ?? "")
		.replace(/ ?# buildkit$/, "")
		.replace(/^RUN \|\d+ .*? \/bin\/sh -c /, "RUN ");
	const short = text.replace(/\s+/g, " ").trim();
	return short.length > INSTRUCTION_LENGTH_MAX
		? `${short.slice(0, INSTRUCTION_LENGTH_MAX)}…`
		: short;
}

/** The page. `layers` has those of each image, by its name, the base's among them. */
export function sizesPage(
	images: readonly BuiltImage[],
	layers: ReadonlyMap<string, readonly Layer[]>,
): string {
	const rows = images.flatMap(({ name, base, standin, bytes, baseBytes }) => {
		const all = layers.get(name) ?? [];
		const own = ownLayers(all, baseBytes);
		const title = standin ? `${name} (stand-in)` : name;
		const below = base === "scratch" ? "–" : kib(baseBytes);
		return [
			`| **${title}** | ${kib(bytes)} | ${below} | **${kib(bytes - baseBytes)}** | |`,
			...own.map(
				({ by, bytes: size }) => `| | | | ${kib(size)} | \`${by.replaceAll("|", "\\|")}\` |`,
			),
		];
	});
	return `<!-- Written by node scripts/sizes-page.ts after npm run build; do not edit. -->
# Sizes

Uncompressed, by layer: what an image is, what its base is, and what we add to it. "(stand-in)": no registry was reached, and a local image
took the place of the distribution's base, so its size says nothing of the real one; what is added is the same.

| image | in all | base | ours | layer |
| ---: | ---: | ---: | ---: | --- |
${rows.join("\n")}
`;
}

/** The layers above the base: those that the base's size leaves over. */
function ownLayers(all: readonly Layer[], baseBytes: number): Layer[] {
	let left = baseBytes;
	return all.filter(({ bytes }) => {
		const isOfBase = left >= bytes && left > 0;
		if (isOfBase) left -= bytes;
		return !isOfBase;
	});
}

function kib(bytes: number): string {
	return `${Math.round(bytes / 1_024).toLocaleString("en-US")} KiB`;
}

if (import.meta.main) {
	const engine = await ensureEngine();
	const images = await readBuiltImages();
	const layers = await Promise.all(
		images.map(async ({ name, tag }) => [name, await layersOf(engine, tag)] as const),
	);
	await writeFile(join(root, "docs/sizes.md"), sizesPage(images, new Map(layers)));
	console.error("sizes-page: wrote docs/sizes.md");
}
