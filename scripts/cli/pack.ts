/** One executable out of a bundle and a Node.js, by @yao-pkg/pkg. */
import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { root } from "../root.ts";
import { strippedNode } from "./node-binary.ts";
import { NODE_VERSION, nameOf, type Target } from "./targets.ts";

// pkg keeps what it downloads in the home folder; this one is given to it instead.
const home = join(root, ".cache", "cli", "home");
const PACK_LIMIT_MS = 5 * 60_000;

/** Where the executable for a target lies. */
export function executableOf(target: Target): string {
	return join(root, "build", "cli", `baseimage-${nameOf(target)}`);
}

/** Packs the bundle for a target; returns the executable's path. Throws when pkg fails. */
export async function packCli(bundle: string, target: Target): Promise<string> {
	await offerNode(target);
	const executable = executableOf(target);
	await rm(executable, { force: true });
	await execa(
		process.execPath,
		[
			join(root, "node_modules", "@yao-pkg", "pkg", "lib-es5", "bin.js"),
			"--sea",
			`--targets=node${NODE_VERSION}-${nameOf(target)}`,
			`--output=${executable}`,
			bundle,
		],
		{
			env: { HOME: home, PKG_CACHE_PATH: join(home, "fetch") },
			timeout: PACK_LIMIT_MS,
			stdin: "ignore",
			all: true,
		},
	);
	return executable;
}

/**
 * Puts the npm package's Node.js where pkg looks for one that it has downloaded and checked before
 * (the empty `.ok` files say so). If the package can't be had, pkg downloads on its own.
 */
async function offerNode(target: Target): Promise<void> {
	const name = `node-v${NODE_VERSION}-${nameOf(target)}`;
	const folder = join(home, ".pkg-cache", "sea");
	const bin = join(folder, name, "bin");
	await mkdir(bin, { recursive: true });
	try {
		await copyFile(await strippedNode(target), join(bin, "node"));
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		process.stderr.write(
			`${nameOf(target)}: the packaged Node.js can't be had (${reason}); pkg tries to download one\n`,
		);
		return;
	}
	const marks = [
		join(bin, "node.ok"),
		join(folder, `${name}.tar.gz`),
		join(folder, `${name}.tar.gz.ok`),
	];
	await Promise.all(marks.map((mark) => writeFile(mark, "")));
}
