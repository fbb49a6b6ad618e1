// How a service is started: the command, and all that it is given.
import type { User } from "../boot/users.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Identity, Launch, Limit } from "../services/definition.ts";
import { readEnvironment } from "./environment.ts";
import { checkKeys, Fields, shown } from "./fields.ts";
import type { Files } from "./files.ts";
import type { Identities } from "./identities.ts";
import { didYouMean } from "./nearest.ts";
import { LIMIT_KEYS, LIMITS, type SERVICE_KEYS } from "./schema.ts";
import { quoted } from "./toml/read_toml.ts";
import { type Entry, Table } from "./value.ts";

export type ServiceFields = Fields<keyof typeof SERVICE_KEYS>;

/** What is asked of the system while definitions are read. */
export interface System {
	readonly kernel: Kernel;
	readonly identities: Identities;
	readonly files: Files;
}

/** Where the programs of a service are looked for. */
export interface Surroundings {
	readonly files: Files;
	readonly path: string | undefined;
	readonly directory: string;
}

/** @param words what is executed */
export function readLaunch(
	system: System,
	fields: ServiceFields,
	words: readonly string[],
): { readonly launch: Launch; readonly surroundings: Surroundings } {
	const { identity, user } = readIdentity(system, fields);
	const environment = readEnvironment(system.kernel, fields, user);
	const directory = fields.path("working_dir") ?? "";
	if (directory !== "") {
		const problem = system.files.folderProblem(directory);
		if (problem !== "") fields.bad("working_dir", problem);
	}
	const path = environment.get("PATH") ?? system.kernel.environment("PATH");
	const launch: Launch = {
		words,
		identity,
		environment: environment.entries(),
		directory,
		umask: readUmask(fields),
		limits: readLimits(fields),
		oomScoreAdj: fields.integer("oom_score_adj"),
		nice: fields.integer("nice"),
	};
	return { launch, surroundings: { files: system.files, path, directory } };
}

function readIdentity(
	{ identities }: System,
	fields: ServiceFields,
): { readonly identity: Identity | undefined; readonly user: User | undefined } {
	const further: number[] = [];
	for (const name of fields.strings("group_add", true) ?? []) {
		const group = identities.group(name);
		if (typeof group === "string") fields.bad("group_add", `is wrong: ${group}`);
		else further.push(group);
	}
	const value = fields.entry("user")?.value;
	const isNumber = typeof value === "number" && Number.isInteger(value);
	const whom = isNumber ? String(value) : fields.text("user");
	if (whom === undefined) {
		const ours = further.length === 0 ? undefined : identities.ours(further);
		if (typeof ours === "string") fields.bad("group_add", `is wrong: ${ours}`);
		return { identity: typeof ours === "object" ? ours : undefined, user: undefined };
	}
	const found = identities.find(whom, further);
	if (typeof found === "object") return found;
	fields.bad("user", `is wrong: ${found}`);
	return { identity: undefined, user: undefined };
}

const MOST_UMASK_DIGITS = 4;
const HIGHEST_UMASK = 0o777;

function readUmask(fields: ServiceFields): number {
	const text = fields.text("umask");
	if (text === undefined) return -1;
	const isOctal = text.split("").every((digit) => digit >= "0" && digit <= "7");
	const umask =
		isOctal && text.length <= MOST_UMASK_DIGITS ? Number.parseInt(text, 8) : HIGHEST_UMASK + 1;
	if (umask <= HIGHEST_UMASK) return umask;
	fields.unexpected("umask", text);
	return -1;
}

function readLimits(fields: ServiceFields): Limit[] {
	const value = fields.entry("ulimits")?.value;
	if (value === undefined) return [];
	const limits: Limit[] = [];
	if (!(value instanceof Table)) fields.unexpected("ulimits", value);
	else
		for (const entry of value.entries) {
			const resource = LIMITS.indexOf(entry.key);
			if (resource < 0) {
				const hint = didYouMean(entry.key, LIMITS, `they are ${LIMITS.join(", ")}`);
				fields.findings.add(entry.place, `unknown limit ${quoted(entry.key)}; ${hint}`);
				continue;
			}
			const limit = readLimit(fields, entry);
			if (limit !== undefined) limits.push({ resource, ...limit });
		}
	return limits;
}

function readLimit(
	{ findings }: ServiceFields,
	{ key, place, value }: Entry,
): { readonly soft: number; readonly hard: number } | undefined {
	const owner = `ulimits.${key}`;
	if (typeof value === "number" && Number.isInteger(value) && value >= -1)
		return { soft: value, hard: value };
	if (!(value instanceof Table)) {
		findings.add(
			place,
			`${owner} is ${shown(value)}; write a whole number, -1 for no limit, or {soft = N, hard = N}`,
		);
		return undefined;
	}
	checkKeys(`${owner}.`, value, LIMIT_KEYS, findings, () => "it has soft and hard");
	const fields = new Fields(`${owner}.`, value, place, LIMIT_KEYS, findings);
	const hard = fields.integer("hard");
	const soft = fields.integer("soft") ?? hard;
	if (soft === undefined) {
		findings.add(place, `${owner} has no numbers; write {soft = N, hard = N}`);
		return undefined;
	}
	const highest = hard ?? soft;
	if (highest >= 0 && (soft > highest || soft < 0)) {
		findings.add(
			place,
			`${owner} has a soft limit over the hard one; make soft at most as high as hard`,
		);
		return undefined;
	}
	return { soft, hard: highest };
}
