/** The init of this repository, and other builds of it to be compared with. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { buildInit, initBuildObstacle } from "../../scripts/build-init.ts";
import { root } from "../../scripts/root.ts";
import { linkageOf } from "./elf.ts";
import type { Init } from "./init.ts";

const OWN_NAME = "my_init";

/**
 * Builds the init, or takes the one that was built before where it cannot be built straight on this machine.
 * It is measured as a copy in `folder`, so that a build meanwhile does not change it.
 * @throws when there is neither.
 */
export async function ourInit(folder: string): Promise<Init> {
	return describe(OWN_NAME, await builtInit(), `of ${await stateOfSources()}`, folder);
}

/** Another build of the init, given as NAME=FILE. @throws when the argument or the file is wrong. */
export async function anotherBuild(argument: string, folder: string): Promise<Init> {
	const [name = "", ...rest] = argument.split("=");
	const file = resolve(rest.join("="));
	if (!/^[\w.+-]{1,20}$/.test(name) || rest.length === 0) {
		throw new Error(`--also takes NAME=FILE with a name of at most 20 letters, not ${argument}`);
	}
	if (!existsSync(file)) throw new Error(`--also ${name}: there is no file ${file}`);
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

async function builtInit(): Promise<string> {
	const obstacle = await initBuildObstacle();
	if (obstacle === undefined) return (await buildInit(["my_init"]))["my_init"] ?? "";
	const platform = process.arch === "x64" ? "linux-amd64" : "linux-arm64";
	const earlier = join(root, "build/init", platform, "my_init");
	if (existsSync(earlier)) return earlier;
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
