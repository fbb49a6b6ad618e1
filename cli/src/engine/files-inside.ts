// Reading text files of a container, running or not, without starting anything in it.
import { IncomingMessage } from "node:http";
import type { Container } from "dockerode";
import type { ReadScript } from "../command/chain.ts";
import type { StartConfig } from "../command/config.ts";
import { numberAt, textAt } from "../json.ts";
import { statusCodeOf } from "./answer.ts";
import { readFileInside } from "./container.ts";

const DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/** No entry-point script is longer; a program is. */
const SCRIPT_BYTES = 131_072;
const MOST_LINKS = 16;
/** Of Go's file modes, which the engine's answer has. */
const MODE_SYMLINK = 0x0800_0000;
const MODE_DIRECTORY = 0x8000_0000;

interface FileStat {
	size: number;
	mode: number;
	linkTarget: string | undefined;
}

/** Finds scripts in a container as its command names them: by PATH, or from its working directory. */
export function scriptsOf(container: Container, config: StartConfig): ReadScript {
	return async (name) => {
		for (const candidate of candidates(name, config)) {
			const path = await resolve(container, candidate);
			if (path === undefined) continue;
			const text = await readFileInside(container, path);
			return text === undefined ? undefined : { path: candidate, text };
		}
		return undefined;
	};
}

/** Where a command's name may lead to. */
export function candidates(name: string, { env, workingDir }: StartConfig): string[] {
	if (name.startsWith("/")) return [name];
	if (name.includes("/")) return [`${workingDir.replace(/\/$/, "")}/${name}`];
	return (env["PATH"] || DEFAULT_PATH).split(":").map((folder) => `${folder || "."}/${name}`);
}

/** The path of a small regular file behind links; undefined: there is none. */
async function resolve(container: Container, path: string): Promise<string | undefined> {
	let at = path;
	for (let count = 0; count < MOST_LINKS; count++) {
		const stat = await statInside(container, at);
		if (stat === undefined || (stat.mode & MODE_DIRECTORY) !== 0) return undefined;
		if ((stat.mode & MODE_SYMLINK) === 0) return stat.size <= SCRIPT_BYTES ? at : undefined;
		const target = stat.linkTarget ?? "";
		if (target === "" || target === at) return undefined;
		at = target.startsWith("/") ? target : `${at.slice(0, at.lastIndexOf("/"))}/${target}`;
	}
	return undefined;
}

async function statInside(container: Container, path: string): Promise<FileStat | undefined> {
	try {
		const answer: unknown = await container.infoArchive({ path });
		if (!(answer instanceof IncomingMessage)) return undefined;
		// An answer that nobody reads to its end keeps its connection, and with it this command.
		answer.resume();
		const header = answer.headers["x-docker-container-path-stat"];
		if (typeof header !== "string") return undefined;
		const stat: unknown = JSON.parse(Buffer.from(header, "base64").toString("utf8"));
		return {
			size: numberAt(stat, "size") ?? 0,
			mode: numberAt(stat, "mode") ?? 0,
			linkTarget: textAt(stat, "linkTarget"),
		};
	} catch (thrown) {
		if (statusCodeOf(thrown) === 404 || statusCodeOf(thrown) === 400) return undefined;
		throw thrown;
	}
}
