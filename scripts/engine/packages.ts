/** Debian packages fetched with the machine's own apt and unpacked into a folder: nothing is installed, no setting of the machine is touched. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { sharedCacheDir } from "./paths.ts";
import { say } from "./say.ts";

/** A place to fetch packages from. */
export interface Archive {
	/** Release, part of the name under which downloads are kept. */
	readonly suite: string;
	/** Content of a deb822 sources file. */
	readonly sources: string;
}

/** What to fetch of an archive: exactly the named packages, or also what they need and this machine lacks. */
export type Extent = "named" | "with-missing-dependencies";

/** Debian's name of this machine's processor architecture. */
export async function debianArchitecture(): Promise<string> {
	return (await execa("dpkg", ["--print-architecture"])).stdout.trim();
}

/**
 * Fetches packages (names the archive does not know are left out of a list of alternatives `a|b`) into the shared cache, once.
 * @returns the folder that holds the .deb files; its name changes with the request.
 * @throws when the archive cannot be reached or lacks a package.
 */
export async function fetchPackages(
	archive: Archive,
	packages: readonly string[],
	extent: Extent = "named",
): Promise<string> {
	const architecture = await debianArchitecture();
	const machine = extent === "named" ? "" : await readFile("/var/lib/dpkg/status", "utf8");
	const request = createHash("sha256")
		.update([...packages, extent, machine].join("\n"))
		.digest("hex")
		.slice(0, 12);
	const folder = join(sharedCacheDir, "debs", `${archive.suite}-${architecture}-${request}`);
	if (existsSync(folder)) return folder;

	const wanted = packages.map((choice) => choice.replace(/\|.*/, "")).join(", ");
	say(`fetching ${wanted} of ${archive.suite} from this machine's package source…`);
	await mkdir(dirname(folder), { recursive: true });
	const incoming = await mkdtemp(`${folder}.`);
	const apt = await privateApt(archive, extent);
	try {
		await apt.run("apt-get", ["update"]);
		const names = await Promise.all(packages.map((choice) => firstKnown(apt, choice)));
		const known = names.filter((name) => name !== undefined);
		if (extent === "named") {
			await apt.run("apt-get", ["download", ...known], incoming);
		} else {
			const archives = ["-o", `Dir::Cache::archives=${incoming}`, "-o", "Debug::NoLocking=1"];
			const install = ["install", "--yes", "--download-only", "--no-install-recommends"];
			await apt.run("apt-get", [...archives, ...install, ...known]);
			await rm(join(incoming, "partial"), { recursive: true, force: true });
		}
		await rename(incoming, folder).catch((error) => {
			if (!existsSync(folder)) throw error;
		});
	} finally {
		await apt.remove();
		await rm(incoming, { recursive: true, force: true });
	}
	return folder;
}

/**
 * Fetches a source package and unpacks it with its patches into the shared cache, once.
 * @returns the unpacked folder.
 * @throws when the archive cannot be reached or has no such source.
 */
export async function fetchSource(archive: Archive, name: string): Promise<string> {
	const folder = join(sharedCacheDir, "sources", `${archive.suite}-${name}`);
	if (existsSync(folder)) return folder;
	say(`fetching the source of ${name} of ${archive.suite} from this machine's package source…`);
	await mkdir(dirname(folder), { recursive: true });
	const incoming = await mkdtemp(`${folder}.`);
	const sources = archive.sources.replace(/^Types: deb$/m, "Types: deb-src");
	const apt = await privateApt({ ...archive, sources }, "named");
	try {
		await apt.run("apt-get", ["update"]);
		await apt.run("apt-get", ["source", "--only-source", name], incoming);
		const trees = await readdir(incoming, { withFileTypes: true });
		const tree = trees.find((entry) => entry.isDirectory());
		if (tree === undefined) throw new Error(`the source of ${name} unpacked to no folder`);
		await rename(join(incoming, tree.name), folder).catch((error) => {
			if (!existsSync(folder)) throw error;
		});
	} finally {
		await apt.remove();
		await rm(incoming, { recursive: true, force: true });
	}
	return folder;
}

/** Unpacks all .deb files of `folder` below `into`, once. @returns the folder with the unpacked tree. */
export async function unpackPackages(folder: string, into: string): Promise<string> {
	const tree = join(into, folder.slice(dirname(folder).length + 1));
	if (existsSync(tree)) return tree;
	await mkdir(into, { recursive: true });
	const incoming = await mkdtemp(`${tree}.`);
	try {
		const files = (await readdir(folder)).filter((name) => name.endsWith(".deb"));
		await Promise.all(files.map((file) => execa("dpkg", ["-x", join(folder, file), incoming])));
		// Somebody else may have unpacked them meanwhile.
		await rename(incoming, tree).catch((error) => {
			if (!existsSync(tree)) throw error;
		});
	} finally {
		await rm(incoming, { recursive: true, force: true });
	}
	return tree;
}

interface PrivateApt {
	run(program: string, args: readonly string[], cwd?: string): Promise<string>;
	remove(): Promise<void>;
}

/** apt with lists, sources and preferences of its own; proxies and credentials of the machine stay in force. */
async function privateApt(archive: Archive, extent: Extent): Promise<PrivateApt> {
	const home = await mkdtemp(join(tmpdir(), "baseimage-ts-apt-"));
	const empty = join(home, "empty");
	await mkdir(join(home, "sources.d"), { recursive: true });
	await mkdir(join(home, "lists", "partial"), { recursive: true });
	await mkdir(join(home, "cache", "archives", "partial"), { recursive: true });
	await writeFile(empty, "");
	await writeFile(join(home, "sources.d", "private.sources"), archive.sources);
	const settings = [
		"Dir::Etc::SourceList=/dev/null",
		`Dir::Etc::SourceParts=${join(home, "sources.d")}`,
		`Dir::Etc::Preferences=${empty}`,
		"Dir::Etc::PreferencesParts=/dev/null",
		`Dir::State::Lists=${join(home, "lists")}`,
		`Dir::Cache=${join(home, "cache")}`,
		"APT::Sandbox::User=root",
		"Acquire::Languages=none",
		"Acquire::Retries=2",
	];
	if (extent === "named") settings.push(`Dir::State::status=${empty}`);
	const options = settings.flatMap((setting) => ["-o", setting]);
	return {
		async run(program, args, cwd = home) {
			const env = { LC_ALL: "C", DEBIAN_FRONTEND: "noninteractive" };
			return (await execa(program, [...options, "-q", ...args], { cwd, env })).stdout;
		},
		remove: () => rm(home, { recursive: true, force: true }),
	};
}

/** The first package of `a|b|` that the archive has; a trailing bar makes the package optional. */
async function firstKnown(apt: PrivateApt, choice: string): Promise<string | undefined> {
	for (const name of choice.split("|")) {
		if (name === "") return undefined;
		const found = await apt.run("apt-cache", ["show", "--no-all-versions", name]).catch(() => "");
		if (found !== "") return name;
	}
	throw new Error(`the package source of this machine has no package ${choice}`);
}
