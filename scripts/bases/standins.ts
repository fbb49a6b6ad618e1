/** Stand-ins for the official base images: built once, kept as an archive in the shared cache, loaded into each engine that lacks them. */
import { createHash } from "node:crypto";
import { copyFile, link, mkdir, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { ensureEmulation } from "../engine/binfmt.ts";
import { docker, tryDocker } from "../engine/docker.ts";
import type { Engine } from "../engine/engine.ts";
import { enginePaths, repositoryRoot, sharedCacheDir } from "../engine/paths.ts";
import { machinePlatform, type Platform, platformOf, platforms } from "../platforms.ts";
import { type Distribution, distributions } from "./distributions.ts";
import { ensureRootfs, rootfsDir, STANDIN_SUITE } from "./rootfs.ts";
import { sayBases } from "./say.ts";

const SCRIPTS = ["build-busybox.sh", "fetch-foreign.sh", "lay-out.sh"];
const RECIPE_FILES = ["Dockerfile", "docker-bake.hcl", ...SCRIPTS];
const INSPECT_TIMEOUT_MS = 20_000;
const archiveDir = join(sharedCacheDir, "standins");

/** Local name of a distribution's stand-in. */
export function standinName(distribution: Distribution): string {
	return `localhost/baseimage-ts/standin-${distribution}:${STANDIN_SUITE}`;
}

/**
 * Has all stand-ins in the engine, for each of the platforms and always for this machine's.
 * @param complete platforms that they have all of a minimal Debian for, set up under emulation in two minutes each, so that packages
 * can be installed; for others, but this machine's, they are busybox in the distribution's layout, enough for a shell.
 */
export async function ensureStandins(
	engine: Engine,
	names: readonly string[],
	complete: readonly string[],
): Promise<void> {
	const asked = [machinePlatform(), ...names.map(platformOf)];
	const wanted = platforms.filter((platform) => asked.includes(platform));
	const hash = await recipeHash();
	const whole = wanted.filter(
		(platform) => platform === machinePlatform() || complete.includes(platform.platform),
	);
	const need = { parts: wanted.map((platform) => part(platform, whole)), hash };
	if (await haveAll(engine, need)) return;
	const archives = await readdir(archiveDir).catch(() => []);
	const kept = archives.find((name) => name.endsWith(".tar") && suits(name.slice(0, -4), need));
	if (kept !== undefined) {
		sayBases("loading the stand-in bases from the cache…");
		await docker(engine, "load", "--quiet", "--input", join(archiveDir, kept));
		if (await haveAll(engine, need)) return;
	}
	for (const platform of whole) await ensureRootfs(platform);
	await ensureEmulation(enginePaths(), wanted);
	sayBases("building the stand-in bases (about a minute; alpine's is compiled)…");
	const recipe = [STANDIN_SUITE, ...need.parts, hash].join("-");
	await build(engine, wanted, whole, recipe);
	await keep(engine, recipe);
}

/** What a recipe's name has for a platform: `arm64` where it is complete. */
function part(platform: Platform, whole: readonly Platform[]): string {
	return whole.includes(platform) ? platform.docker : `${platform.docker}.busybox`;
}

/** Saves the stand-ins for engines that are started later. */
async function keep(engine: Engine, recipe: string): Promise<void> {
	await mkdir(archiveDir, { recursive: true });
	const draft = join(archiveDir, `${recipe}.${process.pid}`);
	try {
		await docker(engine, "save", "--output", draft, ...distributions.map(standinName));
		await rename(draft, join(archiveDir, `${recipe}.tar`));
	} finally {
		await rm(draft, { force: true });
	}
}

async function build(
	engine: Engine,
	wanted: readonly Platform[],
	complete: readonly Platform[],
	recipe: string,
): Promise<void> {
	// One context, not a named one beside it: BuildKit would do the same work once more for each platform.
	const context = await mkdtemp(join(sharedCacheDir, "standins-context-"));
	const args = ["buildx", "bake", "--file", "scripts/bases/docker-bake.hcl", "--progress", "plain"];
	try {
		for (const name of SCRIPTS)
			await copyFile(join(import.meta.dirname, name), join(context, name));
		for (const { docker } of complete) {
			const name = `debian-${docker}.tar`;
			await link(join(rootfsDir, name), join(context, name));
		}
		await execa(engine.dockerPath, args, {
			cwd: repositoryRoot,
			env: {
				...engine.env,
				CONTEXT: context,
				SUITE: STANDIN_SUITE,
				PLATFORMS: wanted.map(({ platform }) => platform).join(","),
				COMPLETE: complete.map(({ docker }) => docker).join(" "),
				RECIPE: recipe,
				// The bake file is ours, and names two folders of ours outside its own.
				BUILDX_BAKE_ENTITLEMENTS_FS: "0",
			},
		});
	} finally {
		await rm(context, { recursive: true, force: true });
	}
}

/** Changes with everything that the stand-ins are made from. */
async function recipeHash(): Promise<string> {
	const texts = await Promise.all(
		RECIPE_FILES.map((name) => readFile(join(import.meta.dirname, name), "utf8")),
	);
	return createHash("sha256").update(texts.join("\0")).digest("hex").slice(0, 12);
}

interface Need {
	/** See {@link part}. */
	readonly parts: readonly string[];
	readonly hash: string;
}

/** A recipe's name, as in `trixie-amd64-arm64.busybox-0123456789ab`, has the hash and at least what is needed. */
function suits(recipe: string, { parts, hash }: Need): boolean {
	const had = recipe.split("-");
	const has = (name: string): boolean =>
		had.includes(name) || had.includes(name.replace(".busybox", ""));
	return had.at(-1) === hash && parts.every(has);
}

async function haveAll(engine: Engine, need: Need): Promise<boolean> {
	const format = '{{index .Config.Labels "baseimage.standin.recipe"}}';
	const names = distributions.map(standinName);
	const args = ["image", "inspect", "--format", format, ...names];
	const labels = await tryDocker(engine, INSPECT_TIMEOUT_MS, ...args);
	return labels?.split("\n").every((label) => suits(label, need)) ?? false;
}
