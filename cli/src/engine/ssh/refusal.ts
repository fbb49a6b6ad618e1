// Why an engine behind ssh can't be reached: the words of ssh, or of the docker command of the far side, and what to do.
import { ExitCode } from "../../exit-codes.ts";
import { Failure } from "../../failure.ts";
import type { SshAddress } from "./address.ts";
import { asTyped } from "./command.ts";
import type { SshEnd } from "./connection.ts";

interface Known {
	pattern: RegExp;
	remedy: (address: SshAddress) => string;
}

/** The first that fits counts: what is said of a socket comes before what is said of a login. */
const KNOWN: readonly Known[] = [
	{
		pattern: /permission denied while trying to connect|dial unix .*permission denied/i,
		remedy: () =>
			"The user of the far side must be allowed to use its engine: for Docker a member of the group\n" +
			"docker, or name another user in the address.",
	},
	{
		pattern: /cannot connect to the docker daemon|dial unix/i,
		remedy: () =>
			"ssh works, but no engine listens there: start it, or name its socket in the address:\n" +
			"ssh://HOST/run/user/1000/podman/podman.sock",
	},
	{
		pattern:
			/docker['"`]?: .*not found|(not found|unknown command): ['"`]?docker|docker['"`]? is not recognized|docker: no such file/i,
		remedy: ({ host }) =>
			`A docker command must be on the PATH that commands have there: ssh ${host} docker version\n` +
			"(where Podman is: the package podman-docker). Without one, forward the engine's socket:\n" +
			`  ssh -nNT -L /tmp/engine.sock:/var/run/docker.sock ${host} &\n` +
			"  export DOCKER_HOST=unix:///tmp/engine.sock",
	},
	{
		pattern: /remote host identification has changed/i,
		remedy: ({ host, port }) =>
			"The machine has another key than before. If you know why, remove the old one:\n" +
			`ssh-keygen -R ${port === undefined ? host : `"[${host}]:${port}"`}`,
	},
	{
		pattern: /host key verification failed|no .* host key is known/i,
		remedy: (address) =>
			`Its key is not known yet. Log in once, and compare the key that is shown: ${asTyped(address, "true")}`,
	},
	{
		pattern: /permission denied|too many authentication failures|no supported authentication/i,
		remedy: (address) =>
			"Give ssh the key and the user that the far side knows (ssh-agent, ssh-add, ~/.ssh/config):\n" +
			asTyped(address, "true"),
	},
	{
		pattern: /could not resolve hostname|name or service not known/i,
		remedy: () => "Is the name right? ~/.ssh/config may say what a short name means (HostName).",
	},
	{
		pattern: /connection refused|timed out|no route to host|network is unreachable/i,
		remedy: () => "Does the machine run, and sshd on it? Another port is named so: ssh://HOST:2222",
	},
];

/** Banners and remarks of ssh that tell nothing of a failure. */
const NOISE = /^@|^Warning: Permanently added|^\*\* |^Pseudo-terminal will not/;
const MOST_LINES = 12;

export function sshFailure(
	named: { address: string; source: string },
	to: SshAddress,
	{ exitCode, words, wasUsed }: SshEnd,
): Failure {
	const lines = words
		.split(/\r?\n/)
		.map((line) => line.replace(/[\p{Cc}\p{Cf}]/gu, " ").trim())
		.filter((line) => line !== "" && !NOISE.test(line));
	const ended = exitCode === undefined ? "a signal ended it" : `it ended with ${exitCode}`;
	const said =
		lines.length === 0
			? `; ssh said nothing (${ended})`
			: `; ssh says:\n${lines
					.slice(-MOST_LINES)
					.map((line) => `  ${line}`)
					.join("\n")}`;
	const what = wasUsed ? "the connection broke off" : "it can't be reached";
	// Together: ssh breaks long sentences into lines.
	const known = KNOWN.find(({ pattern }) => pattern.test(words));
	const remedy = known?.remedy(to) ?? `See what this says: ${asTyped(to)}`;
	return new Failure(
		ExitCode.engine,
		`the engine at ${named.address} (${named.source}): ${what}${said}`,
		wasUsed ? "" : remedy,
	);
}

export function noSsh(named: { address: string; source: string }): Failure {
	return new Failure(
		ExitCode.engine,
		`the engine at ${named.address} (${named.source}) is reached by ssh, and PATH has no program ssh`,
		"Install OpenSSH's client (Debian and Ubuntu: openssh-client).",
	);
}
