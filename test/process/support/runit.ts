// Debian's runit, unpacked and not installed.
import { join } from "node:path";
import { readDistribution } from "../../../scripts/engine/distribution.ts";
import { fetchPackages, unpackPackages } from "../../../scripts/engine/packages.ts";
import { enginePaths } from "../../../scripts/engine/paths.ts";
import { archiveOf } from "../../../scripts/engine/toolchain.ts";

/** The folder with sv and runsv; or why there is none. */
export async function runitFolder(): Promise<{ folder: string } | { obstacle: string }> {
	const distribution = await readDistribution();
	if (distribution?.id !== "debian" && distribution?.id !== "ubuntu")
		return { obstacle: "this is no Debian or Ubuntu" };
	try {
		const debs = await fetchPackages(await archiveOf([distribution.codename]), ["runit"]);
		return { folder: join(await unpackPackages(debs, enginePaths().packagesDir), "usr/bin") };
	} catch (error) {
		return { obstacle: `Debian's package runit cannot be had: ${error}` };
	}
}
