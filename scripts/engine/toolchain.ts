/** The programs of the private engine: Docker unpacked from a newer release, and the few tools that it expects of the machine. */
import { existsSync } from "node:fs";
import { mkdir, readdir, readlink, rename, symlink } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { deb822, machineSources, mainSource } from "./apt-sources.ts";
import { readDistribution } from "./distribution.ts";
import { type Archive, fetchPackages, unpackPackages } from "./packages.ts";
import type { EnginePaths } from "./paths.ts";
import { say } from "./say.ts";
import { writeWrapper } from "./unpacked.ts";

const DOCKER_PACKAGES = [
	"docker.io",
	"docker-cli|",
	"docker-buildx",
	"containerd",
	"tini-static|tini",
];

/** Newest first. forky's Docker needs no newer libc than Debian 12 has, but its runc does, so runc is the machine's own. */
const DEBIAN_SUITES = ["forky", "trixie"];

/** Programs that dockerd and these scripts run, with the package that has them. */
const MACHINE_TOOLS = { runc: "runc", iptables: "iptables", ip: "iproute2" } as const;

const SYSTEM_DIRS = ["/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/bin", "/bin"];

/** The first program called `name` in the folders of PATH and the system's usual ones. */
export function findProgram(name: string, path = process.env["PATH"] ?? ""): string | undefined {
	return [...path.split(delimiter).filter((folder) => folder.startsWith("/")), ...SYSTEM_DIRS]
		.map((folder) => join(folder, name))
		.find((file) => existsSync(file));
}

/** Unpacks Docker and what else is missing and links all of it into `paths.clientBin` and `paths.daemonBin`. */
export async function prepareToolchain(paths: EnginePaths): Promise<void> {
	const docker = await unpackDocker(paths);
	const missing = Object.entries(MACHINE_TOOLS).filter(([tool]) => !findProgram(tool));
	const tools =
		missing.length === 0
			? undefined
			: await unpackOwnRelease(
					paths,
					missing.map(([, name]) => name),
				);

	await mkdir(paths.clientBin, { recursive: true });
	await mkdir(paths.daemonBin, { recursive: true });
	const plugins = join(paths.clientConfig, "cli-plugins");
	await mkdir(plugins, { recursive: true });
	await replaceLink(
		join(docker, "usr/libexec/docker/cli-plugins/docker-buildx"),
		join(plugins, "docker-buildx"),
	);
	await replaceLink(join(docker, "usr/bin/docker"), join(paths.clientBin, "docker"));
	for (const folder of ["usr/bin", "usr/sbin"]) {
		for (const name of await readdir(join(docker, folder)).catch(() => [])) {
			await replaceLink(join(docker, folder, name), join(paths.daemonBin, name));
		}
	}
	await replaceLink(join(docker, "usr/bin/tini-static"), join(paths.daemonBin, "docker-init"));
	if (tools !== undefined) {
		for (const [tool] of missing) await wrapTool(tools, tool, paths.daemonBin);
	}
}

/** PATH for dockerd and for the tools these scripts run beside it. */
export function daemonPath(paths: EnginePaths): string {
	return [paths.daemonBin, process.env["PATH"] ?? "", ...SYSTEM_DIRS].join(delimiter);
}

/** Packages of this machine's own release, with what they need and the machine lacks, unpacked. */
export async function unpackOwnRelease(
	paths: EnginePaths,
	packages: readonly string[],
): Promise<string> {
	const archive = await archiveOf([(await distribution()).codename]);
	const folder = await fetchPackages(archive, packages, "with-missing-dependencies");
	return unpackPackages(folder, paths.packagesDir);
}

async function unpackDocker(paths: EnginePaths): Promise<string> {
	const { id, codename } = await distribution();
	const suites = id === "debian" ? DEBIAN_SUITES : [codename];
	const failures: string[] = [];
	for (const suite of suites) {
		try {
			const folder = await fetchPackages(await archiveOf([suite]), DOCKER_PACKAGES);
			const tree = await unpackPackages(folder, paths.packagesDir);
			await execa(join(tree, "usr/sbin/dockerd"), ["--version"]);
			return tree;
		} catch (error) {
			const reason = error instanceof Error ? error.message : String(error);
			say(`warning: the Docker of ${suite} cannot be used: ${reason.split("\n", 1)[0]}`);
			failures.push(`${suite}: ${reason}`);
		}
	}
	throw new Error(`no Docker could be unpacked on this machine\n${failures.join("\n")}`);
}

/** The archive of other suites in the place where the machine gets its own release from. */
export async function archiveOf(suites: readonly string[]): Promise<Archive> {
	const { id, codename } = await distribution();
	const source = mainSource(await machineSources(), codename);
	if (source === undefined) {
		throw new Error(`/etc/apt names no package source for ${codename}, this machine's release`);
	}
	const components = id === "ubuntu" ? ["main", "universe"] : ["main"];
	const withUpdates =
		id === "ubuntu" ? suites.flatMap((suite) => [suite, `${suite}-updates`]) : suites;
	return { suite: suites.join("+"), sources: deb822({ ...source, components }, withUpdates) };
}

async function distribution(): Promise<{ id: string; codename: string }> {
	const found = await readDistribution();
	if (found === undefined) throw new Error("/etc/os-release is missing");
	return found;
}

async function wrapTool(tree: string, tool: string, bin: string): Promise<void> {
	if (tool !== "iptables") return writeWrapper(tree, bin, tool);
	// One program under many names, which its first argument may give as well.
	for (const name of ["iptables", "ip6tables"]) {
		await writeWrapper(tree, bin, name, "xtables-nft-multi", [name]);
	}
}

/** Never leaves a moment without the link: others may be starting what it names. */
async function replaceLink(target: string, link: string): Promise<void> {
	if ((await readlink(link).catch(() => undefined)) === target) return;
	const draft = `${link}.${process.pid}`;
	await symlink(target, draft);
	await rename(draft, link);
}
