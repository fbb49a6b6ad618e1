/** The init of this repository, and other builds of it to be compared with. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { buildInit, initBuildObstacle } from "../../scripts/build-init.ts";
import { root } from "../../scripts/root.ts";
import { linkageOf } from "./elf.ts";
import type { Init } from "./init.ts";

const OWN_NAME = "my_init";

/**
 * Takes the file that is given, or builds the init, or takes the one that was built before where it cannot be built straight on
 * this machine. It is measured as a copy in `folder`, so that a build meanwhile does not change it.
 * @throws when there is none.
 */
export async function ourInit(folder: string, given?: string): Promise<Init> {
	if (given !== undefined) return describe(OWN_NAME, given, "the file given by --init", folder);
	const { file, version } = await builtInit();
	return describe(OWN_NAME, file, version, folder);
}

/** Another build of the init, under a name of its own. */
export interface Build {
	readonly name: string;
	readonly file: string;
}

export async function anotherBuild({ name, file }: Build, folder: string): Promise<Init> {
	return describe(name, file, "a build given by --also", folder);
}

async function describe(
	name: string,
	built: string,
	version: string,
	folder: string,
): Promise<Init> {
	const file = join(folder, name);
	await copyFile(built, file);
	const digest = createHash("sha256")
		.update(await readFile(file))
		.digest("hex");
	return {
		name,
		role: "ours",
		version: `${version}, sha256 ${digest.slice(0, 12)}`,
		file,
		linkage: await linkageOf(file),
		words: { pid1: ["--"], subreaper: ["--"] },
		reaps: true,
	};
}

interface Found {
	readonly file: string;
	readonly version: string;
}

async function builtInit(): Promise<Found> {
	const obstacle = await initBuildObstacle();
	if (obstacle === undefined) {
		const file = (await buildInit(["my_init"]))["my_init"] ?? "";
		return { file, version: `of ${await stateOfSources()}, built by this machine's compiler` };
	}
	const platform = process.arch === "x64" ? "linux-amd64" : "linux-arm64";
	const earlier = join(root, "build/init", platform, "my_init");
	if (existsSync(earlier)) return { file: earlier, version: "built before, of whatever sources" };
	throw new Error(`${obstacle}; nothing lies at ${earlier}`);
}

/** The commit, marked when files differ from it; a bare source tree has none. */
async function stateOfSources(): Promise<string> {
	const described = await execa("git", ["describe", "--always", "--dirty=, with changes"], {
		cwd: root,
		reject: false,
	});
	return described.exitCode === 0 ? described.stdout : "sources without git";
}
