import { membersOf } from "../json.ts";
import { digestOf } from "./image-config.ts";
import { fullReference, splitReference } from "./names.ts";

/** The files at the top of an archive, for one image under one name. */
export function layoutFiles(
	root: { bytes: Buffer; mediaType: unknown } | undefined,
	entries: readonly unknown[],
	reference: string,
): Map<string, Buffer> {
	const files = new Map<string, Buffer>();
	const tag = splitReference(reference).tag ?? "latest";
	if (root !== undefined) {
		const { bytes, mediaType } = root;
		files.set("oci-layout", json({ imageLayoutVersion: "1.0.0" }));
		files.set(
			"index.json",
			json({
				schemaVersion: 2,
				mediaType: "application/vnd.oci.image.index.v1+json",
				manifests: [
					{
						...{ mediaType, digest: digestOf(bytes), size: bytes.length },
						annotations: {
							"io.containerd.image.name": fullReference(reference),
							"org.opencontainers.image.ref.name": tag,
						},
					},
				],
			}),
		);
	}
	if (entries.length > 0) {
		const named = `${splitReference(reference).name}:${tag}`;
		files.set(
			"manifest.json",
			json(entries.map((entry) => ({ ...membersOf(entry), RepoTags: [named] }))),
		);
	}
	return files;
}

function json(value: unknown): Buffer {
	return Buffer.from(JSON.stringify(value));
}
