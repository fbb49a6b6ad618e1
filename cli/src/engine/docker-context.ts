import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ExitCode } from "../exit-codes.ts";
import { errnoOf, Failure, messageOf } from "../failure.ts";
import { textAt } from "../json.ts";

/** Where a `docker context` leads to. */
export interface ContextEndpoint {
	name: string;
	/** As in DOCKER_HOST: `unix:///run/x.sock`, `tcp://host:2376`, `ssh://user@host`. */
	host: string;
	/** The folder with ca.pem, cert.pem and key.pem; it need not exist. */
	tlsFolder: string;
}

/**
 * The current docker context, or undefined when it is the default one. Read from the files that
 * the docker command keeps, so that the command itself is not needed.
 */
export function currentContext(env: NodeJS.ProcessEnv, home: string): ContextEndpoint | undefined {
	const folder = env["DOCKER_CONFIG"] || join(home, ".docker");
	const name = env["DOCKER_CONTEXT"] || currentName(join(folder, "config.json"));
	if (name === "" || name === "default") return undefined;

	// The docker command names a context's folders after the hash of its name.
	const id = createHash("sha256").update(name).digest("hex");
	const file = join(folder, "contexts", "meta", id, "meta.json");
	const host = textAt(readJson(file), "Endpoints", "docker", "Host");
	if (host === undefined) {
		throw new Failure(
			ExitCode.engine,
			`the docker context "${name}" has no docker endpoint (looked in ${file})`,
			"See `docker context ls`, and choose another one with `docker context use NAME`.",
		);
	}
	return { name, host, tlsFolder: join(folder, "contexts", "tls", id, "docker") };
}

function currentName(configFile: string): string {
	return textAt(readJson(configFile), "currentContext") ?? "";
}

/** The parsed file; undefined when there is none. */
function readJson(file: string): unknown {
	try {
		return JSON.parse(readFileSync(file, "utf8"));
	} catch (thrown) {
		if (["ENOENT", "ENOTDIR"].includes(errnoOf(thrown))) return undefined;
		throw new Failure(ExitCode.engine, `reading ${file}: ${messageOf(thrown)}`);
	}
}
