/** Builds what a release pushes: docker buildx bake release, with the bases, bundles and facts that it needs. */
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { bake, member, printBake, refusePodman } from "../bake.ts";
import { type BaseChoice, ensureBases } from "../bases/bases.ts";
import { type ImageName, imageNames } from "../bases/distributions.ts";
import { bundleInit } from "../bundle.ts";
import type { Engine } from "../engine/engine.ts";
import { type Platform, platforms } from "../platforms.ts";
import { root } from "../root.ts";
import { bundleSbomGenerator } from "./sbom/bundle.ts";

/** Folder with the OCI layout of each image. */
export const LAYOUTS = join(root, "build/release/layouts");
/** Folder with the binary of each platform: linux_arm64/my_init. */
export const BINARIES = join(root, "build/release/binaries");
const LOG = join(root, "build/release/build.log");

/** The init's binary for a platform, as the last release was built. */
export function releasedBinary({ platform }: Platform): string {
	return join(BINARIES, platform.replaceAll("/", "_"), "my_init");
}

export interface ReleaseBuild {
	/** Default: all. */
	readonly images?: readonly ImageName[];
	/** Default: all that the base of an image has. */
	readonly platforms?: readonly string[];
	/** Default: auto. */
	readonly bases?: BaseChoice;
	/** Address of the repository, for labels. */
	readonly source?: string;
	/** Everything is made anew, nothing taken from the build cache. Default: false. */
	readonly isCold?: boolean;
}

/** What of a checkout decides the images. */
export interface Facts {
	readonly version: string;
	/** Commit, with "-dirty" behind it where files differ from it. */
	readonly revision: string;
	/** Its date, in seconds since 1970: SOURCE_DATE_EPOCH. */
	readonly epoch: number;
}

/** @throws where the checkout has no commit. */
export async function factsOf(checkout: string): Promise<Facts> {
	const git = async (...args: string[]) => (await execa("git", args, { cwd: checkout })).stdout;
	const [commit, epoch, changes, text] = await Promise.all([
		git("rev-parse", "HEAD"),
		git("log", "-1", "--format=%ct"),
		git("status", "--porcelain"),
		readFile(join(checkout, "package.json"), "utf8"),
	]);
	const { version }: { version?: unknown } = JSON.parse(text);
	if (typeof version !== "string") throw new Error("package.json has no version");
	return { version, revision: changes === "" ? commit : `${commit}-dirty`, epoch: Number(epoch) };
}

/**
 * Builds the images into {@link LAYOUTS} and the binaries into {@link BINARIES}; what lay there is removed.
 * @returns whether stand-ins took the place of the official bases, and the images that were built: those with any of the platforms.
 * @throws with the end of the log when the build fails.
 */
export async function buildRelease(
	engine: Engine,
	build: ReleaseBuild,
): Promise<{ standin: boolean; images: readonly ImageName[] }> {
	await refusePodman(engine);
	const wanted = build.platforms ?? platforms.map(({ platform }) => platform);
	const published = await publishedFor(engine, build.images ?? imageNames, wanted);
	const images = [...published.keys()];
	// Only in a complete base can the packages of a full image be installed.
	const full = images.filter((image) => image.endsWith("-full"));
	const complete = full.flatMap((image) => published.get(image) ?? []);
	const [bases] = await Promise.all([
		ensureBases(engine, build.bases ?? "auto", wanted, complete),
		bundleInit(),
		bundleSbomGenerator(),
	]);
	const { version, revision, epoch } = await factsOf(root);
	const variables = {
		...bases.bakeVariables,
		// Stand-ins lie in the engine only, and so does the generator.
		BUILDX_BUILDER: "default",
		PLATFORMS: wanted.join(","),
		VERSION: version,
		REVISION: revision,
		CREATED: new Date(epoch * 1_000).toISOString().replace(".000", ""),
		SOURCE: build.source ?? "",
		SOURCE_DATE_EPOCH: String(epoch),
	};
	for (const folder of [LAYOUTS, BINARIES]) await rm(folder, { recursive: true, force: true });
	await mkdir(LAYOUTS, { recursive: true });
	const cold = build.isCold === true ? ["--no-cache"] : [];
	await bake(engine, { args: ["--load", "sbom-generator"], variables, log: LOG });
	const args = [...cold, ...images.map(targetOf), "release-binaries"];
	await bake(engine, { args, variables, log: LOG });
	for (const image of images) {
		const folder = join(LAYOUTS, image);
		await mkdir(folder, { recursive: true });
		// Where docker-bake.hcl has it.
		const archive = join(root, "build", `release-${image}.tar`);
		await execa("tar", ["-x", "-f", archive, "-C", folder]);
		await rm(archive);
	}
	return { standin: bases.standin, images };
}

/**
 * Those of the images that have a platform of the wanted ones, with all of these that they have, as docker-bake.hcl says.
 * @throws where none has.
 */
async function publishedFor(
	engine: Engine,
	images: readonly ImageName[],
	wanted: readonly string[],
): Promise<ReadonlyMap<ImageName, readonly string[]>> {
	const printed = await printBake(engine, images.map(targetOf));
	const found = images.flatMap((image): [ImageName, readonly string[]][] => {
		const published = member(printed.get(targetOf(image)), "platforms");
		const has = (platform: string) => Array.isArray(published) && published.includes(platform);
		const common = wanted.filter(has);
		return common.length === 0 ? [] : [[image, common]];
	});
	if (found.length > 0) return new Map(found);
	throw new Error(`the base of ${images.join(", ")} is not published for ${wanted.join(", ")}`);
}

/** The target of docker-bake.hcl. */
function targetOf(image: ImageName): string {
	return `release-${image}`;
}
