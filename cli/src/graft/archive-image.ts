// The image that an engine's archive describes, in either of its two forms: an OCI layout, or Docker's older manifest.json.
import type { ImagePlatform } from "../binaries.ts";
import { ExitCode } from "../exit-codes.ts";
import { Failure } from "../failure.ts";
import { field, listAt, textAt } from "../json.ts";
import type { Described } from "./rewrite.ts";

/** A manifest of one platform, and what it is made of. */
export interface PlatformImage {
	platform: ImagePlatform;
	config: Buffer;
	/** Name of the configuration's file in the archive. */
	configFile: string;
	/** Undefined in Docker's older form. */
	manifest: { digest: string; bytes: Buffer; value: unknown } | undefined;
}

/** An image in an archive. */
export interface ArchivedImage {
	/** The platforms that are there; an engine may have fetched one of several. */
	platforms: readonly PlatformImage[];
	/** Of an OCI layout: what index.json leads to, a manifest or an index of manifests. */
	root: { value: unknown; bytes: Buffer; descriptor: unknown; isIndex: boolean } | undefined;
	/** The entries of manifest.json, which both forms have. */
	entries: readonly unknown[];
}

/** Reads the archive of one image. Throws a Failure for what no init can be put in front of. */
export function readArchivedImage(described: Described): ArchivedImage {
	const entries = listOf(json(described, "manifest.json"));
	const index = json(described, "index.json");
	const [descriptor] = listAt(index, "manifests");
	const image =
		descriptor === undefined ? fromEntries(described, entries) : fromLayout(described, descriptor);
	if (image.platforms.length === 0) {
		throw new Failure(
			ExitCode.system,
			"the engine's archive holds no image that could be read",
			"Fetch the image for the engine's platform, and try again.",
		);
	}
	return { ...image, entries };
}

function fromLayout(described: Described, descriptor: unknown): Omit<ArchivedImage, "entries"> {
	const bytes = blob(described, textAt(descriptor, "digest"));
	if (bytes === undefined) {
		throw new Failure(ExitCode.system, "the engine's archive lacks the image's own manifest");
	}
	const value: unknown = JSON.parse(bytes.toString("utf8"));
	const isIndex = Array.isArray(field(value, "manifests"));
	const root = { value, bytes, descriptor, isIndex };
	const manifests = isIndex ? listAt(value, "manifests") : [descriptor];
	const platforms = manifests.flatMap((entry) => platformImage(described, entry) ?? []);
	return { platforms, root };
}

/** Undefined for what is not there, and for attestations, which are no images. */
function platformImage(described: Described, descriptor: unknown): PlatformImage | undefined {
	const digest = textAt(descriptor, "digest") ?? "";
	const bytes = blob(described, digest);
	if (bytes === undefined || isAttestation(descriptor)) return undefined;
	const value: unknown = JSON.parse(bytes.toString("utf8"));
	const configDigest = textAt(value, "config", "digest") ?? "";
	const config = blob(described, configDigest);
	if (config === undefined) return undefined;
	const parsed: unknown = JSON.parse(config.toString("utf8"));
	return {
		platform: platformOf(parsed, field(descriptor, "platform")),
		...{ config, configFile: blobName(configDigest), manifest: { digest, bytes, value } },
	};
}

/** Whether an entry of an index attests another one: BuildKit's annotation. */
export function isAttestation(descriptor: unknown): boolean {
	return (
		textAt(descriptor, "annotations", "vnd.docker.reference.type") !== undefined ||
		textAt(descriptor, "platform", "os") === "unknown"
	);
}

function fromEntries(
	described: Described,
	entries: readonly unknown[],
): Omit<ArchivedImage, "entries"> {
	const platforms = entries.flatMap((entry) => {
		const configFile = textAt(entry, "Config") ?? "";
		const config = described.files.get(configFile);
		if (config === undefined) return [];
		const platform = platformOf(JSON.parse(config.toString("utf8")), undefined);
		return [{ platform, config, configFile, manifest: undefined }];
	});
	return { platforms, root: undefined };
}

function platformOf(config: unknown, said: unknown): ImagePlatform {
	return {
		os: textAt(said, "os") ?? textAt(config, "os") ?? "linux",
		architecture: textAt(said, "architecture") ?? textAt(config, "architecture") ?? "amd64",
		variant: textAt(said, "variant") ?? textAt(config, "variant"),
	};
}

/** `blobs/sha256/HEX` */
export function blobName(digest: string): string {
	return `blobs/${digest.replace(":", "/")}`;
}

function blob({ files }: Described, digest: string | undefined): Buffer | undefined {
	return digest === undefined ? undefined : files.get(blobName(digest));
}

function json({ files }: Described, name: string): unknown {
	const bytes = files.get(name);
	return bytes === undefined ? undefined : JSON.parse(bytes.toString("utf8"));
}

function listOf(value: unknown): readonly unknown[] {
	return Array.isArray(value) ? value : [];
}
