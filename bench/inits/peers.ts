/** The inits that others wrote, from the machine's own distribution: fetched and unpacked into a folder, not installed. */
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { readDistribution } from "../../scripts/engine/distribution.ts";
import { fetchPackages, unpackPackages } from "../../scripts/engine/packages.ts";
import { archiveOf, findProgram } from "../../scripts/engine/toolchain.ts";
import { linkageOf } from "./elf.ts";
import type { Init } from "./init.ts";

/** A trailing bar: some releases have tini-static inside of the package tini. */
const PACKAGES = ["tini", "tini-static|", "dumb-init", "catatonit"];
const FOLDERS = ["usr/bin", "usr/sbin", "usr/libexec", "bin", "sbin"];

interface Peer {
	readonly name: string;
	/** Packages that may have it, the likelier one first. */
	readonly packages: readonly string[];
	readonly words: Init["words"];
}

const TINI_WORDS = { pid1: ["--"], subreaper: ["-s", "--"] };

const PEERS: readonly Peer[] = [
	{ name: "tini", packages: ["tini"], words: TINI_WORDS },
	{ name: "tini-static", packages: ["tini-static", "tini"], words: TINI_WORDS },
	// dumb-init has no subreaper mode: elsewhere than at PID 1 orphans are not its own.
	{ name: "dumb-init", packages: ["dumb-init"], words: { pid1: ["--"] } },
	{ name: "catatonit", packages: ["catatonit"], words: { pid1: ["--"], subreaper: ["--"] } },
];

export interface FoundPeers {
	readonly inits: readonly Init[];
	/** Why others are missing, by name. */
	readonly missing: ReadonlyMap<string, string>;
}

/**
 * Finds the peers: in packages fetched into the shared cache and unpacked below `folder`; where that is not possible, those that are installed.
 */
export async function findPeers(folder: string): Promise<FoundPeers> {
	const source = await unpackedPackages(folder).catch((error: unknown) => {
		// The whole message is for the terminal only: it names folders of this machine.
		const message = error instanceof Error ? error.message : String(error);
		process.stderr.write(`bench: warning: the peers' packages could not be had: ${message}\n`);
		return { find: installed, reason: "its package could not be had, and it is not installed" };
	});
	const inits: Init[] = [];
	const missing = new Map<string, string>();
	for (const { name, packages, words } of PEERS) {
		const found = source.find(name, packages);
		if (found === undefined) missing.set(name, source.reason);
		else
			inits.push({
				name,
				role: "peer",
				words,
				reaps: true,
				...found,
				linkage: await linkageOf(found.file),
			});
	}
	return { inits, missing };
}

interface PeerSource {
	find(name: string, packages: readonly string[]): { file: string; version: string } | undefined;
	/** Said of what is not found. */
	readonly reason: string;
}

async function unpackedPackages(folder: string): Promise<PeerSource> {
	const distribution = await readDistribution();
	if (distribution === undefined) throw new Error("no os-release(5)");
	const debs = await fetchPackages(await archiveOf([distribution.codename]), PACKAGES);
	const tree = await unpackPackages(debs, folder);
	const versions = new Map(
		(await readdir(debs)).map((deb): [string, string] => {
			const [name = "", version = ""] = deb.split("_");
			return [name, decodeURIComponent(version)];
		}),
	);
	const find = (name: string, packages: readonly string[]) => {
		const file = FOLDERS.map((at) => join(tree, at, name)).find((path) => existsSync(path));
		const version = packages.map((key) => versions.get(key)).find((known) => known !== undefined);
		if (file === undefined) return undefined;
		return { file, version: `${version} (${distribution.id} ${distribution.codename})` };
	};
	return { find, reason: `no package of ${distribution.id} ${distribution.codename} has it` };
}

function installed(name: string): { file: string; version: string } | undefined {
	const file = findProgram(name);
	return file === undefined ? undefined : { file, version: "as installed" };
}
