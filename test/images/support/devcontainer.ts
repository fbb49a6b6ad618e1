// Dev containers, by the command line that the specification's authors keep.
import { randomUUID } from "node:crypto";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { inject } from "vitest";
import { docker } from "./engine.ts";
import { BASEIMAGE } from "./examples.ts";
import { RUN_LABEL } from "./labels.ts";

const CLI = createRequire(import.meta.url).resolve("@devcontainers/cli/devcontainer.js");

/** A project in a folder of its own, which goes with its container and the images that were built for it. */
export class DevContainer implements AsyncDisposable {
	/** With .devcontainer below it. */
	readonly folder: string;
	readonly #home: string;
	readonly #labels: readonly string[];
	#id: string | undefined;

	private constructor(home: string) {
		this.#home = home;
		this.folder = join(home, "project");
		const labels = [
			`${RUN_LABEL}=${inject("engine").run}`,
			`baseimage-ts.test.project=${randomUUID()}`,
		];
		this.#labels = labels.flatMap((label) => ["--id-label", label]);
	}

	/** A copy of a project, not started yet. */
	static async copyOf(project: string): Promise<DevContainer> {
		const container = new DevContainer(await mkdtemp(join(tmpdir(), "baseimage-ts-dev-")));
		await cp(project, container.folder, { recursive: true });
		return container;
	}

	/** Builds its image, starts it and runs its commands. @throws with the command line's own words. */
	async up(): Promise<void> {
		const { dockerPath } = inject("engine");
		await this.#devcontainer(
			"up",
			"--docker-path",
			dockerPath,
			"--mount-workspace-git-root",
			"false",
		);
		const filters = this.#labels.filter((word) => word !== "--id-label");
		const options = filters.flatMap((label) => ["--filter", `label=${label}`]);
		this.#id = await docker(["ps", "--all", "--quiet", "--no-trunc", ...options]);
	}

	/** What an editor's terminal would say to the command. */
	async exec(...command: string[]): Promise<string> {
		const { dockerPath } = inject("engine");
		return await this.#devcontainer("exec", "--docker-path", dockerPath, ...command);
	}

	/** The container, once it is up. */
	get id(): string {
		if (this.#id === undefined) throw new Error("the dev container is not up");
		return this.#id;
	}

	async #devcontainer(verb: string, ...args: string[]): Promise<string> {
		const env = {
			...inject("engine").env,
			BASEIMAGE,
			BUILDX_BUILDER: "default",
			TMPDIR: this.#home,
		};
		const options = ["--workspace-folder", this.folder, ...this.#labels];
		return (await execa(process.execPath, [CLI, verb, ...options, ...args], { env })).stdout;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		if (this.#id !== undefined) {
			const image = await docker(["inspect", "--format", "{{.Config.Image}}", this.#id]);
			await docker(["rm", "--force", "--volumes", this.#id]);
			// The second is the first with the numbers of this machine's user, where they differ.
			await docker(["image", "rm", "--force", image, image.replace(/-uid$/, "")]);
		}
		await rm(this.#home, { recursive: true, force: true });
	}
}
