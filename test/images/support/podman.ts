// Rootless Podman with folders of its own, which go at the end.
import { appendFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ExecaError, execa } from "execa";
import { inject, onTestFailed } from "vitest";
import { Output } from "../../process/support/output.ts";
import { buildImage } from "./build.ts";
import { containersConf, podmanCommand, removePodman } from "./podman_command.ts";
import { anyVariant } from "./variants.ts";

/** What /actors/daemonize exits with when it is not told what to run. */
const EXIT_OF_DAEMONIZE = 99;
const REASON_LENGTH_MAX = 400;

/** A command in a container that goes on. */
export interface PodmanRun {
	readonly output: Output;
	/** Its exit code, once it has ended. */
	readonly ended: Promise<number | undefined>;
	type(text: string): void;
}

export class Podman {
	readonly #home: string;
	readonly #command: readonly string[];
	readonly #loaded = new Map<string, Promise<unknown>>();

	private constructor(home: string, command: readonly string[]) {
		this.#home = home;
		this.#command = command;
	}

	/** It, or why it cannot run here. */
	static async find(): Promise<Podman | { readonly reason: string }> {
		const home = await mkdtemp(join(tmpdir(), "baseimage-ts-podman-"));
		let podman: Podman;
		try {
			podman = new Podman(home, await podmanCommand(home));
		} catch (error) {
			await rm(home, { recursive: true });
			return { reason: `no rootless Podman: ${error instanceof Error ? error.message : error}` };
		}
		const obstacle = await podman.#obstacle();
		if (obstacle === undefined) return podman;
		await podman.remove();
		return { reason: `rootless Podman does not work here: ${obstacle}` };
	}

	/** What keeps it from running a program without our init, whose file is not root's. */
	async #obstacle(): Promise<string | undefined> {
		const { plain } = anyVariant();
		await using image = await buildImage(
			`FROM scratch\nCOPY --chown=1:1 --from=${plain} /actors/daemonize /`,
		);
		try {
			await this.load(image.tag);
		} catch (error) {
			return error instanceof ExecaError ? shortened(error.stderr) : String(error);
		}
		const run = ["run", "--rm", "--network=none", image.tag, "/daemonize"];
		const { exitCode, stderr } = await this.#execute(run);
		return exitCode === EXIT_OF_DAEMONIZE ? undefined : shortened(stderr);
	}

	/** Standard output. @throws with its own words when it fails. */
	run(...args: string[]): Promise<string> {
		return this.#result(args);
	}

	/** podman kube play of a manifest of Kubernetes, in a pod without a network. @throws as {@link run} does. */
	async play(manifest: string): Promise<void> {
		await this.#result(["kube", "play", "--network=none", "-"], manifest);
	}

	async #result(args: readonly string[], input?: string): Promise<string> {
		const { exitCode, stdout, stderr } = await this.#execute(args, input);
		if (exitCode !== 0)
			throw new Error(`podman ${args.join(" ")} ended with ${exitCode}: ${stderr}`);
		return stdout;
	}

	/** podman run in the foreground, without a network unless `options` say of whom it has one. */
	start(
		name: string,
		image: string,
		command: readonly string[],
		options: readonly string[] = ["--network=none"],
	): PodmanRun {
		const [file = "", ...args] = this.#command;
		const run = ["run", "--interactive", "--name", name, ...options, image, ...command];
		const child = execa(file, [...args, ...run], { reject: false });
		const output = new Output(child.stdout);
		const errors = new Output(child.stderr);
		onTestFailed(() =>
			console.error(`── output of podman run ${image}\n${output.text}${errors.text}`),
		);
		const ended = child.then(({ exitCode }) => exitCode);
		return { output, ended, type: (text) => child.stdin.write(text) };
	}

	/** Adds to containers.conf, where it is one of our own: the reason where it is not. */
	async configure(text: string): Promise<string | undefined> {
		const file = containersConf(this.#home);
		if (file === undefined) return "without root, Podman's settings are the user's own";
		await appendFile(file, text);
		return undefined;
	}

	/** Takes an image over from the engine, once. */
	async load(image: string): Promise<void> {
		const taken = this.#loaded.get(image) ?? this.#takeOver(image);
		this.#loaded.set(image, taken);
		await taken;
	}

	async #takeOver(image: string): Promise<void> {
		const { dockerPath, env } = inject("engine");
		const [file = "", ...args] = this.#command;
		const save = execa(dockerPath, ["save", image], { env, encoding: "buffer", buffer: false });
		await save.pipe(file, [...args, "load", "--quiet"]);
	}

	#execute(args: readonly string[], input = "") {
		const [file = "", ...own] = this.#command;
		return execa(file, [...own, ...args], { reject: false, input });
	}

	/** Ends all of its processes, and removes its folders. */
	async remove(): Promise<void> {
		await removePodman(this.#home, this.#command);
	}
}

/** In one line, as a reason has it. */
function shortened(text: unknown): string {
	return String(text).trim().replaceAll(/\s+/g, " ").slice(0, REASON_LENGTH_MAX);
}
