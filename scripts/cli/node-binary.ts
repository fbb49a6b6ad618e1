/** The Node.js that goes into an executable: from the npm package, stripped. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { root } from "../root.ts";
import { isNative, NODE_VERSION, nameOf, nodePackage, type Target } from "./targets.ts";

const cache = join(root, ".cache", "cli");
const NETWORK_LIMIT_MS = 5 * 60_000;

/** Where the stripped Node.js of a target lies; made when missing. Throws when it can't be had. */
export async function strippedNode(target: Target): Promise<string> {
	const name = nodePackage(target);
	if (name === undefined) throw new Error("no npm package has it");
	const stripped = join(cache, `${name}-${NODE_VERSION}-stripped`);
	if (existsSync(stripped)) return stripped;

	await mkdir(cache, { recursive: true });
	const unfinished = `${stripped}.part`;
	await copyFile(await packagedNode(name), unfinished);
	await strip(unfinished, target);
	await rename(unfinished, stripped);
	await rm(fetchFolder(name), { recursive: true, force: true });
	return stripped;
}

/** npm installs only this machine's own package; another's is fetched into the cache. */
async function packagedNode(name: string): Promise<string> {
	const installed = join(root, "node_modules", name, "bin", "node");
	if (existsSync(installed)) return installed;

	const folder = fetchFolder(name);
	const node = join(folder, "package", "bin", "node");
	if (existsSync(node)) return node;

	await mkdir(folder, { recursive: true });
	const { stdout } = await execa(
		"npm",
		["pack", `${name}@${NODE_VERSION}`, "--pack-destination", folder, "--loglevel=error"],
		{ timeout: NETWORK_LIMIT_MS, stdin: "ignore" },
	);
	const archive = join(folder, stdout.trim());
	await verify(archive, name);
	await execa("tar", ["-xzf", archive, "-C", folder, "package/bin/node"]);
	await rm(archive);
	return node;
}

/** Needed only until the stripped one is made. */
function fetchFolder(name: string): string {
	return join(cache, `${name}-${NODE_VERSION}`);
}

/** Compares the archive with the checksum that package-lock.json pins. */
async function verify(archive: string, name: string): Promise<void> {
	const lock = await readFile(join(root, "package-lock.json"), "utf8");
	const entry = lock.slice(lock.indexOf(`"node_modules/${name}"`));
	const pinned = /"integrity": "(sha512-[^"]+)"/.exec(entry)?.[1];
	const found = `sha512-${createHash("sha512")
		.update(await readFile(archive))
		.digest("base64")}`;
	if (pinned === found) return;
	await rm(archive);
	throw new Error(`${name}: the archive's checksum is ${found}, package-lock.json pins ${pinned}`);
}

/** Removes the debug symbols, a seventh of the file. Without a fitting tool it stays as it is. */
async function strip(file: string, target: Target): Promise<void> {
	const triple = target.arch === "x64" ? "x86_64-linux-gnu" : "aarch64-linux-gnu";
	const tools = [...(isNative(target) ? ["strip"] : []), `${triple}-strip`, "llvm-strip"];
	for (const tool of tools) {
		const { failed } = await execa(tool, [file], { reject: false });
		if (!failed) return;
	}
	process.stderr.write(
		`${nameOf(target)}: none of ${tools.join(", ")} works here: Node.js stays unstripped\n`,
	);
}
