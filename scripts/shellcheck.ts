// shellcheck, for the lint and for tests of scripts that users get.
import { join } from "node:path";
import { readDistribution } from "./engine/distribution.ts";
import { fetchPackages, unpackPackages } from "./engine/packages.ts";
import { enginePaths } from "./engine/paths.ts";
import { archiveOf, findProgram } from "./engine/toolchain.ts";

/** shellcheck as it is installed, or out of Debian's package; undefined where there is neither. */
export async function findShellcheck(): Promise<string | undefined> {
	const installed = findProgram("shellcheck");
	if (installed !== undefined) return installed;
	const distribution = await readDistribution();
	if (distribution?.id !== "debian" && distribution?.id !== "ubuntu") return undefined;
	const debs = await fetchPackages(await archiveOf([distribution.codename]), ["shellcheck"]);
	return join(await unpackPackages(debs, enginePaths().packagesDir), "usr/bin/shellcheck");
}

export const WHY_NO_SHELLCHECK = "shellcheck is not installed, and this is no Debian or Ubuntu";
