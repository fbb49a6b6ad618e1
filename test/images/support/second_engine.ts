// A Docker with settings of its own, beside the one that the tests run on. It goes at the end, by its pid.
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { inject, onTestFailed } from "vitest";
import type { Client } from "../../../scripts/engine/client.ts";
import { launchDaemon } from "../../../scripts/engine/daemon.ts";
import { removeCgroups } from "../../../scripts/engine/leftovers.ts";
import { type EnginePaths, enginePaths } from "../../../scripts/engine/paths.ts";
import { signalProcess, waitForEnd } from "../../../scripts/engine/processes.ts";
import { daemonPath, findProgram } from "../../../scripts/engine/toolchain.ts";
import { Output } from "../../process/support/output.ts";

/** It makes no networks, so it needs no addresses. */
const UNUSED_POOL = "10.255";
const STOP_TIMEOUT_MS = 30_000;

/** A command in a container that goes on. */
export interface SecondEngineRun {
	readonly output: Output;
	/** Its exit code, once it has ended. */
	readonly ended: Promise<number | undefined>;
	type(text: string): void;
}

/** Where it is, and the docker client that speaks to it. */
interface Place {
	/** The folder that its own folder is made in; the temporary one where none is said. */
	readonly parent?: string;
	/** That of the engine of the tests, where none is said. */
	readonly client?: Client;
}

export class SecondEngine implements AsyncDisposable {
	readonly #home: string;
	readonly #paths: EnginePaths;
	readonly #client: Client;
	#pid = 0;

	private constructor(home: string, client: Client) {
		this.#home = home;
		this.#client = client;
		// Its own names and folders, the programs of the private engine, and no network.
		this.#paths = { ...enginePaths(home), daemonBin: enginePaths().daemonBin, bridge: "none" };
	}

	/** Why none can be started here; undefined when it can. */
	static obstacle(): string | undefined {
		if (process.getuid?.() !== 0) return "only root can start a second Docker";
		const dockerd = findProgram("dockerd", daemonPath(enginePaths()));
		return dockerd === undefined ? "this machine has no dockerd" : undefined;
	}

	/** @param settings a daemon.json. @throws with the daemon's last words. */
	static async start(
		settings: object,
		{ parent = tmpdir(), client = inject("engine") }: Place = {},
	): Promise<SecondEngine> {
		const home = await mkdtemp(join(parent, "baseimage-ts-docker-"));
		const engine = new SecondEngine(home, client);
		try {
			await engine.#start(settings);
		} catch (error) {
			await engine[Symbol.asyncDispose]();
			throw error;
		}
		return engine;
	}

	async #start(settings: object): Promise<void> {
		await mkdir(this.#paths.runDir, { recursive: true, mode: 0o700 });
		const started = async ({ pid }: { readonly pid: number }) => {
			this.#pid = pid;
			// Where the run ends before its tests have.
			process.once("exit", this.#endAtOnce);
		};
		await launchDaemon(this.#paths, UNUSED_POOL, started, settings);
	}

	readonly #endAtOnce = () => signalProcess(this.#pid, "SIGTERM");

	/** Takes an image over from the engine of the tests. */
	async load(image: string): Promise<void> {
		const { dockerPath, env } = this.#client;
		const save = execa(dockerPath, ["save", image], { env, encoding: "buffer", buffer: false });
		await save.pipe(dockerPath, ["load", "--quiet"], { env: this.#env });
	}

	/** `docker ARG…`, however it ends. */
	async docker(...args: string[]) {
		const options = { env: this.#env, reject: false, stdin: "ignore" } as const;
		return await execa(this.#client.dockerPath, args, options);
	}

	/** `docker run ARG…` in the foreground. */
	run(...args: string[]): SecondEngineRun {
		const options = { env: this.#env, reject: false } as const;
		const all = ["run", "--interactive", "--network=none", ...args];
		const child = execa(this.#client.dockerPath, all, options);
		const output = new Output(child.stdout);
		onTestFailed(() => console.error(`── output of docker ${all.join(" ")}\n${output.text}`));
		const ended = child.then(({ exitCode }) => exitCode);
		return { output, ended, type: (text) => child.stdin.write(text) };
	}

	/** Value for DOCKER_HOST. */
	get host(): string {
		return `unix://${this.#paths.socket}`;
	}

	get #env() {
		return { ...this.#client.env, DOCKER_HOST: this.host };
	}

	async [Symbol.asyncDispose](): Promise<void> {
		if (this.#pid !== 0) {
			const { stdout } = await this.docker("ps", "--all", "--quiet");
			const ids = stdout.split("\n").filter((id) => id !== "");
			if (ids.length > 0) await this.docker("rm", "--force", ...ids);
			process.off("exit", this.#endAtOnce);
			signalProcess(this.#pid, "SIGTERM");
			const hasEnded = await waitForEnd([this.#pid], STOP_TIMEOUT_MS);
			if (!hasEnded) throw new Error(`the second dockerd, PID ${this.#pid}, does not end`);
			await removeCgroups(this.#paths);
		}
		await rm(this.#paths.runDir, { recursive: true, force: true });
		await rm(this.#home, { recursive: true, force: true });
	}
}
