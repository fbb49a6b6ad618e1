// What a client needs to speak with an engine behind ssh.
import type { DockerOptions } from "dockerode";
import type { SshAddress } from "./address.ts";
import { SshAgent } from "./agent.ts";
import { findSsh, sshArguments } from "./command.ts";
import { SshConnection } from "./connection.ts";
import { noSsh, sshFailure } from "./refusal.ts";

/** Throws a Failure where there is no ssh; whatever ssh complains of, a request fails with. */
export function sshOptions(
	named: { address: string; source: string },
	to: SshAddress,
	{ env, asks }: { env: NodeJS.ProcessEnv; asks: boolean },
): DockerOptions & { agent: SshAgent } {
	const program = findSsh(env);
	if (program === undefined) throw noSsh(named);
	const args = sshArguments(to, { asks });
	const whyEnded = sshFailure.bind(undefined, named, to);
	const agent = new SshAgent(() => new SshConnection({ program, args, env, whyEnded }));
	// A host must be named, or dockerode takes DOCKER_HOST's; nobody looks it up.
	return { host: "docker", port: 80, protocol: "http", agent };
}
