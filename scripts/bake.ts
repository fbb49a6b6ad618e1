/** Runs docker buildx bake on the project's docker-bake.hcl. */
import { execa } from "execa";
import { docker } from "./engine/docker.ts";
import type { Engine } from "./engine/engine.ts";
import { root } from "./root.ts";

export interface BakeRun {
	/** Targets and options. */
	readonly args: readonly string[];
	/** Variables of the bake file, and of buildx. */
	readonly variables: Readonly<Record<string, string>>;
	/** Where its output goes when stderr is no terminal. */
	readonly log: string;
}

/** @throws with the end of the log when it fails. */
export async function bake(engine: Engine, { args, variables, log }: BakeRun): Promise<void> {
	const visible = process.stderr.isTTY;
	const output = visible ? 2 : ({ file: log } as const);
	const result = await execa(
		engine.dockerPath,
		["buildx", "bake", "--progress", visible ? "tty" : "plain", ...args],
		{
			cwd: root,
			env: { ...engine.env, ...variables },
			stdin: "ignore",
			stdout: output,
			stderr: output,
			reject: false,
		},
	);
	if (result.exitCode === 0) return;
	const end = visible
		? "see above"
		: `the end of ${log}:\n${(await execa("tail", ["-n", "30", log])).stdout}`;
	throw new Error(`docker buildx bake ${args.join(" ")} ended with ${result.exitCode}; ${end}`);
}

/** @throws where the engine runs images but cannot build them. */
export async function refusePodman(engine: Engine): Promise<void> {
	const format = "{{range .Server.Components}}{{.Name}} {{end}}";
	const components = await docker(engine, "version", "--format", format);
	if (!components.includes("Podman")) return;
	throw new Error(
		`the engine at ${engine.dockerHost} is Podman, which runs the images but has no BuildKit to build them; build with Docker`,
	);
}

/** What bake would do for the targets, by target. @throws with bake's own words. */
export async function printBake(
	engine: Engine,
	targets: readonly string[],
): Promise<ReadonlyMap<string, unknown>> {
	// It would make the files that the targets write to.
	const options = ["--file", `${root}/docker-bake.hcl`, "--set", "*.output=type=cacheonly"];
	const printed: unknown = JSON.parse(
		await docker(engine, "buildx", "bake", ...options, "--print", ...targets),
	);
	return new Map(Object.entries(member(printed, "target") ?? {}));
}

/** A member of a parsed JSON value, or undefined. */
export function member(value: unknown, key: string): unknown {
	if (typeof value !== "object" || value === null) return undefined;
	return Object.entries(value).find(([name]) => name === key)?.[1];
}
