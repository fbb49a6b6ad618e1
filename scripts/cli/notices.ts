/** The licenses of what the packed executable contains: the libraries in its bundle, and Node.js. */
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Metafile } from "esbuild";
import { NOTICES } from "../notices.ts";
import { root } from "../root.ts";
import { NODE_VERSION, nodePackage, TARGETS } from "./targets.ts";

/** Lies beside the executables, each of which prints it, too: baseimage licenses. */
export const CLI_NOTICES = join(root, "build", "cli", "THIRD-PARTY-NOTICES.txt");

export interface Library {
	readonly name: string;
	readonly version: string;
	/** SPDX expression of its package.json. */
	readonly license: string;
	/** Of its license files; empty where the package has none. */
	readonly text: string;
}

/** Folders of the packages that a bundle has something of, such as node_modules/commander. */
export function packageFolders(metafile: Pick<Metafile, "inputs">): string[] {
	const folders = Object.keys(metafile.inputs).flatMap((file) => {
		const [, folder] = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file) ?? [];
		return folder === undefined ? [] : [folder];
	});
	return [...new Set(folders)].sort();
}

/** @throws for a package that names no license: it must not be shipped. */
export async function readLibrary(folder: string): Promise<Library> {
	const manifest: { name?: unknown; version?: unknown; license?: unknown } = JSON.parse(
		await readFile(join(folder, "package.json"), "utf8"),
	);
	const { name, version, license } = manifest;
	if (typeof name !== "string" || typeof version !== "string" || typeof license !== "string") {
		throw new Error(`${folder}/package.json does not name its license; it must not be shipped`);
	}
	const files = (await readdir(folder)).filter((file) =>
		/^(licen[cs]e|copying|notice)/i.test(file),
	);
	const texts = await Promise.all(files.sort().map((file) => readFile(join(folder, file), "utf8")));
	return { name, version, license, text: texts.map((text) => text.trim()).join("\n\n") };
}

/** Writes {@link CLI_NOTICES}. @returns its text. @throws as {@link readLibrary} does, and where no package of Node.js is installed. */
export async function writeCliNotices(metafile: Metafile): Promise<string> {
	const libraries = await Promise.all(
		packageFolders(metafile).map((folder) => readLibrary(join(root, folder))),
	);
	const parts = libraries.map(
		({ name, version, license, text }) =>
			`${name} ${version} (${license})\n\n${text || "(no text in the package)"}`,
	);
	const all = [
		"What the executable baseimage contains of others, with their licenses.",
		...parts,
		(await readFile(NOTICES, "utf8")).trim(),
		await nodeNotice(),
	];
	const text = `${all.join(`\n\n${"=".repeat(78)}\n\n`)}\n`;
	await mkdir(dirname(CLI_NOTICES), { recursive: true });
	await writeFile(CLI_NOTICES, text);
	return text;
}

/** Of the Node.js that is packed: out of its package, or of the one that runs this. */
async function nodeNotice(): Promise<string> {
	const folders = TARGETS.flatMap((target) => nodePackage(target) ?? []).map((name) =>
		join(root, "node_modules", name),
	);
	for (const folder of [...folders, join(dirname(process.execPath), "..")]) {
		const file = join(folder, "LICENSE");
		if (!existsSync(file)) continue;
		return `Node.js ${NODE_VERSION}\n\n${(await readFile(file, "utf8")).trim()}`;
	}
	throw new Error("no package of Node.js is installed, whose license belongs to the executable");
}
