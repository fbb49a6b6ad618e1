// The change that a graft makes to an image's configuration, and the way back.
import { createHash } from "node:crypto";
import { brotliCompressSync, brotliDecompressSync } from "node:zlib";
import { readConfig } from "../command/config.ts";
import { baseName, knownInit } from "../command/inits.ts";
import { ExitCode } from "../exit-codes.ts";
import { Failure } from "../failure.ts";
import { field, listAt, membersOf, textAt, textMapAt } from "../json.ts";
import { type InitName, initPath } from "./names.ts";

/** Labels of a grafted image: what it was, so that `ungraft` can give it back bit by bit. */
export const GRAFT_LABELS = {
	/** The name of the init. */
	name: "baseimage.graft",
	/** What the image was called. */
	of: "baseimage.graft.of",
	/** Its configuration, manifest and index, compressed by Brotli, in base64. */
	config: "baseimage.graft.config",
	manifest: "baseimage.graft.manifest",
	index: "baseimage.graft.index",
} as const;

/** The blobs that an image was made of, but for its layers. */
export interface Originals {
	config: Buffer;
	/** Undefined where the engine's archive has none. */
	manifest: Buffer | undefined;
	index: Buffer | undefined;
}

/** A layer that is added. */
export interface AddedLayer {
	/** Of the archive, uncompressed. */
	diffId: string;
	/** For the history. */
	createdBy: string;
}

export function digestOf(bytes: Buffer): string {
	return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/** The members of `config` (ENTRYPOINT, labels) that a graft changes; all others stay as they are. */
export function graftedMembers(
	config: unknown,
	init: InitName,
	labels: Readonly<Record<string, string>>,
): Record<string, unknown> {
	const { entrypoint } = readConfig(config);
	return {
		...membersOf(config),
		Entrypoint: [initPath(init), "--", ...entrypoint],
		Labels: { ...textMapAt(config, "Labels"), ...labels },
	};
}

/** Throws a Failure where an init is in front already, unless that is wanted. */
export function refuseSecondInit(config: unknown, reference: string, force: boolean): void {
	const { entrypoint, cmd, env } = readConfig(config);
	const [first = ""] = [...entrypoint, ...cmd];
	const grafted = textAt(membersOf(field(config, "Labels")), GRAFT_LABELS.name);
	if (grafted !== undefined && first === initPath("my_init")) {
		throw new Failure(
			ExitCode.usage,
			`${reference} is grafted already, with ${grafted}`,
			`\`baseimage ungraft ${reference}\` gives the original back.`,
		);
	}
	if (force || knownInit(first, env) === undefined) return;
	throw new Failure(
		ExitCode.usage,
		`${reference} has an init in front already: ${baseName(first)}`,
		"With --force ours goes in front of it.",
	);
}

/** The configuration with the init in front, in bytes. Everything that is not named here stays. */
export function graftConfig(
	originals: Originals,
	{ init, of, layer }: { init: InitName; of: string; layer: AddedLayer },
): Buffer {
	const image: unknown = JSON.parse(originals.config.toString("utf8"));
	const labels = {
		[GRAFT_LABELS.name]: init,
		[GRAFT_LABELS.of]: of,
		[GRAFT_LABELS.config]: compressed(originals.config),
		...(originals.manifest && { [GRAFT_LABELS.manifest]: compressed(originals.manifest) }),
		...(originals.index && { [GRAFT_LABELS.index]: compressed(originals.index) }),
	};
	const created = textAt(image, "created");
	const history = { ...(created !== undefined && { created }), created_by: layer.createdBy };
	return Buffer.from(
		JSON.stringify({
			...membersOf(image),
			config: graftedMembers(field(image, "config"), init, labels),
			rootfs: {
				...membersOf(field(image, "rootfs")),
				diff_ids: [...listAt(image, "rootfs", "diff_ids"), layer.diffId],
			},
			history: [...listAt(image, "history"), history],
		}),
	);
}

/** What a grafted configuration was made of; undefined: it is no grafted one. Throws a Failure where more was built upon it. */
export function originalsOf(config: Buffer): (Originals & { of: string }) | undefined {
	const image: unknown = JSON.parse(config.toString("utf8"));
	const label = (name: string) => {
		const text = textMapAt(image, "config", "Labels")[name];
		return text === undefined ? undefined : brotliDecompressSync(Buffer.from(text, "base64"));
	};
	const original = label(GRAFT_LABELS.config);
	if (original === undefined) return undefined;
	const layers = listAt(image, "rootfs", "diff_ids");
	const below = listAt(JSON.parse(original.toString("utf8")), "rootfs", "diff_ids");
	if (layers.length !== below.length + 1 || below.some((id, index) => id !== layers[index])) {
		throw new Failure(
			ExitCode.usage,
			`the image was built upon a grafted one: ${layers.length} layers, where the original had ${below.length}`,
			"Build it again upon the original, which `baseimage ungraft` gives back.",
		);
	}
	return {
		config: original,
		manifest: label(GRAFT_LABELS.manifest),
		index: label(GRAFT_LABELS.index),
		of: textMapAt(image, "config", "Labels")[GRAFT_LABELS.of] ?? "",
	};
}

function compressed(bytes: Buffer): string {
	return brotliCompressSync(bytes).toString("base64");
}
