// The programs under test, built once for each state of the sources and shared by all test files.
//
// INIT_BINARY=FILE tests that binary (the one inside the images, say) in place of a fresh build.
import { createHash } from "node:crypto";
import { accessSync, constants, existsSync } from "node:fs";
import { copyFile, mkdir, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { execa } from "execa";
import { buildInit, INIT_TARGETS, initBuildObstacle } from "../../../scripts/build-init.ts";
import { withLock } from "../../../scripts/engine/lock.ts";
import { root } from "../../../scripts/root.ts";

const ACTORS = join(root, "test/process/actors");
const BUILT = join(root, "build/test/process");
const SOURCES = ["init/src", "init/native", "init/Makefile", "scripts/build-init.ts"];
const OLD_MS = 3_600_000;

/** A folder of programs, or why there is none. */
export type Built = { readonly folder: string } | { readonly obstacle: string };

/** The helper programs of the tests, from test/process/actors. */
export async function buildActors(): Promise<Built> {
	if (!isOnPath("gcc")) return { obstacle: "the tests' helpers need gcc and libc6-dev" };
	return { folder: await builtOnce("actors", [ACTORS], compileActors) };
}

/** my_init, my_init-faulty and my_init-sanitized. */
export async function buildInits(): Promise<Built> {
	const obstacle = await initBuildObstacle();
	if (obstacle !== undefined) return { obstacle };
	const sources = SOURCES.map((source) => join(root, source));
	return { folder: await builtOnce("init", sources, compileInits) };
}

/** The absolute path that INIT_BINARY names; undefined when it is not set. @throws when it cannot be executed. */
export function givenBinary(): string | undefined {
	const given = process.env["INIT_BINARY"];
	if (given === undefined || given === "") return undefined;
	const path = resolve(root, given);
	accessSync(path, constants.X_OK);
	return path;
}

/** Whether the program is found in PATH. */
export function isOnPath(program: string): boolean {
	const folders = (process.env["PATH"] ?? "").split(":");
	return folders.some((folder) => existsSync(join(folder, program)));
}

/** A build is named by its sources, so that test files neither repeat it nor change it under each other. */
async function builtOnce(
	kind: string,
	sources: readonly string[],
	compile: (folder: string) => Promise<void>,
): Promise<string> {
	const folder = join(BUILT, `${kind}-${await hashOf(sources)}`);
	await mkdir(BUILT, { recursive: true });
	await withLock(join(BUILT, "lock"), async () => {
		if (existsSync(folder)) return;
		await removeOld(kind);
		const unfinished = `${folder}.unfinished`;
		await rm(unfinished, { recursive: true, force: true });
		await mkdir(unfinished);
		await compile(unfinished);
		await rename(unfinished, folder);
	});
	return folder;
}

async function hashOf(sources: readonly string[]): Promise<string> {
	const hash = createHash("sha256");
	for (const source of sources) {
		const isFolder = (await stat(source)).isDirectory();
		const names = isFolder ? (await readdir(source, { recursive: true })).sort() : [""];
		for (const name of names) {
			const file = join(source, name);
			if ((await stat(file)).isFile()) hash.update(`${file}\0`).update(await readFile(file));
		}
	}
	return hash.digest("hex").slice(0, 16);
}

async function removeOld(kind: string): Promise<void> {
	for (const name of await readdir(BUILT)) {
		const path = join(BUILT, name);
		const isOld = Date.now() - (await stat(path)).mtimeMs > OLD_MS;
		if (isOld && name.startsWith(`${kind}-`)) await rm(path, { recursive: true, force: true });
	}
}

async function compileActors(folder: string): Promise<void> {
	const sources = (await readdir(ACTORS)).filter((name) => name.endsWith(".c"));
	for (const source of sources) {
		const program = join(folder, basename(source, ".c"));
		const flags = ["-std=gnu11", "-O1", "-Wall", "-Wextra", "-Werror", "-static"];
		await execa("gcc", [...flags, "-o", program, join(ACTORS, source)]);
	}
}

async function compileInits(folder: string): Promise<void> {
	const built = await buildInit(INIT_TARGETS);
	for (const [name, path] of Object.entries(built)) await copyFile(path, join(folder, name));
}
