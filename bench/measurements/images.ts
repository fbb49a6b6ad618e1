/** Bytes that an init adds to an image. */
import { basename } from "node:path";
import { Readable } from "node:stream";
import type { Container } from "dockerode";
import { statusCodeOf } from "../../cli/src/engine/answer.ts";
import { withContainer } from "../../cli/src/engine/container.ts";
import { distributions } from "../../scripts/bases/distributions.ts";
import type { BuiltImage } from "../../scripts/build-images.ts";
import { askEngine, baseTitle, findStage, imageIn, type Stage, VERB } from "../engine/engine.ts";
import type { Init } from "../inits/init.ts";
import { Unmeasurable } from "../native/launcher.ts";
import type { Bench, Measured, Measurement, RowHead } from "./measurement.ts";
import { interleave, rowOf } from "./rounds.ts";
import { bytesOf, filesOf } from "./size.ts";

/** Where distributions keep libraries. */
const LIBRARY_FOLDERS = ["/lib64", "/usr/lib64", "/lib", "/usr/lib"].flatMap((folder) => [
	folder,
	...["x86_64", "aarch64"].map((machine) => `${folder}/${machine}-linux-gnu`),
]);

export const images: Measurement = {
	name: "images",
	title: "What an init adds to an image",
	method:
		"Ours: the layers of the image less those of its base, as the engine counts them, in blocks of the disk and with the licenses' notices; the binary is the one that the image was built with. Others: the program, and those of the libraries that ldd(1) lists for it which the image has in none of its library folders; no package's own files, and no dependency besides. A distribution's own build may need less: Alpine has a tini for its own libc, which is not measured here. A base that could not be had from its registry is a stand-in of the same kind, and named so.",
	async measure(bench) {
		const stage = await findStage();
		const rows: Measured[] = [];
		for (const name of [...distributions, "init"] as const) {
			rows.push(await addedBytes(bench, stage, name));
		}
		return rows;
	},
};

async function addedBytes(
	{ inits, progress }: Bench,
	stage: Stage | Unmeasurable,
	name: BuiltImage["name"],
): Promise<Measured> {
	const ours = inits.find(({ role }) => role === "ours");
	const built = stage instanceof Unmeasurable ? undefined : stage.images;
	const turns = await interleave(inits, 1, async (init) => {
		if (stage instanceof Unmeasurable) throw stage;
		progress(`${name}, ${init.name}`);
		const image = await imageIn(stage, name);
		if (init === ours) return await askEngine(() => layerBytes(stage, image));
		if (init.role === "ours") throw new Unmeasurable("lies in no image");
		return await bytesOf(await askEngine(() => missingFiles(stage, image, init)));
	});
	return rowOf(
		head(
			name,
			built?.find((image) => image.name === name),
		),
		turns,
		Number,
	);
}

function head(name: BuiltImage["name"], image: BuiltImage | undefined): RowHead {
	const what = name === "init" ? "an empty image" : (image && baseTitle(image)) || name;
	return {
		id: `images.added.${name}`,
		title: `added to ${what}`,
		unit: "bytes",
		better: "less",
		headline: false,
		whenBehind:
			"it brings no runtime, and is counted without a package's own files; a dynamic one uses the libc of the base",
	};
}

async function layerBytes({ engine }: Stage, { tag, base }: BuiltImage): Promise<number> {
	const all = async (name: string) => sizeOf(await engine.client.getImage(name).history());
	try {
		return (await all(tag)) - (base === "scratch" ? 0 : await all(base));
	} catch (error) {
		if (statusCodeOf(error) !== 404) throw error;
		throw new Unmeasurable(`the engine has no ${base}, on which ${tag} was built`);
	}
}

/** The sum of the layers in an engine's answer. @throws when it is none. */
export function sizeOf(layers: unknown): number {
	if (!Array.isArray(layers)) throw new Error("the engine told no layers");
	return layers.reduce((sum: number, layer: unknown) => {
		const isLayer = typeof layer === "object" && layer !== null && "Size" in layer;
		if (!isLayer || typeof layer.Size !== "number") throw new Error("a layer without a size");
		return sum + layer.Size;
	}, 0);
}

/** The init's program, and what it loads that the image has not. */
async function missingFiles(stage: Stage, image: BuiltImage, init: Init): Promise<string[]> {
	const [program = "", ...libraries] = await filesOf(init);
	if (image.base === "scratch" || libraries.length === 0) return [program, ...libraries];
	const options = { Image: image.tag, Cmd: ["true"] };
	return await withContainer(stage.engine, VERB, options, async (container) => {
		const has = await Promise.all(libraries.map((file) => hasLibrary(container, basename(file))));
		return [program, ...libraries.filter((_, i) => has[i] !== true)];
	});
}

async function hasLibrary(container: Container, name: string): Promise<boolean> {
	for (const folder of LIBRARY_FOLDERS) {
		try {
			const answer: unknown = await container.infoArchive({ path: `${folder}/${name}` });
			// One that is not read to its end would keep the connection, and this process.
			if (answer instanceof Readable) answer.resume();
			return true;
		} catch (error) {
			if (statusCodeOf(error) !== 404) throw error;
		}
	}
	return false;
}
