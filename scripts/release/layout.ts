/** Reads an image of several platforms out of an OCI layout: the specification of the OCI image format, image-layout. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** An image as a registry will have it. */
export interface LayoutImage {
	/** Folder of the layout. */
	readonly folder: string;
	/** Digest of the index: what a tag names. */
	readonly digest: string;
	readonly annotations: Readonly<Record<string, string>>;
	readonly platforms: readonly PlatformImage[];
}

export interface PlatformImage {
	/** Such as linux/arm/v7. */
	readonly platform: string;
	/** Digest of the manifest: what two builds of the same sources have in common. */
	readonly digest: string;
	/** Compressed sizes of the layers, in bytes, the base's first. */
	readonly layerBytes: readonly number[];
	/** Of the configuration. */
	readonly labels: Readonly<Record<string, string>>;
	/** Types of what is attested of it: https://spdx.dev/Document and the like. */
	readonly attested: readonly string[];
}

/** @throws where the folder holds no layout with one index in it. */
export async function readLayout(folder: string): Promise<LayoutImage> {
	const top = objectOf(await readFile(join(folder, "index.json"), "utf8"));
	const digests = new Set(listOf(top["manifests"]).map((entry) => textOf(entry["digest"])));
	const [digest] = digests;
	if (digest === undefined || digests.size > 1) {
		throw new Error(`${folder} holds ${digests.size} images; a release is built with one in each`);
	}
	const entries = await readIndex({ folder, digest });
	const images = entries.filter(({ about }) => about === undefined);
	const platforms = await Promise.all(
		images.map(async (image) => {
			const manifest = await blob(folder, image.digest);
			const configuration = await blob(folder, textOf(recordOf(manifest["config"])["digest"]));
			const attestations = entries.filter(({ about }) => about === image.digest);
			return {
				platform: platformText(recordOf(image.descriptor["platform"])),
				digest: image.digest,
				layerBytes: listOf(manifest["layers"]).map((layer) => Number(layer["size"])),
				labels: stringsOf(recordOf(configuration["config"])["Labels"]),
				attested: (
					await Promise.all(attestations.map((entry) => statements(folder, entry.digest)))
				).flat(),
			};
		}),
	);
	const { annotations } = await blob(folder, digest);
	return { folder, digest, annotations: stringsOf(annotations), platforms };
}

/** What is attested of the image of a platform, by type: the in-toto statement as it lies in the layout. */
export async function readAttestation(
	image: LayoutImage,
	platformDigest: string,
	type: string,
): Promise<Record<string, unknown> | undefined> {
	for (const { about, digest } of await readIndex(image)) {
		if (about !== platformDigest) continue;
		const manifest = await blob(image.folder, digest);
		const layer = listOf(manifest["layers"]).find((candidate) => typeOf(candidate) === type);
		if (layer !== undefined) return await blob(image.folder, textOf(layer["digest"]));
	}
	return undefined;
}

export interface IndexEntry {
	/** As it stands in the index. */
	readonly descriptor: Readonly<Record<string, unknown>>;
	readonly digest: string;
	/** Of an attestation: the digest of the manifest that it is about. */
	readonly about?: string;
}

/** All entries of an image's index. */
export async function readIndex({
	folder,
	digest,
}: Pick<LayoutImage, "folder" | "digest">): Promise<IndexEntry[]> {
	return listOf((await blob(folder, digest))["manifests"]).map((descriptor) => {
		const about = stringsOf(descriptor["annotations"])["vnd.docker.reference.digest"];
		return {
			descriptor,
			digest: textOf(descriptor["digest"]),
			...(about === undefined ? {} : { about }),
		};
	});
}

/** Digests of all that a manifest names: the configuration, and the layers. @throws where it is missing. */
export async function readManifest(folder: string, digest: string): Promise<string[]> {
	const manifest = await blob(folder, digest);
	const layers = listOf(manifest["layers"]).map((layer) => textOf(layer["digest"]));
	return [textOf(recordOf(manifest["config"])["digest"]), ...layers];
}

async function statements(folder: string, digest: string): Promise<string[]> {
	return listOf((await blob(folder, digest))["layers"]).map(typeOf);
}

function typeOf(layer: Record<string, unknown>): string {
	return stringsOf(layer["annotations"])["in-toto.io/predicate-type"] ?? "";
}

function platformText(platform: Record<string, unknown>): string {
	const parts = [platform["os"], platform["architecture"], platform["variant"]];
	return parts.filter((part) => part !== undefined).join("/");
}

async function blob(folder: string, digest: string): Promise<Record<string, unknown>> {
	return objectOf(await readFile(join(folder, "blobs", digest.replace(":", "/")), "utf8"));
}

function objectOf(text: string): Record<string, unknown> {
	const value: unknown = JSON.parse(text);
	return recordOf(value);
}

function recordOf(value: unknown): Record<string, unknown> {
	return typeof value === "object" && value !== null
		? Object.fromEntries(Object.entries(value))
		: {};
}

function listOf(value: unknown): Record<string, unknown>[] {
	return Array.isArray(value) ? value.map(recordOf) : [];
}

function textOf(value: unknown): string {
	return typeof value === "string" ? value : "";
}

function stringsOf(value: unknown): Record<string, string> {
	const entries = Object.entries(recordOf(value));
	return Object.fromEntries(
		entries.flatMap(([key, text]) => (typeof text === "string" ? [[key, text]] : [])),
	);
}
