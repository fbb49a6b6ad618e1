/** Where the private engine keeps its things. Every name that the whole machine sees carries a hash of the checkout's path, so that two clones never collide. */
import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const repositoryRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Machine-wide folder of all clones' engines: what they share, and one folder for each. */
export const sharedRunDir = "/run/baseimage-ts";

/** One start or stop at a time on the whole machine, since the engines share what they note of it. */
export const machineLock = "/run/baseimage-ts.lock";

/** Downloads that a fresh clone need not repeat, under `$XDG_CACHE_HOME` (default `~/.cache`). */
export const sharedCacheDir = join(
	process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"),
	"baseimage-ts",
);

export interface EnginePaths {
	/** Eight hexadecimal digits that stand for the checkout. */
	readonly id: string;
	/** Sockets, pid file and state. Short: a socket's path has at most 107 bytes. */
	readonly runDir: string;
	readonly socket: string;
	readonly execRoot: string;
	readonly pidFile: string;
	readonly stateFile: string;
	/** Everything that may stay after a stop; git-ignored. */
	readonly cacheDir: string;
	readonly dataRoot: string;
	readonly log: string;
	readonly daemonConfig: string;
	/** The Docker client's configuration: no user's credentials, our buildx. */
	readonly clientConfig: string;
	/** Unpacked Debian packages. */
	readonly packagesDir: string;
	/** Goes first on the callers' PATH: the docker client. */
	readonly clientBin: string;
	/** Goes first on the daemon's PATH: dockerd and what it starts. */
	readonly daemonBin: string;
	/** Network interface, at most 15 bytes. */
	readonly bridge: string;
	readonly cgroup: string;
}

/** The places of the engine that belongs to the checkout at `root`. */
export function enginePaths(root: string = repositoryRoot): EnginePaths {
	const id = createHash("sha256").update(root).digest("hex").slice(0, 8);
	const runDir = join(sharedRunDir, id);
	const cacheDir = join(root, ".cache", "engine");
	return {
		id,
		runDir,
		socket: join(runDir, "docker.sock"),
		execRoot: join(runDir, "exec"),
		pidFile: join(runDir, "dockerd.pid"),
		stateFile: join(runDir, "state.json"),
		cacheDir,
		dataRoot: join(cacheDir, "data"),
		log: join(cacheDir, "dockerd.log"),
		daemonConfig: join(cacheDir, "daemon.json"),
		clientConfig: join(cacheDir, "docker-config"),
		packagesDir: join(cacheDir, "packages"),
		clientBin: join(cacheDir, "bin"),
		daemonBin: join(cacheDir, "sbin"),
		bridge: `bits${id}`,
		cgroup: `baseimage-ts-${id}`,
	};
}
