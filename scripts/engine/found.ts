/** Engines that run already, however they were started. */
import { existsSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { execa } from "execa";
import { findProgram } from "./toolchain.ts";

const PING_TIMEOUT_MS = 5_000;

/** Asks the engine at a Unix socket whether it is there (`GET /_ping`; Docker and Podman both answer). */
export function ping(socket: string): Promise<boolean> {
	return new Promise((resolve) => {
		const call = request(
			{ socketPath: socket, path: "/_ping", timeout: PING_TIMEOUT_MS },
			(response) => {
				response.resume();
				resolve(response.statusCode === 200);
			},
		);
		call.once("timeout", () => call.destroy(new Error("timed out")));
		call.once("error", () => resolve(false));
		call.end();
	});
}

/**
 * The address of a running engine: DOCKER_HOST, the client's current context, Docker's usual sockets, Podman's.
 * A DOCKER_HOST that names `ownHost`, the private engine's, is left from a shell that used it and says nothing.
 * @throws when DOCKER_HOST is set and nothing answers there: the user has chosen, so no other engine is taken.
 */
export async function findRunningEngine(ownHost: string): Promise<string | undefined> {
	const chosen = process.env["DOCKER_HOST"];
	if (chosen && chosen !== ownHost) {
		if (await answers(chosen)) return chosen;
		throw new Error(
			`DOCKER_HOST is ${chosen}, and no engine answers there; start it, or unset DOCKER_HOST`,
		);
	}
	for (const host of [await contextHost(), ...usualSockets()]) {
		if (host !== undefined && host !== ownHost && (await answers(host))) return host;
	}
	return undefined;
}

async function answers(host: string): Promise<boolean> {
	const socket = /^unix:\/\/(.*)$/.exec(host)?.[1];
	if (socket !== undefined) return existsSync(socket) && (await ping(socket));
	const docker = findProgram("docker");
	if (docker === undefined) return false;
	const { exitCode } = await execa(docker, ["--host", host, "version"], {
		reject: false,
		timeout: PING_TIMEOUT_MS,
	});
	return exitCode === 0;
}

async function contextHost(): Promise<string | undefined> {
	const docker = findProgram("docker");
	if (docker === undefined) return undefined;
	const format = "{{.Endpoints.docker.Host}}";
	const { exitCode, stdout } = await execa(docker, ["context", "inspect", "--format", format], {
		reject: false,
		timeout: PING_TIMEOUT_MS,
	});
	return exitCode === 0 ? stdout.trim() : undefined;
}

function usualSockets(): string[] {
	const user = process.env["XDG_RUNTIME_DIR"];
	const sockets = ["/run/docker.sock", "/run/podman/podman.sock"];
	if (user) sockets.push(join(user, "docker.sock"), join(user, "podman", "podman.sock"));
	return sockets.map((socket) => `unix://${socket}`);
}
