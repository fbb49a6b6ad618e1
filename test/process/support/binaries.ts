// What is tested: the shipped binary, the one with sanitizers, and the one that fails on demand.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { type Built, buildActors, buildInits, givenBinary } from "./build.ts";

/** A build of the init. */
export interface Binary {
	readonly name: string;
	/** Absolute. */
	readonly path: string;
	/** Whether it is built with ASan and UBSan, and is therefore neither small nor static. */
	readonly isSanitized: boolean;
}

/** The options of unshare(1) with which this user can make a PID namespace; or why it cannot. */
export type Unshare = { readonly options: readonly string[] } | { readonly obstacle: string };

const NAMESPACE = ["--pid", "--fork", "--kill-child", "--mount-proc"];
const OWN_USERS = ["--user", "--map-root-user"];

/** As root plainly, else with a user namespace in which we are root. */
export const unshare: Unshare = findUnshare();
/** Whether tests may become other users and mount things as the machine's root. */
export const isMachineRoot = process.getuid?.() === 0;

const actors = await buildActors();
const inits = await buildInits();

/** Why nothing can be tested here; undefined when it can. */
export const obstacle: string | undefined =
	obstacleOf(unshare) ??
	obstacleOf(actors) ??
	(givenBinary() === undefined ? obstacleOf(inits) : undefined);
/** Why the builds made for tests alone are missing. */
export const testBuildObstacle: string | undefined = obstacle ?? obstacleOf(inits);

export const shipped: Binary = binary("my_init", givenBinary());
export const sanitized: Binary = { ...binary("my_init-sanitized"), isSanitized: true };
export const faulty: Binary = binary("my_init-faulty");

/** The path of one of the programs in test/process/actors. */
export function actor(name: string): string {
	return "folder" in actors ? join(actors.folder, name) : name;
}

function binary(name: string, given?: string): Binary {
	const path = given ?? ("folder" in inits ? join(inits.folder, name) : name);
	return { name, path, isSanitized: false };
}

function obstacleOf(result: Built | Unshare): string | undefined {
	return "obstacle" in result ? result.obstacle : undefined;
}

function findUnshare(): Unshare {
	let failure = "";
	for (const options of [NAMESPACE, [...OWN_USERS, ...NAMESPACE]]) {
		const probe = spawnSync("unshare", [...options, "true"], { encoding: "utf8" });
		if (probe.status === 0) return { options };
		failure = probe.error?.message ?? probe.stderr.trim();
	}
	return { obstacle: `a PID namespace cannot be made: ${failure} (run the tests as root)` };
}
