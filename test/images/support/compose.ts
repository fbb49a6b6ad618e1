// Docker Compose: the plugin that the docker client has, or one that is unpacked and runs by itself.
import { execa } from "execa";
import { inject } from "vitest";
import { readDistribution } from "../../../scripts/engine/distribution.ts";
import { fetchPackages, unpackPackages } from "../../../scripts/engine/packages.ts";
import { enginePaths } from "../../../scripts/engine/paths.ts";
import { archiveOf } from "../../../scripts/engine/toolchain.ts";

/** Where Debian's and Ubuntu's packages have it. */
const PLUGIN = "usr/libexec/docker/cli-plugins/docker-compose";
/** Releases whose package is of its second version; Debian 12 has the first, which is another program. */
const PACKAGES = {
	debian: [
		{ suite: "forky", name: "docker-compose" },
		{ suite: "trixie", name: "docker-compose" },
	],
	ubuntu: [{ suite: undefined, name: "docker-compose-v2" }],
} as const;

/** A project of containers, networks and images. */
export class Compose {
	readonly #command: readonly string[];
	readonly #environment: Readonly<Record<string, string>>;

	private constructor(
		command: readonly string[],
		environment: Readonly<Record<string, string>> = {},
	) {
		this.#command = command;
		this.#environment = environment;
	}

	/** It, or why there is none. */
	static async find(): Promise<Compose | { readonly reason: string }> {
		const { dockerPath, env } = inject("engine");
		const plugin = await execa(dockerPath, ["compose", "version"], { env, reject: false });
		if (plugin.exitCode === 0) return new Compose([dockerPath, "compose"]);
		try {
			return new Compose([await unpackedCompose()]);
		} catch (error) {
			return { reason: `no Compose: ${error instanceof Error ? error.message : error}` };
		}
	}

	/** The same for one file and one project, with these variables. */
	of(file: string, project: string, environment: Readonly<Record<string, string>>): Compose {
		return new Compose([...this.#command, "--file", file, "--project-name", project], environment);
	}

	/** Standard output of `docker compose ARG…`. @throws with its own words when it fails. */
	async run(...args: string[]): Promise<string> {
		const [file = "", ...own] = this.#command;
		// The images under test lie in the engine only, where no other builder than its own sees them.
		const env = { ...inject("engine").env, BUILDX_BUILDER: "default", ...this.#environment };
		return (await execa(file, [...own, ...args], { env })).stdout;
	}
}

async function unpackedCompose(): Promise<string> {
	const { id, codename } = (await readDistribution()) ?? { id: "", codename: "" };
	if (id !== "debian" && id !== "ubuntu") {
		throw new Error(
			"docker has no plugin of that name, and it is unpacked on Debian and Ubuntu only",
		);
	}
	const failures: unknown[] = [];
	for (const { suite, name } of PACKAGES[id]) {
		try {
			const debs = await fetchPackages(await archiveOf([suite ?? codename]), [name]);
			const file = `${await unpackPackages(debs, enginePaths().packagesDir)}/${PLUGIN}`;
			await execa(file, ["version"]);
			return file;
		} catch (error) {
			failures.push(error);
		}
	}
	throw new AggregateError(failures, failures.map(String).join("; "));
}
