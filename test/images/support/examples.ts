// The folders of examples/, built upon the images under test as examples/README.md says.
import { join } from "node:path";
import { root } from "../../../scripts/root.ts";
import { until } from "../../process/support/until.ts";
import { type BuiltForTest, buildFolder } from "./build.ts";
import type { TestContainer } from "./container.ts";
import { docker } from "./engine.ts";
import { Processes, type Zombies } from "./processes.ts";
import { anyVariant } from "./variants.ts";

/** The port that the servers of all examples listen on. */
export const PORT = 8080;
/** How many probes are run at once. */
export const PROBES = 3;
/** Longer than any test. */
const FOREVER_S = 600;

/** For hooks and tests that build examples: packages are installed, beside all other tests. */
export const BUILD_LIMIT_MS = 900_000;

/** What stands for org/baseimage-ts: the repository of the images under test, without a tag. */
export const BASEIMAGE = anyVariant().tag.replace(/:[^:/]*$/, "");

/** Absolute path of a file or folder in examples/. */
export function example(...path: string[]): string {
	return join(root, "examples", ...path);
}

/** @throws with the build's own words. */
export function buildExample(name: string): Promise<BuiltForTest> {
	return buildFolder(example(name), [`--build-arg=BASEIMAGE=${BASEIMAGE}`]);
}

/** The address of a path of the server. */
export function addressOf(container: TestContainer, path: string): string {
	return `http://${container.address}${path}`;
}

/** The server's answer to GET, once it answers at all. */
export async function answerOf(container: TestContainer, path = "/"): Promise<string> {
	const url = addressOf(container, path);
	return await until(`an answer of ${url}`, async () => {
		const response = await fetch(url).catch(() => undefined);
		return response?.ok ? await response.text() : undefined;
	});
}

/** How a probe of an example is run, as an engine or a kubelet does it. */
export interface Probe {
	/** A shell of the image. */
	readonly shell: string;
	/** What tells whether the server works. */
	readonly command: string;
	/** A program of the image that sleeps. */
	readonly sleep: string;
	/** Its name in the process table. */
	readonly sleepName: string;
}

/**
 * Runs the probe by docker exec a few times at once, each leaving a process behind, and counts zombies once those have ended.
 * @throws when a probe fails.
 */
export async function zombiesAfterProbes(
	container: TestContainer,
	{ shell, command, sleep, sleepName }: Probe,
): Promise<Zombies> {
	const inside = (script: string) =>
		docker(["exec", container.handle.id, ...shell.split(" "), "-c", script]);
	const processes = await Processes.of(container);
	const script = `${sleep} ${FOREVER_S} > /dev/null 2>&1 & ${command}`;
	await Promise.all(Array.from({ length: PROBES }, () => inside(script)));
	const left = await processes.orphans(sleepName, PROBES);
	await inside(`kill -KILL ${[...left].map(processes.innerPid).join(" ")}`);
	return await processes.zombiesAfter(left);
}
