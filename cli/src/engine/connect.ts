import process from "node:process";
import Dockerode, { type DockerOptions } from "dockerode";
import { ExitCode } from "../exit-codes.ts";
import { errnoOf, Failure, messageOf } from "../failure.ts";
import { SIGNALS } from "../interruption.ts";
import { type Endpoint, endpoints } from "./endpoint.ts";
import { sshOptions } from "./ssh/client.ts";
import { endSshConnections } from "./ssh/connection.ts";

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
	/** How long an answer was waited for. */
	limitMs: number;
}

/** An engine that is busy may take seconds. */
const ANSWER_LIMIT_MS = 15_000;
/** A login comes before the answer. */
const SSH_ANSWER_LIMIT_MS = 30_000;

interface How {
	/** Whether ssh may ask for a password, or whether a host's key is the right one. */
	asks?: boolean;
}

/** The first engine that answers at the places of `endpoints()`; throws a Failure otherwise. */
export async function connect(
	env: NodeJS.ProcessEnv,
	{ asks = process.stdin.isTTY === true }: How = {},
): Promise<Engine> {
	const refusals: Refusal[] = [];
	for (const endpoint of endpoints(env)) {
		const limitMs = answerLimitMs(endpoint, asks);
		try {
			const options = optionsFor(endpoint, env, asks);
			const asked = new Dockerode({ ...options, ...(limitMs > 0 && { timeout: limitMs }) });
			const name = await untilInterrupted(nameOf(asked));
			return { client: new Dockerode(options), endpoint, name };
		} catch (thrown) {
			// The words of ssh say more than what follows from them.
			if (thrown instanceof Failure) throw thrown;
			refusals.push({ endpoint, errno: errnoOf(thrown), message: messageOf(thrown), limitMs });
		}
	}
	throw explain(refusals);
}

/** A login may take long, or wait for a password: whoever interrupts this command ends that too. */
async function untilInterrupted<T>(work: Promise<T>): Promise<T> {
	const handled = SIGNALS.filter((name) => process.listenerCount(name) > 0);
	for (const name of handled) process.on(name, endSshConnections);
	try {
		return await work;
	} finally {
		for (const name of handled) process.off(name, endSshConnections);
	}
}

/** 0: none, since somebody may be typing a password. */
function answerLimitMs({ transport }: Endpoint, asks: boolean): number {
	if (transport.kind !== "ssh") return ANSWER_LIMIT_MS;
	return asks ? 0 : SSH_ANSWER_LIMIT_MS;
}

function optionsFor(endpoint: Endpoint, env: NodeJS.ProcessEnv, asks: boolean): DockerOptions {
	const { transport } = endpoint;
	// An empty host keeps dockerode from taking one out of DOCKER_HOST itself.
	if (transport.kind === "unix") return { socketPath: transport.path, host: "" };
	if (transport.kind === "ssh") return sshOptions(endpoint, transport, { env, asks });
	const { host, port, tls } = transport;
	return { host, port, protocol: tls === undefined ? "http" : "https", ...tls };
}

async function nameOf(client: Dockerode): Promise<string> {
	const { Version, Components } = await client.version();
	const podman = Components?.some(({ Name }) => Name.startsWith("Podman"));
	return `${podman ? "Podman" : "Docker"} ${Version}`;
}

const IN_WORDS: Readonly<Record<string, string>> = {
	ENOENT: "no such file",
	ECONNREFUSED: "nobody listens there",
	ENOTFOUND: "no such host",
};

function inWords({ errno, message, limitMs }: Refusal): string {
	if (errno === "ECONNRESET") return `no answer within ${limitMs / 1000} s`;
	if (errno.startsWith("HPE_")) return `what answers is no engine (${message})`;
	return IN_WORDS[errno] ?? message;
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
		(refusal) => `  ${refusal.endpoint.address} (${refusal.endpoint.source}): ${inWords(refusal)}`,
	);
	return new Failure(
		ExitCode.engine,
		["no container engine can be reached; tried:", ...tried].join("\n"),
		"Start Docker (`sudo systemctl start docker`, or Docker Desktop) or Podman's service\n" +
			"(`systemctl --user start podman.socket`), or name another engine in DOCKER_HOST.",
	);
}
