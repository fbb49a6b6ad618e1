// The fast loop: the init built straight on a Debian machine, in seconds once QuickJS is compiled.
//
//   npm run build:init [-- TARGET…]   my_init (default), my_init-faulty, my_init-sanitized
//
// The images' own binary comes from init/Dockerfile, with the same Makefile.
import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { bundleInit } from "./bundle.ts";
import { readDistribution } from "./engine/distribution.ts";
import { withLock } from "./engine/lock.ts";
import {
	debianArchitecture,
	fetchPackages,
	fetchSource,
	unpackPackages,
} from "./engine/packages.ts";
import { enginePaths } from "./engine/paths.ts";
import { archiveOf, findProgram, unpackOwnRelease } from "./engine/toolchain.ts";
import { writeWrapper } from "./engine/unpacked.ts";
import { root } from "./root.ts";

/** The release whose QuickJS is used, here and in init/Dockerfile. */
export const QUICKJS_SUITE = "trixie";
const MACHINE_TOOLS = ["gcc", "make", "dpkg-source"];

/** What the Makefile can build. */
export const INIT_TARGETS = ["my_init", "my_init-faulty", "my_init-sanitized"] as const;
export type InitTarget = (typeof INIT_TARGETS)[number];

/**
 * Builds the targets for this machine's platform; returns the path of each.
 * @throws where this is no Debian machine, or a tool is missing.
 */
export async function buildInit(targets: readonly InitTarget[]): Promise<Record<string, string>> {
	const obstacle = await initBuildObstacle();
	if (obstacle !== undefined) throw new Error(obstacle);
	await mkdir(join(root, "build/init/work"), { recursive: true });
	return withLock(join(root, "build/init/work/.lock"), () => make(targets));
}

async function make(targets: readonly InitTarget[]): Promise<Record<string, string>> {
	const [{ bundle }, quickjs] = await Promise.all([
		bundleInit(),
		fetchSource(await archiveOf([QUICKJS_SUITE]), "quickjs"),
	]);
	const out = join(root, "build/init/work");
	const machine = process.arch === "x64" ? "x86_64" : "aarch64";
	const target = `${machine}-linux-musl`;
	await execa(
		"make",
		[
			...["--no-print-directory", "--silent", "-C", join(root, "init"), "-j2"],
			...[`QUICKJS=${quickjs}`, `BUNDLE=${bundle}`, `OUT=${out}`, `TARGET=${target}`],
			...[`MUSL_SPECS=${await muslSpecs(target)}`, `ZOPFLI=${await zopfli()}`],
			...targets,
		],
		{ stdio: ["ignore", 2, 2] },
	);
	return Object.fromEntries(targets.map((name) => [name, join(out, name)]));
}

/** Why the init cannot be built straight on this machine, and what to do; undefined when it can. */
export async function initBuildObstacle(): Promise<string | undefined> {
	const distribution = await readDistribution();
	if (process.platform !== "linux" || distribution?.id !== "debian") {
		return 'the fast build needs a Debian machine; "npm run build" builds the init with Docker anywhere';
	}
	const missing = MACHINE_TOOLS.filter((tool) => findProgram(tool) === undefined);
	if (missing.length === 0) return undefined;
	return `${missing.join(", ")} missing: apt-get install gcc libc6-dev make dpkg-dev`;
}

/** Puts the binary where the images' build puts theirs: build/init/linux-amd64/my_init. */
async function deliver(file: string): Promise<string> {
	const folder = join(root, "build/init", `linux-${await debianArchitecture()}`);
	const delivered = join(folder, "my_init");
	await mkdir(folder, { recursive: true });
	// By renaming: the old one may be running.
	await copyFile(file, `${delivered}.new`);
	await rename(`${delivered}.new`, delivered);
	return delivered;
}

/** The machine's, or a private copy. */
async function zopfli(): Promise<string> {
	const installed = findProgram("zopfli");
	if (installed !== undefined) return installed;
	const tree = await unpackOwnRelease(enginePaths(), ["zopfli"]);
	const folder = join(root, "build/init/work/bin");
	await mkdir(folder, { recursive: true });
	await writeWrapper(tree, folder, "zopfli");
	return join(folder, "zopfli");
}

/** The machine's musl, or a private copy of it whose specs file is rewritten to where it lies. */
async function muslSpecs(target: string): Promise<string> {
	const installed = `/usr/lib/${target}/musl-gcc.specs`;
	if (existsSync(installed)) return installed;
	const distribution = await readDistribution();
	const archive = await archiveOf([distribution?.codename ?? QUICKJS_SUITE]);
	const debs = await fetchPackages(archive, ["musl", "musl-dev", "musl-tools"]);
	const tree = await unpackPackages(debs, enginePaths().packagesDir);
	const specs = await readFile(join(tree, installed), "utf8");
	const moved = join(tree, "musl-gcc.specs");
	await writeFile(
		moved,
		specs.replaceAll(/(?<=^|\s|-L)\/usr\/(lib|include)\//gm, `${tree}/usr/$1/`),
	);
	return moved;
}

if (import.meta.main) {
	const asked = process.argv.slice(2);
	const unknown = asked.filter((name) => !INIT_TARGETS.some((target) => target === name));
	if (unknown.length > 0) {
		console.error(
			`build:init: error: unknown target ${unknown.join(", ")}; there are ${INIT_TARGETS.join(", ")}`,
		);
		process.exit(2);
	}
	const targets = INIT_TARGETS.filter((target) => asked.includes(target));
	try {
		const built = await buildInit(targets.length === 0 ? ["my_init"] : targets);
		for (const [name, path] of Object.entries(built)) {
			console.error(`${name}: ${name === "my_init" ? await deliver(path) : path}`);
		}
	} catch (error) {
		console.error(`build:init: error: ${error instanceof Error ? error.message : error}`);
		process.exit(1);
	}
}
