/** The parts of a release that several machines have built, put together: one index for each image, with all platforms. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { platforms } from "../platforms.ts";
import { BINARIES, LAYOUTS } from "./build.ts";
import { type LayoutImage, readIndex, readLayout } from "./layout.ts";

const INDEX_TYPE = "application/vnd.oci.image.index.v1+json";

/**
 * Unpacks the archives, each with the folders `layouts` and `binaries`, and merges them into {@link LAYOUTS} and
 * {@link BINARIES}; what lay there is removed.
 * @throws where two parts have an image for the same platform.
 */
export async function mergeParts(archives: readonly string[]): Promise<void> {
	const home = await mkdtemp(join(tmpdir(), "baseimage-ts-parts-"));
	try {
		const parts: string[] = [];
		for (const [index, archive] of archives.entries()) {
			if (!existsSync(archive)) throw new Error(`there is no archive ${archive}`);
			const part = join(home, String(index));
			await mkdir(part);
			await execa("tar", ["-x", "-f", archive, "-C", part]);
			parts.push(part);
		}
		for (const folder of [LAYOUTS, BINARIES]) await rm(folder, { recursive: true, force: true });
		const names = new Set(
			(await Promise.all(parts.map((part) => readdir(join(part, "layouts"))))).flat(),
		);
		for (const name of names) {
			const folders = parts.map((part) => join(part, "layouts", name));
			await mergeLayouts(folders, join(LAYOUTS, name), name);
		}
		for (const part of parts) await cp(join(part, "binaries"), BINARIES, { recursive: true });
	} finally {
		await rm(home, { recursive: true, force: true });
	}
}

/**
 * Writes a layout with the platforms of all, in the order of the list of platforms.
 * @param reference name of the image in the layout. @throws where two have the same platform.
 */
export async function mergeLayouts(
	folders: readonly string[],
	out: string,
	reference: string,
): Promise<void> {
	const images = await Promise.all(folders.map(readLayout));
	const twice = duplicateOf(
		images.flatMap((image) => image.platforms.map(({ platform }) => platform)),
	);
	if (twice !== undefined) throw new Error(`two parts of ${reference} are for ${twice}`);
	await mkdir(out, { recursive: true });
	for (const folder of folders) {
		await cp(join(folder, "blobs"), join(out, "blobs"), { recursive: true });
	}
	const index = {
		schemaVersion: 2,
		mediaType: INDEX_TYPE,
		manifests: await mergedManifests(images),
		annotations: images[0]?.annotations ?? {},
	};
	const text = JSON.stringify(index, undefined, "  ");
	const hash = createHash("sha256").update(text).digest("hex");
	await writeFile(join(out, "blobs/sha256", hash), text);
	await writeFile(join(out, "oci-layout"), '{"imageLayoutVersion":"1.0.0"}');
	const descriptor = {
		mediaType: INDEX_TYPE,
		digest: `sha256:${hash}`,
		size: Buffer.byteLength(text),
		annotations: { "org.opencontainers.image.ref.name": reference },
	};
	const top = { schemaVersion: 2, mediaType: INDEX_TYPE, manifests: [descriptor] };
	await writeFile(join(out, "index.json"), JSON.stringify(top));
}

/** Images first, as BuildKit writes them, then what is attested of each. */
async function mergedManifests(images: readonly LayoutImage[]): Promise<object[]> {
	const entries = (await Promise.all(images.map(readIndex))).flat();
	const order = platforms.map(({ platform }) => platform);
	const all = images.flatMap((image) => image.platforms);
	const place = (digest: string): number => {
		const found = all.find((candidate) => candidate.digest === digest);
		return found === undefined ? order.length : order.indexOf(found.platform);
	};
	const isImage = (digest: string): boolean => all.some((image) => image.digest === digest);
	const about = (entry: (typeof entries)[number]) => entry.about ?? entry.digest;
	return entries
		.toSorted(
			(one, other) =>
				Number(isImage(other.digest)) - Number(isImage(one.digest)) ||
				place(about(one)) - place(about(other)),
		)
		.map(({ descriptor }) => descriptor);
}

function duplicateOf(names: readonly string[]): string | undefined {
	return names.find((name, index) => names.indexOf(name) !== index);
}
