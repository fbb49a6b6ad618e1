// Puts the init in front of an image without building it again: one layer more, and what describes the image written anew.
import { type ImagePlatform, platformName } from "../binaries.ts";
import { ExitCode } from "../exit-codes.ts";
import { Failure } from "../failure.ts";
import { field, listAt, membersOf, textAt } from "../json.ts";
import {
	type ArchivedImage,
	blobName,
	isAttestation,
	type PlatformImage,
	readArchivedImage,
} from "./archive-image.ts";
import { digestOf, graftConfig, refuseSecondInit } from "./image-config.ts";
import { initLayer, type Layer } from "./layer.ts";
import { layoutFiles } from "./layout-files.ts";
import type { InitName } from "./names.ts";
import type { Additions, Described } from "./rewrite.ts";

export interface GraftRequest {
	/** What the image is called. */
	reference: string;
	/** What the new one is to be called. */
	tag: string;
	init: InitName;
	/** Ours goes in front of another init. */
	force: boolean;
	/** Only these, such as `linux/arm64`; undefined: all. */
	platforms: readonly string[] | undefined;
	/** The init for a platform. */
	binaryFor: (platform: ImagePlatform) => Promise<Buffer>;
}

/** What became of one platform. */
export interface Grafted {
	platform: string;
	before: PlatformImage;
	config: Buffer;
	layer: Layer;
	/** The new manifest; undefined in Docker's older form. */
	manifest: Buffer | undefined;
}

/** The files that describe the grafted image. Throws a Failure for a platform that there is no init for. */
export async function describeGrafted(
	described: Described,
	request: GraftRequest,
): Promise<{ additions: Additions; grafted: readonly Grafted[] }> {
	const image = readArchivedImage(described);
	const chosen = image.platforms.filter(({ platform }) =>
		isWanted(platformName(platform), request),
	);
	if (chosen.length === 0) {
		const known = image.platforms.map(({ platform }) => platformName(platform)).join(", ");
		const wanted = request.platforms?.join(", ");
		throw new Failure(
			ExitCode.usage,
			`${request.reference} is not there for ${wanted}, but for ${known}`,
		);
	}
	const grafted: Grafted[] = [];
	for (const platform of chosen) grafted.push(await graftPlatform(platform, image, request));
	return { additions: filesOf(image, grafted, request), grafted };
}

function isWanted(platform: string, { platforms }: GraftRequest): boolean {
	return platforms === undefined || platforms.includes(platform);
}

async function graftPlatform(
	before: PlatformImage,
	{ root }: ArchivedImage,
	{ reference, init, force, binaryFor }: GraftRequest,
): Promise<Grafted> {
	const platform = platformName(before.platform);
	if (before.platform.os !== "linux") {
		throw new Failure(ExitCode.usage, `${reference} is for ${platform}; the init is for Linux`);
	}
	refuseSecondInit(field(JSON.parse(before.config.toString("utf8")), "config"), reference, force);
	const layer = await initLayer(await binaryFor(before.platform), init);
	const originals = {
		config: before.config,
		manifest: before.manifest?.bytes,
		index: root?.isIndex === true ? root.bytes : undefined,
	};
	const config = graftConfig(originals, { init, of: reference, layer });
	return { platform, before, config, layer, manifest: graftManifest(before, config, layer) };
}

function graftManifest(
	{ manifest }: PlatformImage,
	config: Buffer,
	layer: Layer,
): Buffer | undefined {
	if (manifest === undefined) return undefined;
	const { value } = manifest;
	const isDockers = /docker/.test(textAt(value, "mediaType") ?? "");
	const added = {
		mediaType: isDockers
			? "application/vnd.docker.image.rootfs.diff.tar.gzip"
			: "application/vnd.oci.image.layer.v1.tar+gzip",
		...{ digest: layer.digest, size: layer.blob.length },
	};
	const described = { digest: digestOf(config), size: config.length };
	return Buffer.from(
		JSON.stringify({
			...membersOf(value),
			config: { ...membersOf(field(value, "config")), ...described },
			layers: [...listAt(value, "layers"), added],
		}),
	);
}

function filesOf(
	image: ArchivedImage,
	grafted: readonly Grafted[],
	{ tag }: GraftRequest,
): Additions {
	const files = new Map<string, Buffer>();
	for (const { config, layer, manifest } of grafted) {
		if (manifest === undefined) {
			files.set(`${digestOf(config).slice(7)}.json`, config);
			files.set(`${layer.diffId.slice(7)}.tar`, layer.tar);
			continue;
		}
		for (const bytes of [config, layer.blob, manifest]) files.set(blobName(digestOf(bytes)), bytes);
	}
	const root = image.root === undefined ? undefined : graftRoot(image.root, grafted);
	if (root !== undefined) files.set(blobName(digestOf(root.bytes)), root.bytes);
	const entries = image.entries.flatMap((entry) => graftEntry(entry, grafted));
	for (const [name, bytes] of layoutFiles(root, entries, tag)) files.set(name, bytes);
	return files;
}

/** What the new index.json leads to: the one new manifest, or an index of all of them. */
function graftRoot(
	{ value, descriptor, isIndex }: NonNullable<ArchivedImage["root"]>,
	grafted: readonly Grafted[],
): { bytes: Buffer; mediaType: unknown } {
	const newManifest = (entry: unknown) =>
		grafted.find(({ before }) => before.manifest?.digest === textAt(entry, "digest"))?.manifest;
	if (!isIndex) {
		return {
			bytes: grafted[0]?.manifest ?? Buffer.alloc(0),
			mediaType: field(descriptor, "mediaType"),
		};
	}
	const manifests = listAt(value, "manifests").flatMap((entry) => {
		const bytes = newManifest(entry);
		if (bytes !== undefined) {
			return [{ ...membersOf(entry), digest: digestOf(bytes), size: bytes.length }];
		}
		// Attestations are of the original, which can be had again: they stay with it.
		return isAttestation(entry) ? [entry] : [];
	});
	const bytes = Buffer.from(JSON.stringify({ ...membersOf(value), manifests }));
	return { bytes, mediaType: field(descriptor, "mediaType") };
}

function graftEntry(entry: unknown, grafted: readonly Grafted[]): unknown[] {
	const found = grafted.find(({ before }) => before.configFile === textAt(entry, "Config"));
	if (found === undefined) return [];
	const { config, layer, manifest } = found;
	const isLayout = manifest !== undefined;
	return [
		{
			...membersOf(entry),
			Config: isLayout ? blobName(digestOf(config)) : `${digestOf(config).slice(7)}.json`,
			Layers: [
				...listAt(entry, "Layers"),
				isLayout ? blobName(layer.digest) : `${layer.diffId.slice(7)}.tar`,
			],
		},
	];
}
