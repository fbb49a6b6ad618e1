/** The files of a release: the binary of each platform, what is in each image, the notices, and checksums of all. */
import { createHash } from "node:crypto";
import { chmod, copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../root.ts";
import { BINARIES } from "./build.ts";
import { readAttestation } from "./layout.ts";
import type { Plan } from "./plan.ts";
import { type Signer, signFile } from "./sign.ts";

export const ASSETS = join(root, "build/release/assets");
/** In the form of sha256sum(1). */
const CHECKSUMS = "SHA256SUMS";
const SPDX = "https://spdx.dev/Document";
const PAPERS = ["LICENSE", "THIRD-PARTY-NOTICES.md"];

/**
 * Writes them into the folder, the checksums signed where there is a signer.
 * @param also folder whose files are of the release, too. @returns their names.
 */
export async function writeAssets(
	plan: Plan,
	signer: Signer | undefined,
	{ folder = ASSETS, also }: { readonly folder?: string; readonly also?: string } = {},
): Promise<string[]> {
	await rm(folder, { recursive: true, force: true });
	await mkdir(folder, { recursive: true });
	for (const platform of await readdir(BINARIES)) {
		const name = `my_init-${platform.replaceAll("_", "-")}`;
		await copyFile(join(BINARIES, platform, "my_init"), join(folder, name));
		await chmod(join(folder, name), 0o755);
	}
	for (const name of also === undefined ? [] : await readdir(also)) {
		await copyFile(join(also ?? "", name), join(folder, name));
	}
	for (const paper of PAPERS) await copyFile(join(root, paper), join(folder, paper));
	for (const { name, image } of plan.images) {
		for (const { platform, digest } of image.platforms) {
			const statement = await readAttestation(image, digest, SPDX);
			if (statement === undefined) continue;
			const file = `${name}-${platform.replaceAll("/", "-")}.spdx.json`;
			const document = JSON.stringify(statement["predicate"], undefined, "\t");
			await writeFile(join(folder, file), `${document}\n`);
		}
	}
	const names = (await readdir(folder)).sort();
	const lines = await Promise.all(
		names.map(async (name) => `${sha256(await readFile(join(folder, name)))}  ${name}\n`),
	);
	await writeFile(join(folder, CHECKSUMS), lines.join(""));
	if (signer !== undefined) await signFile(join(folder, CHECKSUMS), signer);
	return (await readdir(folder)).sort();
}

function sha256(content: Buffer): string {
	return createHash("sha256").update(content).digest("hex");
}
