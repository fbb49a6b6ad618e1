// `ssh://[USER@]HOST[:PORT][/PATH]`, as DOCKER_HOST, docker contexts and Podman's connections have it.

/** Whom ssh is told to call, and which socket is asked for there. */
export interface SshAddress {
	/** A name, an address, or what ~/.ssh/config calls the machine. */
	host: string;
	user: string | undefined;
	port: number | undefined;
	/** Undefined: whatever the docker command of the far side takes by itself. */
	socketPath: string | undefined;
}

/** A `ProxyCommand` may hand them to a shell: nothing of that has another meaning there. */
const HOST = /^(?!-)[\p{L}\p{N}._-]+$/u;
const IPV6 = /^\[([0-9A-Fa-f:.]+)\]$/;
const USER = /^(?!-)[^\s\p{Cc}'"`$\\;&<>|(){}]+$/u;
const HIGHEST_PORT = 65_535;

/** Reads what follows `ssh://`, or tells what is wrong with it. */
export function parseSshAddress(rest: string): SshAddress | { reason: string } {
	if (/[?#]/.test(rest)) return { reason: "it has a query or a fragment" };
	const parts = /^(?:([^@/]*)@)?(\[[^\]@/]*\]|[^:@/[\]]*)(?::(\d+))?(\/.*)?$/.exec(rest);
	if (parts === null) return { reason: "that is no ssh://[USER@]HOST[:PORT][/PATH]" };
	const [, login, place = "", digits, path = ""] = parts;
	const host = IPV6.exec(place)?.[1] ?? place;
	if (host === "") return { reason: "it names no host" };
	if (host.startsWith("-")) return { reason: 'its host begins with "-", as an option does' };
	if (host === place && !HOST.test(host)) return { reason: "that is no name of a host" };
	if (login?.includes(":")) return { reason: "a password can't be given in it" };

	const user = decoded(login ?? "");
	const socketPath = decoded(path);
	if (user === undefined || socketPath === undefined) return { reason: "a % in it is no escape" };
	if (login !== undefined && !USER.test(user)) return { reason: "that is no name of a user" };
	if (/\p{Cc}/u.test(socketPath)) return { reason: "its path has a control character" };
	const port = digits === undefined ? undefined : Number(digits);
	if (port === 0 || (port ?? 0) > HIGHEST_PORT) return { reason: `there is no port ${digits}` };
	return {
		host,
		user: login === undefined ? undefined : user,
		port,
		socketPath: socketPath.replace(/^\/$/, "") || undefined,
	};
}

function decoded(text: string): string | undefined {
	try {
		return decodeURIComponent(text);
	} catch {
		return undefined;
	}
}
