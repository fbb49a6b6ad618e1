/** Stand-ins for the official base images: built once, kept as an archive in the shared cache, loaded into each engine that lacks them. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { ensureArm64Emulation } from "../engine/binfmt.ts";
import { docker, tryDocker } from "../engine/docker.ts";
import type { Engine } from "../engine/engine.ts";
import { enginePaths, repositoryRoot, sharedCacheDir } from "../engine/paths.ts";
import { type Distribution, distributions } from "./distributions.ts";
import { ensureRootfs, rootfsDir, STANDIN_SUITE } from "./rootfs.ts";
import { sayBases } from "./say.ts";

const RECIPE_FILES = ["Dockerfile", "build-alpine.sh", "docker-bake.hcl"];
const INSPECT_TIMEOUT_MS = 20_000;

/** Local name of a distribution's stand-in. */
export function standinName(distribution: Distribution): string {
	return `localhost/baseimage-ts/standin-${distribution}:${STANDIN_SUITE}`;
}

/** Has all stand-ins in the engine, for each of the architectures (Debian's names of them). */
export async function ensureStandins(
	engine: Engine,
	architectures: readonly string[],
): Promise<void> {
	const recipe = await recipeName(architectures);
	if (await haveAll(engine, recipe)) return;
	const archive = join(sharedCacheDir, "standins", `${recipe}.tar`);
	if (existsSync(archive)) {
		sayBases("loading the stand-in bases from the cache…");
		await docker(engine, "load", "--quiet", "--input", archive);
		if (await haveAll(engine, recipe)) return;
	}
	for (const architecture of architectures) await ensureRootfs(architecture);
	if (architectures.includes("arm64")) await ensureArm64Emulation(enginePaths());
	sayBases("building the stand-in bases (about a minute; alpine's is compiled)…");
	await build(engine, architectures, recipe);
	await mkdir(join(sharedCacheDir, "standins"), { recursive: true });
	const draft = `${archive}.${process.pid}`;
	try {
		await docker(engine, "save", "--output", draft, ...distributions.map(standinName));
		await rename(draft, archive);
	} finally {
		await rm(draft, { force: true });
	}
}

async function build(engine: Engine, architectures: readonly string[], recipe: string) {
	const platforms = architectures.map((architecture) => `linux/${architecture}`).join(",");
	const args = ["buildx", "bake", "--file", "scripts/bases/docker-bake.hcl", "--progress", "plain"];
	await execa(engine.dockerPath, args, {
		cwd: repositoryRoot,
		env: {
			...engine.env,
			ROOTFS: rootfsDir,
			SUITE: STANDIN_SUITE,
			PLATFORMS: platforms,
			RECIPE: recipe,
			// The bake file is ours, and names two folders of ours outside its own.
			BUILDX_BAKE_ENTITLEMENTS_FS: "0",
		},
	});
}

/** The name changes with everything that the stand-ins are made from. */
async function recipeName(architectures: readonly string[]): Promise<string> {
	const folder = import.meta.dirname;
	const texts = await Promise.all(RECIPE_FILES.map((name) => readFile(join(folder, name), "utf8")));
	const hash = createHash("sha256").update(texts.join("\0")).digest("hex").slice(0, 12);
	return [STANDIN_SUITE, ...[...architectures].sort(), hash].join("-");
}

async function haveAll(engine: Engine, recipe: string): Promise<boolean> {
	const format = '{{index .Config.Labels "baseimage.standin.recipe"}}';
	const names = distributions.map(standinName);
	const args = ["image", "inspect", "--format", format, ...names];
	const labels = await tryDocker(engine, INSPECT_TIMEOUT_MS, ...args);
	return labels?.split("\n").every((label) => label === recipe) ?? false;
}
