import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { ExitCode } from "../exit-codes.ts";
import { Failure } from "../failure.ts";
import { currentContext } from "./docker-context.ts";
import { parseSshAddress, type SshAddress } from "./ssh/address.ts";

/** Client certificate and authority, in PEM. */
export interface TlsFiles {
	ca: Buffer;
	cert: Buffer;
	key: Buffer;
}

/** A place where an engine may listen. */
export interface Endpoint {
	/** As the docker command writes it: `unix:///run/docker.sock`, `tcp://host:2375`, `ssh://host`. */
	address: string;
	/** What named it, for messages: `DOCKER_HOST`, `docker context "x"`, `default socket`. */
	source: string;
	transport:
		| { kind: "unix"; path: string }
		| { kind: "tcp"; host: string; port: number; tls: TlsFiles | undefined }
		| ({ kind: "ssh" } & SshAddress);
}

/**
 * Where to look for an engine, in order: what the user named (DOCKER_HOST, else the docker
 * context), and only then the usual sockets of Docker and Podman.
 */
export function endpoints(env: NodeJS.ProcessEnv, home = homedir()): Endpoint[] {
	const dockerHost = env["DOCKER_HOST"];
	if (dockerHost) {
		const wantsTls = Boolean(env["DOCKER_TLS_VERIFY"]) && !dockerHost.startsWith("ssh:");
		const folder = env["DOCKER_CERT_PATH"] || join(home, ".docker");
		return [parseEndpoint(dockerHost, "DOCKER_HOST", wantsTls ? readTls(folder) : undefined)];
	}
	const context = currentContext(env, home);
	if (context !== undefined) {
		const tls = existsSync(join(context.tlsFolder, "cert.pem"))
			? readTls(context.tlsFolder)
			: undefined;
		return [parseEndpoint(context.host, `docker context "${context.name}"`, tls)];
	}
	return usualSockets(env, home).map(([path, source]) => ({
		address: `unix://${path}`,
		source,
		transport: { kind: "unix", path },
	}));
}

function usualSockets(env: NodeJS.ProcessEnv, home: string): [path: string, source: string][] {
	const runtime = env["XDG_RUNTIME_DIR"];
	const own: [string, string][] = runtime
		? [
				[join(runtime, "docker.sock"), "rootless Docker's socket"],
				[join(runtime, "podman", "podman.sock"), "rootless Podman's socket"],
			]
		: [];
	return [
		["/var/run/docker.sock", "default socket"],
		[join(home, ".docker", "run", "docker.sock"), "Docker Desktop's socket"],
		...own,
		["/run/podman/podman.sock", "Podman's socket"],
	];
}

/** Reads an address in DOCKER_HOST's notation; throws a Failure that names what is wrong. */
export function parseEndpoint(
	address: string,
	source: string,
	tls: TlsFiles | undefined,
): Endpoint {
	const [, scheme, rest = ""] = /^([a-z]+):\/\/(.*)$/.exec(address) ?? [];
	if (scheme === "unix") {
		const path = rest || "/var/run/docker.sock";
		return { address, source, transport: { kind: "unix", path } };
	}
	if (scheme === "tcp" || scheme === "http" || scheme === "https") {
		const url = URL.canParse(`http://${rest}`) ? new URL(`http://${rest}`) : undefined;
		if (url !== undefined && url.hostname !== "") {
			const port = Number(url.port) || (tls === undefined ? 2375 : 2376);
			return { address, source, transport: { kind: "tcp", host: url.hostname, port, tls } };
		}
	}
	if (scheme === "ssh") {
		const parsed = parseSshAddress(rest);
		if (!("reason" in parsed)) return { address, source, transport: { kind: "ssh", ...parsed } };
		throw new Failure(
			ExitCode.engine,
			`${source} is "${address}": ${parsed.reason}`,
			"It should look like ssh://user@host, ssh://host:22 or ssh://host/run/user/1000/podman/podman.sock.",
		);
	}
	throw new Failure(
		ExitCode.engine,
		`${source} is "${address}": not an address of an engine`,
		"It should look like unix:///var/run/docker.sock, tcp://127.0.0.1:2375 or ssh://user@host.",
	);
}

function readTls(folder: string): TlsFiles {
	const read = (name: string) => {
		try {
			return readFileSync(join(folder, name));
		} catch (cause) {
			throw new Failure(
				ExitCode.engine,
				`reading the client certificate: no readable ${name} in ${folder}`,
				"DOCKER_CERT_PATH names the folder with ca.pem, cert.pem and key.pem.",
				{ cause },
			);
		}
	};
	return { ca: read("ca.pem"), cert: read("cert.pem"), key: read("key.pem") };
}
