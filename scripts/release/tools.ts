/** The programs that a release uses beside Docker: the machine's, or unpacked ones where it is one of Debian or Ubuntu. */

import { fetchPackages, unpackPackages } from "../engine/packages.ts";
import { enginePaths } from "../engine/paths.ts";
import { archiveOf, findProgram, unpackOwnRelease } from "../engine/toolchain.ts";
import { programIn, unpackedEnvironment } from "../engine/unpacked.ts";

/** How to call a program. */
export interface Tool {
	readonly file: string;
	readonly env: Readonly<Record<string, string>>;
}

/** The release of Debian whose cosign is used, version 2; it needs no newer libc than Debian 12 has. */
const COSIGN_SUITE = "trixie";

/** Copies images between layouts and registries. @throws with the way to get it. */
export async function skopeo(): Promise<Tool> {
	return await toolOf("skopeo", "https://github.com/containers/skopeo", () =>
		unpackOwnRelease(enginePaths(), ["skopeo"]),
	);
}

/** Signs images. @throws with the way to get it. */
export async function cosign(): Promise<Tool> {
	return await toolOf("cosign", "https://docs.sigstore.dev", async () => {
		const archive = await archiveOf([COSIGN_SUITE]);
		return await unpackPackages(
			await fetchPackages(archive, ["cosign"]),
			enginePaths().packagesDir,
		);
	});
}

/** A registry, for trials. @throws with the way to get it. */
export async function dockerRegistry(): Promise<Tool> {
	return await toolOf("docker-registry", "https://distribution.github.io/distribution", () =>
		unpackOwnRelease(enginePaths(), ["docker-registry"]),
	);
}

/** Why no trial of a release can be made on this machine; undefined where it can. */
export async function trialObstacle(): Promise<string | undefined> {
	try {
		for (const tool of [skopeo, cosign, dockerRegistry]) await tool();
		return undefined;
	} catch (error) {
		return error instanceof Error ? error.message : String(error);
	}
}

async function toolOf(name: string, home: string, unpack: () => Promise<string>): Promise<Tool> {
	const installed = findProgram(name);
	if (installed !== undefined) return { file: installed, env: {} };
	try {
		const tree = await unpack();
		return { file: programIn(tree, name), env: unpackedEnvironment(tree) };
	} catch (error) {
		const [reason] = (error instanceof Error ? error.message : String(error)).split("\n");
		throw new Error(
			`a release needs ${name}, which is not installed and cannot be unpacked here (${reason}); install it: ${home}`,
		);
	}
}
