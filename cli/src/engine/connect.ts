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

const ANSWER_LIMIT_MS = 5_000;

/** The first engine that answers at the places of `endpoints()`; throws a Failure otherwise. */
export async function connect(env: NodeJS.ProcessEnv): Promise<Engine> {
	const refusals: Refusal[] = [];
	for (const endpoint of endpoints(env)) {
		try {
			const name = await nameOf(clientFor(endpoint, { timeout: ANSWER_LIMIT_MS }));
			return { client: clientFor(endpoint), endpoint, name };
		} catch (thrown) {
			refusals.push({ endpoint, errno: errnoOf(thrown), message: messageOf(thrown) });
		}
	}
	throw explain(refusals);
}

function clientFor({ transport }: Endpoint, limits: { timeout?: number } = {}): Dockerode {
	if (transport.kind === "unix") {
		// An empty host keeps dockerode from taking one out of DOCKER_HOST itself.
		return new Dockerode({ socketPath: transport.path, host: "", ...limits });
	}
	const { host, port, tls } = transport;
	const protocol = tls === undefined ? "http" : "https";
	return new Dockerode({ host, port, protocol, ...tls, ...limits });
}

async function nameOf(client: Dockerode): Promise<string> {
	const { Version, Components } = await client.version();
	const podman = Components?.some(({ Name }) => Name.startsWith("Podman"));
	return `${podman ? "Podman" : "Docker"} ${Version}`;
}

const IN_WORDS: Readonly<Record<string, string>> = {
	ENOENT: "no such file",
	ECONNREFUSED: "nobody listens there",
	ECONNRESET: `no answer within ${ANSWER_LIMIT_MS / 1000} s`,
	ENOTFOUND: "no such host",
};

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
		({ endpoint, errno, message }) =>
			`  ${endpoint.address} (${endpoint.source}): ${IN_WORDS[errno] ?? message}`,
	);
	return new Failure(
		ExitCode.engine,
		["no container engine can be reached; tried:", ...tried].join("\n"),
		"Start Docker (`sudo systemctl start docker`, or Docker Desktop) or Podman's service\n" +
			"(`systemctl --user start podman.socket`), or name another engine in DOCKER_HOST.",
	);
}
