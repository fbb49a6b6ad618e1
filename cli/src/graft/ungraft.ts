// Gives the image back that was grafted: its own configuration, manifest and index lie in the labels, its layers are all there.
import { platformName } from "../binaries.ts";
import { ExitCode } from "../exit-codes.ts";
import { Failure } from "../failure.ts";
import { listAt, membersOf, textAt } from "../json.ts";
import {
	type ArchivedImage,
	blobName,
	type PlatformImage,
	readArchivedImage,
} from "./archive-image.ts";
import { digestOf, type Originals, originalsOf } from "./image-config.ts";
import { layoutFiles } from "./layout-files.ts";
import type { Additions, Described } from "./rewrite.ts";

interface Restored {
	after: PlatformImage;
	originals: Originals & { of: string };
}

/** The files that describe the original. Throws a Failure where the image is no grafted one. */
export function describeOriginal(
	described: Described,
	{ reference, tag }: { reference: string; tag: string | undefined },
): { additions: Additions; tag: string; id: string } {
	const image = readArchivedImage(described);
	const restored = image.platforms.map((after): Restored => {
		const originals = originalsOf(after.config);
		if (originals !== undefined) return { after, originals };
		throw new Failure(
			ExitCode.usage,
			`${reference} (${platformName(after.platform)}) was not made by \`baseimage graft\``,
			"Only what it has put in front can be taken away again.",
		);
	});
	const name = tag ?? restored[0]?.originals.of ?? "";
	const root = originalRoot(image, restored);
	const config = restored[0]?.originals.config ?? Buffer.alloc(0);
	// What an engine calls an image: the digest of its manifest or index, or of its configuration.
	const id = digestOf(root?.bytes ?? config);
	return { additions: filesOf(image, restored, name), tag: name, id };
}

function filesOf(image: ArchivedImage, restored: readonly Restored[], tag: string): Additions {
	const files = new Map<string, Buffer>();
	for (const { originals, after } of restored) {
		const { config, manifest, index } = originals;
		if (after.manifest === undefined) files.set(`${digestOf(config).slice(7)}.json`, config);
		for (const bytes of [config, manifest, index]) {
			if (bytes !== undefined && after.manifest !== undefined) {
				files.set(blobName(digestOf(bytes)), bytes);
			}
		}
	}
	const entries = image.entries.flatMap((entry) => originalEntry(entry, restored));
	for (const [name, bytes] of layoutFiles(originalRoot(image, restored), entries, tag)) {
		files.set(name, bytes);
	}
	return files;
}

function originalRoot({ root }: ArchivedImage, [first]: readonly Restored[]) {
	if (root === undefined || first === undefined) return undefined;
	const { index, manifest } = first.originals;
	const bytes = index ?? manifest;
	if (bytes === undefined) {
		throw new Failure(
			ExitCode.system,
			"the image was grafted by an engine that keeps no manifests, and came to one that does",
			"Take the init away where it was put in front.",
		);
	}
	const value: unknown = JSON.parse(bytes.toString("utf8"));
	const usual =
		index === undefined
			? "application/vnd.oci.image.manifest.v1+json"
			: "application/vnd.oci.image.index.v1+json";
	return { bytes, mediaType: textAt(value, "mediaType") ?? usual };
}

function originalEntry(entry: unknown, restored: readonly Restored[]): unknown[] {
	const found = restored.find(({ after }) => after.configFile === textAt(entry, "Config"));
	if (found === undefined) return [];
	const digest = digestOf(found.originals.config);
	return [
		{
			...membersOf(entry),
			Config: found.after.manifest === undefined ? `${digest.slice(7)}.json` : blobName(digest),
			Layers: listAt(entry, "Layers").slice(0, -1),
		},
	];
}
