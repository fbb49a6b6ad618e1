/** Which base images to build on: the official ones, or stand-ins where no registry can be reached. */
import { member, printBake } from "../bake.ts";
import { tryDocker } from "../engine/docker.ts";
import type { Engine } from "../engine/engine.ts";
import { type Distribution, distributions } from "./distributions.ts";
import { sayBases } from "./say.ts";
import { ensureStandins, standinName } from "./standins.ts";

const REGISTRY_TIMEOUT_MS = 15_000;

export const baseChoices = ["auto", "official", "standin"] as const;

/** `auto` finds out whether the official ones can be had. */
export type BaseChoice = (typeof baseChoices)[number];

export interface Bases {
	readonly standin: boolean;
	readonly names: Readonly<Record<Distribution, string>>;
	/** Variables for the project's docker-bake.hcl; without any it names the official ones. */
	readonly bakeVariables: Readonly<Record<string, string>>;
}

/**
 * Chooses the bases, and makes the stand-ins if it comes to those, for each of the platforms and this machine's.
 * @param complete platforms that packages are to be installed for; this machine's always is.
 */
export async function ensureBases(
	engine: Engine,
	choice: BaseChoice,
	platforms: readonly string[],
	complete: readonly string[] = [],
): Promise<Bases> {
	const official = await officialNames(engine);
	if (choice === "official" || (choice === "auto" && (await canBeHad(engine, official)))) {
		return { standin: false, names: official, bakeVariables: {} };
	}
	if (choice === "auto") {
		sayBases("no registry has the official bases for us: using local stand-ins, marked (stand-in)");
	}
	await ensureStandins(engine, platforms, complete);
	const names = byDistribution(standinName);
	const variables = distributions.map((name) => [`BASE_${name.toUpperCase()}`, names[name]]);
	const bakeVariables = { ...Object.fromEntries(variables), BUILD_BASE: names.debian };
	return { standin: true, names, bakeVariables };
}

/** The names as docker-bake.hcl has them. */
export async function officialNames(engine: Engine): Promise<Record<Distribution, string>> {
	const printed = await printBake(engine, distributions);
	return byDistribution((name) => {
		const base = member(member(printed.get(name), "args"), "BASE");
		if (typeof base !== "string") throw new Error(`docker-bake.hcl names no base for ${name}`);
		return base;
	});
}

/** They are in the engine already, or their registry answers. */
async function canBeHad(
	engine: Engine,
	names: Readonly<Record<Distribution, string>>,
): Promise<boolean> {
	const found = await Promise.all(
		distributions.map(async (distribution) => {
			const name = names[distribution];
			const local = await tryDocker(engine, REGISTRY_TIMEOUT_MS, "image", "inspect", name);
			if (local !== undefined) return true;
			const ask = ["buildx", "imagetools", "inspect", name];
			return (await tryDocker(engine, REGISTRY_TIMEOUT_MS, ...ask)) !== undefined;
		}),
	);
	return found.every((answer) => answer);
}

function byDistribution(value: (name: Distribution) => string): Record<Distribution, string> {
	return {
		ubuntu: value("ubuntu"),
		debian: value("debian"),
		centos: value("centos"),
		alpine: value("alpine"),
	};
}
