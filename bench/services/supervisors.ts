/** What is compared: ours, and what Debian has, fetched and unpacked into a folder, not installed. */
import { existsSync } from "node:fs";
import { readdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { readDistribution } from "../../scripts/engine/distribution.ts";
import { fetchPackages, unpackPackages } from "../../scripts/engine/packages.ts";
import { archiveOf, findProgram } from "../../scripts/engine/toolchain.ts";
import { type Definitions, ofOurs, ofRunit, ofS6, ofSupervisord } from "./definitions.ts";

/** Our own column; the others are called as their packages are. */
export const OURS = "my_init";
export const S6 = "s6";
export const RUNIT = "runit";
export const SUPERVISOR = "supervisor";

export interface Supervisor {
	readonly name: string;
	readonly version: string;
	/** Files for so many services, and the command that runs them as PID 1. */
	readonly define: (services: Services) => Definitions;
	/** Beside PATH. */
	readonly environment: Readonly<Record<string, string>>;
	/** A folder whose programs must lie in /usr/bin. */
	readonly programs?: string;
	/** What PID 1 is sent to end everything. */
	readonly stopSignal: NodeJS.Signals;
	/** Whether it knows when a service is ready. */
	readonly knowsReadiness: boolean;
}

/** What is to be run. */
export interface Services {
	readonly count: number;
	/** The command of each, on whatever supervisor. */
	readonly command: readonly string[];
	/** On which descriptor each tells that it is ready; undefined: it does not. */
	readonly readyFd?: number;
	/** Where the files lie. */
	readonly folder: string;
}

const PACKAGES = ["runit", "s6", "supervisor"];
const LIBRARIES = ["usr/lib/x86_64-linux-gnu", "usr/lib/aarch64-linux-gnu", "usr/lib"];
const PROGRAMS = ["usr/bin", "usr/sbin", "bin", "sbin"];
const PYTHON = "/usr/bin/python3";

export interface FoundSupervisors {
	readonly found: readonly Supervisor[];
	/** Why others are missing, by name. */
	readonly missing: ReadonlyMap<string, string>;
}

/** @throws when the packages cannot be had. */
export async function findPeers(cache: string): Promise<FoundSupervisors> {
	const distribution = await readDistribution();
	if (distribution === undefined) throw new Error("no os-release(5)");
	const archive = await archiveOf([distribution.codename]);
	const debs = await fetchPackages(archive, PACKAGES, "with-missing-dependencies");
	const tree = await unpackPackages(debs, cache);
	const versions = versionsOf(await readdir(debs));
	const release = `${distribution.id} ${distribution.codename}`;
	const version = (name: string) => `${versions.get(name) ?? "unknown"} (${release})`;
	const path = PROGRAMS.map((folder) => join(tree, folder)).join(":");
	const libraries = LIBRARIES.map((folder) => join(tree, folder)).filter(existsSync);
	const environment = { PATH: path, LD_LIBRARY_PATH: libraries.join(":") };
	const program = (name: string) =>
		PROGRAMS.map((folder) => join(tree, folder, name)).find(existsSync);

	const found: Supervisor[] = [];
	const missing = new Map<string, string>();
	const add = (
		name: string,
		file: string | undefined,
		make: (file: string) => Omit<Supervisor, "name" | "version">,
	) => {
		if (file === undefined) missing.set(name, "its package has no such program");
		else found.push({ name, version: version(name), ...make(file) });
	};
	add(RUNIT, program("runsvdir"), (file) => ({
		define: (services) => ofRunit(services, file),
		environment,
		stopSignal: "SIGHUP",
		knowsReadiness: false,
	}));
	add(S6, program("s6-svscan"), (file) => ({
		define: (services) => ofS6(services, file),
		environment,
		programs: join(tree, "usr/bin"),
		stopSignal: "SIGTERM",
		knowsReadiness: true,
	}));
	const python = existsSync(PYTHON) ? await realpath(PYTHON) : findProgram("python3");
	const script = program("supervisord");
	if (python === undefined) missing.set(SUPERVISOR, "the machine has no python3");
	else {
		add(SUPERVISOR, script, (file) => ({
			define: (services) => ofSupervisord(services, [python, file]),
			environment: {
				PYTHONPATH: join(tree, "usr/lib/python3/dist-packages"),
			},
			stopSignal: "SIGTERM",
			knowsReadiness: false,
		}));
	}
	return { found, missing };
}

/** The init of this repository. */
export function ourSupervisor(file: string, version: string): Supervisor {
	return {
		name: OURS,
		version,
		define: (services) => ofOurs(services, file),
		environment: {},
		stopSignal: "SIGTERM",
		knowsReadiness: true,
	};
}

/** By name, of the files that apt leaves: NAME_VERSION_ARCHITECTURE.deb. */
export function versionsOf(debs: readonly string[]): ReadonlyMap<string, string> {
	return new Map(
		debs.map((deb): [string, string] => {
			const [name = "", version = ""] = deb.split("_");
			return [name, decodeURIComponent(version)];
		}),
	);
}
