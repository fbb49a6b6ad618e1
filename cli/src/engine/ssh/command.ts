// How ssh is called: as the docker command does it, once for each connection.
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import { quote } from "shlex";
import type { SshAddress } from "./address.ts";

/** For the connection and the greeting alone: whoever is asked for a password may take longer. */
const CONNECT_LIMIT_S = 10;

/**
 * The arguments of ssh(1). Without `asks`, nobody is there who could be asked for a password or
 * whether a host's key is the right one.
 */
export function sshArguments(address: SshAddress, { asks }: { asks: boolean }): string[] {
	const { host, user, port } = address;
	return [
		...["-T", "-o", `ConnectTimeout=${CONNECT_LIMIT_S}`],
		// Ports that ~/.ssh/config forwards can't be taken by several connections at once.
		...["-o", "ClearAllForwardings=yes"],
		...(asks ? [] : ["-o", "BatchMode=yes"]),
		...(user === undefined ? [] : ["-l", user]),
		...(port === undefined ? [] : ["-p", String(port)]),
		...["--", host, remoteCommand(address)],
	];
}

/** What is run on the far side: it joins its stdin and stdout with the engine's socket. A shell reads it. */
export function remoteCommand({ socketPath }: SshAddress): string {
	const where = socketPath === undefined ? "" : `--host ${quote(`unix://${socketPath}`)} `;
	return `docker ${where}system dial-stdio`;
}

/** As one would type it, to see what is wrong. */
export function asTyped(address: SshAddress, remote = remoteCommand(address)): string {
	const { host, user, port } = address;
	const login = user === undefined ? host : `${user}@${host}`;
	return `ssh ${port === undefined ? "" : `-p ${port} `}${login} ${remote}`.trim();
}

/** The user's ssh; undefined where PATH has none. */
export function findSsh(env: NodeJS.ProcessEnv): string | undefined {
	return (env["PATH"] ?? "")
		.split(delimiter)
		.filter(isAbsolute)
		.map((folder) => join(folder, "ssh"))
		.find(isProgram);
}

function isProgram(path: string): boolean {
	try {
		accessSync(path, constants.X_OK);
		return statSync(path).isFile();
	} catch {
		return false; // Not there, or not for us: the next folder may have one.
	}
}
