// A machine behind ssh: a real sshd in namespaces of its own, with this machine's engine, and an ssh that knows the way. Neither
// the user's ~/.ssh nor this machine's users and settings are touched.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { readDistribution } from "../../../scripts/engine/distribution.ts";
import type { Engine } from "../../../scripts/engine/engine.ts";
import { enginePaths } from "../../../scripts/engine/paths.ts";
import { startTicks } from "../../../scripts/engine/processes.ts";
import { findProgram, unpackOwnRelease } from "../../../scripts/engine/toolchain.ts";
import { programIn, unpackedEnvironment } from "../../../scripts/engine/unpacked.ts";
import { freePort } from "../../../scripts/free-port.ts";
import { Output } from "../../process/support/output.ts";

/** What the far side is like, each at a port of its own. */
const SIDES = ["whole", "idle", "bare", "chatty"] as const;
type Side = (typeof SIDES)[number];

/** Arguments: the folder of all this, that of the engine's socket, then sshd. */
const WITH_OWN_FOLDERS = `set -e
	home=$1 engine=$2
	shift 2
	mount --bind "$engine" "$home/engine"
	mount --bind "$home/passwd" /etc/passwd
	[ ! -e /etc/shadow ] || mount --bind "$home/shadow" /etc/shadow
	mount -t tmpfs tmpfs /run
	mkdir -m 755 /run/sshd
	exec "$@"`;

interface Programs {
	ssh: string;
	sshd: string;
	sshKeygen: string;
	/** What they need to run where they are unpacked. */
	env: Readonly<Record<string, string>>;
}

export class FarMachine implements AsyncDisposable {
	readonly home: string;
	/** For commands that shall find our ssh and nothing of the user's. */
	readonly env: Readonly<Record<string, string | undefined>>;
	#end: () => Promise<void> = async () => undefined;

	private constructor(home: string, engine: Engine) {
		this.home = home;
		const path = `${join(home, "bin")}:${process.env["PATH"]}`;
		const nothing = { SSH_AUTH_SOCK: undefined, DOCKER_CONTEXT: undefined };
		this.env = { ...process.env, ...engine.env, ...nothing, HOME: home, PATH: path };
	}

	/** It, or why it can't be had here. */
	static async start(engine: Engine): Promise<FarMachine | { readonly reason: string }> {
		if (process.getuid?.() !== 0)
			return { reason: "only root can start an sshd with users of its own" };
		const socket = /^unix:\/\/(.+)$/.exec(engine.dockerHost)?.[1];
		if (socket === undefined) return { reason: `the engine is at ${engine.dockerHost}, no socket` };
		const home = await mkdtemp(join(tmpdir(), "baseimage-ts-far-"));
		const far = new FarMachine(home, engine);
		try {
			const programs = await findPrograms();
			await far.#start(programs, engine, socket);
			return far;
		} catch (error) {
			await far[Symbol.asyncDispose]();
			return { reason: `no sshd: ${error instanceof Error ? error.message : error}` };
		}
	}

	async #start(programs: Programs, engine: Engine, socket: string): Promise<void> {
		const ports = await Promise.all(SIDES.map(() => freePort()));
		await this.#writeFiles(programs, engine, ports);
		const options = ["--mount", "--propagation", "private", "--pid", "--fork", "--kill-child"];
		const child = spawn(
			"unshare",
			[
				...[...options, "sh", "-c", WITH_OWN_FOLDERS, "sh", this.home, dirname(socket)],
				...[programs.sshd, "-D", "-e", "-f", join(this.home, "sshd_config")],
			],
			{ stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, ...programs.env } },
		);
		const ended = once(child, "exit");
		const endAtOnce = () => child.kill("SIGKILL");
		process.once("exit", endAtOnce);
		this.#end = async () => {
			process.off("exit", endAtOnce);
			// All that sshd has started is in its PID namespace, and ends with it.
			endAtOnce();
			await ended;
		};
		const log = new Output(child.stderr);
		for (const port of ports) await log.contains(`listening on 127.0.0.1 port ${port}`);
	}

	async #writeFiles(programs: Programs, engine: Engine, ports: readonly number[]): Promise<void> {
		const at = (...names: string[]) => join(this.home, ...names);
		for (const name of ["bin", "engine", "root", "whole", "idle", "bare", "chatty"]) {
			await mkdir(at(name));
		}
		for (const key of ["host", "known", "wrong"]) {
			const make = ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", at(key)];
			await execa(programs.sshKeygen, make, { env: programs.env });
		}
		const hostKey = readFileSync(at("host.pub"), "utf8");
		await writeFile(at("known_hosts"), `far ${hostKey}`);
		await writeFile(at("authorized_keys"), readFileSync(at("known.pub")));
		await writeFile(at("passwd"), passwd(at("root")));
		await writeFile(at("shadow"), "root:*:19000:0:99999:7:::\n");
		await writeFile(at("ssh_config"), sshConfig(this.home, ports));
		await writeFile(at("sshd_config"), sshdConfig(this.home, ports));
		for (const side of ["whole", "idle"]) await symlink(engine.dockerPath, at(side, "docker"));
		await writeScript(at("chatty", "docker"), "#!/bin/sh\necho Welcome to this machine.\n");
		const settings = Object.entries(programs.env).map(
			([name, value]) => `export ${name}='${value}'\n`,
		);
		await writeScript(
			at("bin", "ssh"),
			`#!/bin/sh\necho $$ >> '${at("pids")}'\n${settings.join("")}` +
				`exec '${programs.ssh}' -F '${at("ssh_config")}' "$@"\n`,
		);
	}

	/** The engine's socket, as its path is on the far side. */
	get socket(): string {
		return join(this.home, "engine", "docker.sock");
	}

	/** Every ssh that was started so far. */
	get started(): readonly number[] {
		const file = join(this.home, "pids");
		if (!existsSync(file)) return [];
		return readFileSync(file, "utf8").split("\n").filter(Boolean).map(Number);
	}

	/** Those that still run. */
	get running(): readonly number[] {
		return this.started.filter((pid) => startTicks(pid) !== undefined);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.#end();
		await rm(this.home, { recursive: true, force: true });
	}
}

async function findPrograms(): Promise<Programs> {
	const [ssh, sshd, sshKeygen] = ["ssh", "sshd", "ssh-keygen"].map((name) => findProgram(name));
	if (ssh !== undefined && sshd !== undefined && sshKeygen !== undefined) {
		return { ssh, sshd, sshKeygen, env: {} };
	}
	const id = (await readDistribution())?.id ?? "";
	if (!["debian", "ubuntu"].includes(id)) {
		throw new Error("it is not installed, and it is unpacked on Debian and Ubuntu only");
	}
	const tree = await unpackOwnRelease(enginePaths(), ["openssh-server", "openssh-client"]);
	const env = { LD_LIBRARY_PATH: unpackedEnvironment(tree)["LD_LIBRARY_PATH"] ?? "" };
	// What the machine has is not fetched again, and needs nothing of ours.
	const client = (installed: string | undefined, name: string) =>
		installed ?? programIn(tree, name);
	return {
		ssh: client(ssh, "ssh"),
		sshd: sshd ?? programIn(tree, "sshd"),
		sshKeygen: client(sshKeygen, "ssh-keygen"),
		env,
	};
}

function passwd(home: string): string {
	return [
		`root:*:0:0:root:${home}:/bin/sh`,
		`sshd:*:65533:65534::/run/sshd:/usr/sbin/nologin`,
		"nobody:*:65534:65534:nobody:/nonexistent:/usr/sbin/nologin",
		"",
	].join("\n");
}

function sshdConfig(home: string, ports: readonly number[]): string {
	const variables: Readonly<Record<Side, string>> = {
		whole: ` DOCKER_HOST=unix://${home}/engine/docker.sock`,
		...{ idle: "", bare: "", chatty: "" },
	};
	return [
		...ports.map((port) => `ListenAddress 127.0.0.1:${port}`),
		`HostKey ${home}/host`,
		`AuthorizedKeysFile ${home}/authorized_keys`,
		...["StrictModes no", "UsePAM no", "PermitRootLogin prohibit-password", "PidFile none"],
		...["PasswordAuthentication no", "KbdInteractiveAuthentication no", "MaxStartups 100"],
		...SIDES.flatMap((side, index) => [
			`Match LocalPort ${ports[index]}`,
			`	SetEnv PATH=${home}/${side}${variables[side]}`,
		]),
		"",
	].join("\n");
}

/** The first value that is found counts. */
function sshConfig(home: string, ports: readonly number[]): string {
	const port = (side: Side) => `	Port ${ports[SIDES.indexOf(side)]}`;
	return [
		...SIDES.flatMap((side) => [`Host ${side}`, port(side)]),
		...["Host strange", port("whole"), `	UserKnownHostsFile ${home}/nobody-is-known`],
		...["Host locked", port("whole"), `	IdentityFile ${home}/wrong`],
		...["Host closed", "	Port 1"],
		...["Host nowhere", "	HostName nowhere.invalid"],
		"Host *",
		...["	HostName 127.0.0.1", "	HostKeyAlias far", "	User root", "	ControlPath none"],
		"	IdentitiesOnly yes",
		...[`	UserKnownHostsFile ${home}/known_hosts`, "	GlobalKnownHostsFile /dev/null"],
		...["Host * !locked", `	IdentityFile ${home}/known`, ""],
	].join("\n");
}

async function writeScript(file: string, text: string): Promise<void> {
	await writeFile(file, text);
	await chmod(file, 0o755);
}
