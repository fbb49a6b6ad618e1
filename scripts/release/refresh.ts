/** Pins: the digests that the tags of the bases name, in docker-bake.hcl and in the Dockerfiles. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Distribution, distributions } from "../bases/distributions.ts";
import { docker } from "../engine/docker.ts";
import type { Engine } from "../engine/engine.ts";
import { root } from "../root.ts";

export interface Moved {
	/** Of a variable of docker-bake.hcl. */
	readonly name: string;
	/** NAME:TAG, or NAME:TAG@DIGEST, as it was. */
	readonly from: string;
	readonly to: string;
}

const BAKE_FILE = "docker-bake.hcl";
/** A variable that names a base, and the text of its default. */
const PIN = /(variable "(BASE_[A-Z]+|BUILD_BASE)" \{\s*default = ")([^"]+)(")/g;
/** Files that name bases once more, for a plain docker build. */
const BUILD_DOCKERFILES = ["init", "images/files", "scripts/release/sbom"].map(
	(folder) => `${folder}/Dockerfile`,
);

/**
 * Asks the registries what the tags of the bases name today, and writes it down.
 * @param checkout default: this one.
 * @returns what has moved on since the last time.
 * @throws where a registry does not answer: nothing is written then.
 */
export async function refreshBases(
	engine: Engine,
	{ isDry, checkout = root }: { readonly isDry: boolean; readonly checkout?: string },
): Promise<Moved[]> {
	const text = await readFile(join(checkout, BAKE_FILE), "utf8");
	const pins = [...text.matchAll(PIN)].map(([, , name = "", from = ""]) => ({ name, from }));
	const moved = (
		await Promise.all(
			pins.map(async ({ name, from }) => {
				const tag = from.replace(/@.*/, "");
				return { name, from, to: `${tag}@${await digestOf(engine, tag)}` };
			}),
		)
	).filter(({ from, to }) => from !== to);
	if (isDry) return moved;
	for (const { name, from, to } of moved) {
		for (const file of [BAKE_FILE, ...dockerfilesOf(name)]) {
			const path = join(checkout, file);
			await writeFile(path, pinned(await readFile(path, "utf8"), name, from, to));
		}
	}
	return moved;
}

/** The text of a file with the new name of the base that the variable has. */
export function pinned(text: string, name: string, from: string, to: string): string {
	const inBakeFile = text.replace(PIN, (all, start, variable, old, end) =>
		variable === name && old === from ? `${start}${to}${end}` : all,
	);
	const argument = name === "BUILD_BASE" ? name : "BASE";
	return inBakeFile.replaceAll(`ARG ${argument}=${from}\n`, () => `ARG ${argument}=${to}\n`);
}

function dockerfilesOf(name: string): string[] {
	const own = distributions.find((distribution) => name === variableOf(distribution));
	return own === undefined ? BUILD_DOCKERFILES : [`images/${own}/Dockerfile`];
}

function variableOf(distribution: Distribution): string {
	return `BASE_${distribution.toUpperCase()}`;
}

async function digestOf(engine: Engine, tag: string): Promise<string> {
	// Not {{.Manifest.Digest}}, for which buildx prints everything.
	const args = ["buildx", "imagetools", "inspect", "--format", "{{json .Manifest}}", tag];
	const manifest: unknown = JSON.parse(await docker(engine, ...args));
	const digest =
		typeof manifest === "object" && manifest !== null && "digest" in manifest
			? manifest.digest
			: undefined;
	if (typeof digest === "string" && /^sha256:[0-9a-f]{64}$/.test(digest)) return digest;
	throw new Error(`the registry names no digest for ${tag}`);
}
