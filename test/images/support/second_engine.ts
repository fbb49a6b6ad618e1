// A Docker with settings of its own, beside the one that the tests run on. It goes at the end, by its pid.
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { inject, onTestFailed } from "vitest";
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

export class SecondEngine implements AsyncDisposable {
	readonly #home: string;
	readonly #paths: EnginePaths;
	#pid = 0;

	private constructor(home: string) {
		this.#home = home;
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
	static async start(settings: object): Promise<SecondEngine> {
		const engine = new SecondEngine(await mkdtemp(join(tmpdir(), "baseimage-ts-docker-")));
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
		const { dockerPath, env } = inject("engine");
		const save = execa(dockerPath, ["save", image], { env, encoding: "buffer", buffer: false });
		await save.pipe(dockerPath, ["load", "--quiet"], { env: this.#env });
	}

	/** `docker ARG…`, however it ends. */
	async docker(...args: string[]) {
		const options = { env: this.#env, reject: false, stdin: "ignore" } as const;
		return await execa(inject("engine").dockerPath, args, options);
	}

	/** `docker run ARG…` in the foreground. */
	run(...args: string[]): SecondEngineRun {
		const options = { env: this.#env, reject: false } as const;
		const all = ["run", "--interactive", "--network=none", ...args];
		const child = execa(inject("engine").dockerPath, all, options);
		const output = new Output(child.stdout);
		onTestFailed(() => console.error(`── output of docker ${all.join(" ")}\n${output.text}`));
		const ended = child.then(({ exitCode }) => exitCode);
		return { output, ended, type: (text) => child.stdin.write(text) };
	}

	get #env() {
		return { ...inject("engine").env, DOCKER_HOST: `unix://${this.#paths.socket}` };
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
