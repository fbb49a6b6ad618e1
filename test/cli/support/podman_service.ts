// Rootless Podman's service on a socket of its own: its images, containers and processes go at the end.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ExecaError, execa } from "execa";
import type { Engine } from "../../../scripts/engine/engine.ts";
import { ping } from "../../../scripts/engine/found.ts";
import { podmanCommand, removePodman } from "../../images/support/podman_command.ts";
import { Output } from "../../process/support/output.ts";
import { until } from "../../process/support/until.ts";

const REASON_LENGTH_MAX = 400;

export class PodmanService implements AsyncDisposable {
	readonly #home: string;
	readonly #command: readonly string[];
	#service: ChildProcess | undefined;
	readonly #endAtOnce = () => this.#service?.kill("SIGTERM");

	private constructor(home: string, command: readonly string[]) {
		this.#home = home;
		this.#command = command;
	}

	/** It, with images that are taken over from the engine of the tests; or why it can't be had here. */
	static async start(
		engine: Engine,
		images: readonly string[],
	): Promise<PodmanService | { readonly reason: string }> {
		const home = await mkdtemp(join(tmpdir(), "baseimage-ts-podman-"));
		let podman: PodmanService;
		try {
			podman = new PodmanService(home, await podmanCommand(home));
		} catch (error) {
			await rm(home, { recursive: true });
			return { reason: `no rootless Podman: ${error instanceof Error ? error.message : error}` };
		}
		try {
			await podman.#load(engine, images);
			await podman.run("run", "--rm", "--network=none", images[0] ?? "", "true");
			await podman.#listen();
			return podman;
		} catch (error) {
			await podman[Symbol.asyncDispose]();
			const why = error instanceof ExecaError ? error.stderr : error;
			return { reason: `rootless Podman does not work here: ${shortened(why)}` };
		}
	}

	async #load(engine: Engine, images: readonly string[]): Promise<void> {
		const [file = "", ...args] = this.#command;
		const options = { env: engine.env, encoding: "buffer", buffer: false } as const;
		for (const image of images) {
			await execa(engine.dockerPath, ["save", image], options).pipe(file, [...args, "load", "-q"]);
		}
	}

	async #listen(): Promise<void> {
		const [file = "", ...args] = this.#command;
		const service = spawn(file, [...args, "system", "service", "--time=0", this.host], {
			stdio: ["ignore", "ignore", "pipe"],
		});
		this.#service = service;
		process.once("exit", this.#endAtOnce);
		const errors = new Output(service.stderr);
		await until("Podman's service to answer", async () => {
			if (service.exitCode !== null) throw new Error(errors.text);
			return existsSync(this.#socket) && (await ping(this.#socket));
		});
	}

	get #socket(): string {
		return join(this.#home, "run", "podman.sock");
	}

	/** Value for DOCKER_HOST. */
	get host(): string {
		return `unix://${this.#socket}`;
	}

	/** Standard output of `podman ARG…`. @throws with its own words when it fails. */
	async run(...args: string[]): Promise<string> {
		const [file = "", ...own] = this.#command;
		return (await execa(file, [...own, ...args])).stdout;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		process.off("exit", this.#endAtOnce);
		const service = this.#service;
		if (service !== undefined && service.exitCode === null) {
			const ended = once(service, "exit");
			service.kill("SIGTERM");
			await ended;
		}
		await removePodman(this.#home, this.#command);
	}
}

/** In one line, as a reason has it. */
function shortened(text: unknown): string {
	return String(text).trim().replaceAll(/\s+/g, " ").slice(0, REASON_LENGTH_MAX);
}
