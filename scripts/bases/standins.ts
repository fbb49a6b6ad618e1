/** Stand-ins for the official base images: built once, kept as an archive in the shared cache, loaded into each engine that lacks them. */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { ensureArm64Emulation } from "../engine/binfmt.ts";
import { docker, tryDocker } from "../engine/docker.ts";
import type { Engine } from "../engine/engine.ts";
import { debianArchitecture } from "../engine/packages.ts";
import { enginePaths, repositoryRoot, sharedCacheDir } from "../engine/paths.ts";
import { type Distribution, distributions } from "./distributions.ts";
import { ensureRootfs, rootfsDir, STANDIN_SUITE } from "./rootfs.ts";
import { sayBases } from "./say.ts";

const RECIPE_FILES = ["Dockerfile", "build-alpine.sh", "docker-bake.hcl"];
const INSPECT_TIMEOUT_MS = 20_000;
const archiveDir = join(sharedCacheDir, "standins");

/** Local name of a distribution's stand-in. */
export function standinName(distribution: Distribution): string {
	return `localhost/baseimage-ts/standin-${distribution}:${STANDIN_SUITE}`;
}

/** Has all stand-ins in the engine, for each of the architectures (Debian's names of them) and always for this machine's. */
export async function ensureStandins(
	engine: Engine,
	architectures: readonly string[],
): Promise<void> {
	const wanted = [...new Set([await debianArchitecture(), ...architectures])].sort();
	const hash = await recipeHash();
	if (await haveAll(engine, wanted, hash)) return;
	const archives = await readdir(archiveDir).catch(() => []);
	const kept = archives.find(
		(name) => name.endsWith(".tar") && suits(name.slice(0, -4), wanted, hash),
	);
	if (kept !== undefined) {
		sayBases("loading the stand-in bases from the cache…");
		await docker(engine, "load", "--quiet", "--input", join(archiveDir, kept));
		if (await haveAll(engine, wanted, hash)) return;
	}
	for (const architecture of wanted) await ensureRootfs(architecture);
	if (wanted.includes("arm64")) await ensureArm64Emulation(enginePaths());
	sayBases("building the stand-in bases (about a minute; alpine's is compiled)…");
	const recipe = [STANDIN_SUITE, ...wanted, hash].join("-");
	await build(engine, wanted, recipe);
	await keep(engine, recipe);
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

/** Changes with everything that the stand-ins are made from. */
async function recipeHash(): Promise<string> {
	const texts = await Promise.all(
		RECIPE_FILES.map((name) => readFile(join(import.meta.dirname, name), "utf8")),
	);
	return createHash("sha256").update(texts.join("\0")).digest("hex").slice(0, 12);
}

/** A recipe's name, as in `trixie-amd64-arm64-0123456789ab`, has the hash and at least the architectures. */
function suits(recipe: string, architectures: readonly string[], hash: string): boolean {
	const parts = recipe.split("-");
	return parts.at(-1) === hash && architectures.every((name) => parts.includes(name));
}

async function haveAll(
	engine: Engine,
	architectures: readonly string[],
	hash: string,
): Promise<boolean> {
	const format = '{{index .Config.Labels "baseimage.standin.recipe"}}';
	const names = distributions.map(standinName);
	const args = ["image", "inspect", "--format", format, ...names];
	const labels = await tryDocker(engine, INSPECT_TIMEOUT_MS, ...args);
	return labels?.split("\n").every((label) => suits(label, architectures, hash)) ?? false;
}
