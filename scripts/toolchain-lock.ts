// npm run toolchain: init/toolchain.lock, the recorded versions of all that decides the bytes of the binaries.
//
//   npm run toolchain                installs the toolchains of all platforms, in the build stages, and writes their versions
//   npm run toolchain -- --check     says instead what differs from the file; exit code 1 when anything does
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import { buildTargets } from "./build-images.ts";
import { folderOf, platforms } from "./platforms.ts";
import { root } from "./root.ts";

export const LOCK = join(root, "init", "toolchain.lock");
const LINE = /^[a-z0-9][a-z0-9+.:-]*=[0-9A-Za-z.+:~-]+$/;

/** The lines of the files, each once, in the order of their bytes. @throws for a line that is not package=version, and for two versions of one package. */
export function mergeVersions(texts: readonly string[]): string[] {
	const lines = [...new Set(texts.flatMap((text) => text.split("\n")))].filter(
		(line) => line !== "",
	);
	const wrong = lines.find((line) => !LINE.test(line));
	if (wrong !== undefined) throw new Error(`"${wrong}" is not package=version`);
	const packages = lines.map((line) => line.split("=", 1)[0]);
	const twice = packages.find((name, at) => packages.indexOf(name) !== at);
	if (twice !== undefined) {
		throw new Error(
			`${twice} has several versions: build all platforms anew, with docker buildx bake --no-cache`,
		);
	}
	return lines.sort();
}

/** In words, one for each package that is not as recorded. */
export function differences(recorded: readonly string[], found: readonly string[]): string[] {
	const gone = recorded.filter((line) => !found.includes(line)).map((line) => `no more: ${line}`);
	const come = found
		.filter((line) => !recorded.includes(line))
		.map((line) => `not recorded: ${line}`);
	return [...gone, ...come];
}

/** Installs the toolchains in the build stages, or finds them in the engine's cache. */
async function installedVersions(): Promise<string[]> {
	const folders = platforms.map((platform) => join(root, "build", "toolchain", folderOf(platform)));
	for (const folder of folders) await mkdir(folder, { recursive: true });
	await buildTargets(...platforms.map(({ docker }) => `toolchain-${docker}`));
	const files = folders.map((folder) => join(folder, "toolchain-versions"));
	return mergeVersions(await Promise.all(files.map((file) => readFile(file, "utf8"))));
}

if (import.meta.main) {
	const program = new Command("toolchain")
		.description("record what compiles the binaries")
		.option("--check", "say what differs from the recorded versions, and change nothing")
		.action(async ({ check }: { check?: boolean }) => {
			const found = await installedVersions();
			const different = differences(mergeVersions([await readFile(LOCK, "utf8")]), found);
			for (const line of different) console.log(`toolchain: ${line}`);
			if (check) process.exitCode = different.length === 0 ? 0 : 1;
			else await writeFile(LOCK, `${found.join("\n")}\n`);
			console.error(`toolchain: ${different.length} differences from init/toolchain.lock`);
		});
	program.parseAsync().catch((error: unknown) => {
		console.error(`toolchain: error: ${error instanceof Error ? error.message : error}`);
		process.exitCode = 1;
	});
}
