import { existsSync } from "node:fs";
import Dockerode from "dockerode";
import { ExitCode } from "../exit-codes.ts";
import { errnoOf, Failure, messageOf } from "../failure.ts";
import { type Endpoint, endpoints } from "./endpoint.ts";

/** An engine that has answered. */
export interface Engine {
	client: Dockerode;
	endpoint: Endpoint;
	/** `Docker 28.5.2`, `Podman Engine 4.3.1`: for reports. */
	name: string;
}

interface Refusal {
	endpoint: Endpoint;
	/** errno name, or "" when it was something else. */
	errno: string;
	message: string;
}

const ANSWER_LIMIT_MS = 10_000;

/** The first engine that answers at the places of `endpoints()`; throws a Failure otherwise. */
export async function connect(env: NodeJS.ProcessEnv): Promise<Engine> {
	const refusals: Refusal[] = [];
	for (const endpoint of endpoints(env)) {
		const { transport } = endpoint;
		if (transport.kind === "unix" && !existsSync(transport.path)) {
			refusals.push({ endpoint, errno: "ENOENT", message: "no such file" });
			continue;
		}
		try {
			const client = clientFor(endpoint);
			return { client, endpoint, name: await nameOf(client) };
		} catch (thrown) {
			refusals.push({ endpoint, errno: errnoOf(thrown), message: messageOf(thrown) });
		}
	}
	throw explain(refusals);
}

function clientFor({ transport }: Endpoint): Dockerode {
	if (transport.kind === "unix") {
		// An empty host keeps dockerode from taking one out of DOCKER_HOST itself.
		return new Dockerode({ socketPath: transport.path, host: "" });
	}
	const { host, port, tls } = transport;
	return new Dockerode({ host, port, protocol: tls === undefined ? "http" : "https", ...tls });
}

async function nameOf(client: Dockerode): Promise<string> {
	const { promise: late, reject } = Promise.withResolvers<never>();
	const timer = setTimeout(
		() => reject(new Error(`no answer within ${ANSWER_LIMIT_MS / 1000} s`)),
		ANSWER_LIMIT_MS,
	);
	try {
		const { Version, Components } = await Promise.race([client.version(), late]);
		const podman = Components?.some(({ Name }) => Name.startsWith("Podman"));
		return `${podman ? "Podman" : "Docker"} ${Version}`;
	} finally {
		clearTimeout(timer);
	}
}

/** One error for all the places that were tried: a forbidden engine matters more than a missing one. */
export function explain(refusals: readonly Refusal[]): Failure {
	const forbidden = refusals.find(({ errno }) => errno === "EACCES" || errno === "EPERM");
	if (forbidden !== undefined) {
		const { address, source } = forbidden.endpoint;
		return new Failure(
			ExitCode.engine,
			`no permission to use the container engine at ${address} (${source})`,
			"Run the command as a user who may: with sudo, or as a member of the group that owns the\n" +
				"socket (for Docker: `sudo usermod -aG docker $USER`, then log in again).",
		);
	}
	const tried = refusals.map(
		({ endpoint, message }) => `  ${endpoint.address} (${endpoint.source}): ${message}`,
	);
	return new Failure(
		ExitCode.engine,
		["no container engine can be reached; tried:", ...tried].join("\n"),
		"Start Docker (`sudo systemctl start docker`, or Docker Desktop) or Podman's service\n" +
			"(`systemctl --user start podman.socket`), or name another engine in DOCKER_HOST.",
	);
}
