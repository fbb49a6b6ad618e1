/** What a release would push, as plain values: which image goes by which tags, and what speaks against it. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ImageName } from "../bases/distributions.ts";
import { LAYOUTS } from "./build.ts";
import { type LayoutImage, readLayout } from "./layout.ts";
import { isLoopback } from "./repository.ts";
import { datedTag, type Release, serialOf, type Tags, tagsOf } from "./tags.ts";

export interface PlannedImage {
	readonly name: ImageName;
	readonly image: LayoutImage;
	readonly tags: Tags;
}

export interface Plan {
	/** Such as registry.example/org/baseimage-ts. */
	readonly repository: string;
	readonly release: Release;
	readonly images: readonly PlannedImage[];
	/** The bases are stand-ins: nothing of it may be published. */
	readonly standin: boolean;
}

/** What the registry has by the dated tags of the day: tag → digest. */
export type Published = ReadonlyMap<string, string>;

/** Reads the layouts of the last build. @throws where it has not built one of the images. */
export async function readImages(
	names: readonly ImageName[],
): Promise<{ name: ImageName; image: LayoutImage }[]> {
	return Promise.all(
		names.map(async (name) => {
			const folder = join(LAYOUTS, name);
			if (existsSync(folder)) return { name, image: await readLayout(folder) };
			throw new Error(
				`the last build has left no image ${name} in build/release; build it, without --no-build`,
			);
		}),
	);
}

/** Whether an image was built upon a local stand-in of its base. */
export function isStandin(image: Pick<LayoutImage, "annotations"> | undefined): boolean {
	return (
		image?.annotations["org.opencontainers.image.base.name"]?.startsWith("localhost/") ?? false
	);
}

/**
 * The serial number of a release: the one under which all of its images are published already, which makes a second try the
 * same release, or the first that no image has. One number for all images.
 */
export function chooseSerial(
	images: readonly { readonly name: ImageName; readonly image: Pick<LayoutImage, "digest"> }[],
	date: string,
	published: Published,
): number {
	const taken = images.flatMap(({ name }) =>
		[...published.keys()].flatMap((tag) => serialOf(tag, name, date) ?? []),
	);
	const last = Math.max(0, ...taken);
	const isSame = (serial: number): boolean =>
		images.every(({ name, image }) => {
			const digest = published.get(datedTag(name, date, serial));
			return digest === undefined || digest === image.digest;
		});
	return last > 0 && isSame(last) ? last : last + 1;
}

export function planRelease(
	images: readonly { readonly name: ImageName; readonly image: LayoutImage }[],
	release: Release,
	to: { readonly repository: string; readonly standin: boolean },
): Plan {
	return {
		...to,
		release,
		images: images.map(({ name, image }) => ({ name, image, tags: tagsOf(name, release) })),
	};
}

/** Why the plan must not be carried out; empty where it may. `revision` is the label of the images. */
export function objections(plan: Plan, published: Published): string[] {
	const overwritten = plan.images.flatMap(({ image, tags }) => {
		const there = published.get(tags.dated);
		if (there === undefined || there === image.digest) return [];
		return [
			`${plan.repository}:${tags.dated} is published already, as another image (${there}); a dated tag is never overwritten: leave --serial out, or take the next number`,
		];
	});
	// What is on the loopback is a trial.
	if (isLoopback(plan.repository)) return overwritten;
	const standin = plan.standin
		? ["the bases are local stand-ins; build where the official ones can be had"]
		: [];
	const label = (name: string) => (image: PlannedImage) =>
		image.image.platforms.map(({ labels }) => labels[`org.opencontainers.image.${name}`] ?? "");
	const dirty = plan.images.flatMap(label("revision")).some((text) => text.endsWith("-dirty"))
		? ["the checkout has changes that no commit holds; commit them, and build again"]
		: [];
	const unpinned = plan.images.filter(
		(image) =>
			label("base.name")(image).some((name) => name !== "") &&
			label("base.digest")(image).some((digest) => digest === ""),
	);
	const pins =
		plan.standin || unpinned.length === 0
			? []
			: [
					`the bases of ${unpinned.map(({ name }) => name).join(", ")} are not pinned by digest; run npm run release -- refresh, and commit what it writes`,
				];
	return [...overwritten, ...standin, ...dirty, ...pins];
}
