// A container of a test: made by testcontainers, watched, and gone at the end of the test.
import type { Container, ContainerCreateOptions, HostConfig } from "dockerode";
import {
	GenericContainer,
	getContainerRuntimeClient,
	type StartedTestContainer,
	StartupCheckStrategy,
	type StartupStatus,
} from "testcontainers";
import { inject, onTestFailed, type TestContext } from "vitest";
import { Output } from "../../process/support/output.ts";
import "./engine.ts";
import { RUN_LABEL } from "./labels.ts";
import { readLogs } from "./logs.ts";

/** How a container is run: `docker run` with these options. */
export interface Run {
	/** What follows the image's name. */
	readonly command?: readonly string[];
	/** Lines of its output to wait for, each once; none: it may have ended already. */
	readonly ready?: readonly string[];
	readonly environment?: Readonly<Record<string, string>>;
	/** A published port. The container gets a network only when it has one. */
	readonly port?: number;
	/** The test's own way to register a hook: needed in concurrent tests, of which Vitest knows only from their context. */
	readonly onTestFailed?: TestContext["onTestFailed"];
	/** All that testcontainers has no method for, as the engine's API calls it. */
	readonly create?: Omit<ContainerCreateOptions, "HostConfig">;
	readonly host?: HostConfig;
}

/** How a container has ended. */
export interface Ended {
	readonly code: number;
	readonly stdout: string;
	readonly stderr: string;
}

/** What `docker stop` gives an application by default. */
const DOCKER_GRACE_S = 10;

/** Starts a container and waits until it is ready. Without a port it has no network. */
export async function start(image: string, run: Run = {}): Promise<TestContainer> {
	const output = new LateOutput();
	const shown = `${image} ${(run.command ?? []).join(" ")}`;
	const onFailure = run.onTestFailed ?? onTestFailed;
	onFailure(() => console.error(`── output of ${shown}\n${output.text}`));
	const started = await new Subject(image, run, output).start();
	const container = new TestContainer(started, await handleOf(started), output.now);
	try {
		for (const line of run.ready ?? []) await container.output.line(line);
		return container;
	} catch (error) {
		await container[Symbol.asyncDispose]();
		throw error;
	}
}

/** Runs a container until it ends by itself. */
export async function run(image: string, options: Run = {}): Promise<Ended> {
	await using container = await start(image, options);
	return await container.ended();
}

export class TestContainer implements AsyncDisposable {
	/** The engine's API for it. */
	readonly handle: Container;
	/** What it writes to stdout and stderr, as it comes. */
	readonly output: Output;
	readonly #started: StartedTestContainer;

	constructor(started: StartedTestContainer, handle: Container, output: Output) {
		this.#started = started;
		this.handle = handle;
		this.output = output;
	}

	/** Waits until it has ended by itself. */
	async ended(): Promise<Ended> {
		await this.handle.wait();
		return await this.#end();
	}

	/** `docker stop`, and how long that took. The engine's API takes whole seconds. */
	async stop(graceS = DOCKER_GRACE_S): Promise<Ended & { readonly afterMs: number }> {
		const askedAtMs = performance.now();
		await this.#started.stop({ timeout: graceS * 1_000, remove: false });
		const afterMs = performance.now() - askedAtMs;
		return { ...(await this.#end()), afterMs };
	}

	/** `docker kill --signal`. */
	async kill(signal: string): Promise<void> {
		await this.handle.kill({ signal });
	}

	/** Types a line at its stdin, which it must have open. */
	async typeLine(text = ""): Promise<void> {
		const stdin = await this.handle.attach({ stream: true, stdin: true, hijack: true });
		stdin.end(`${text}\n`);
	}

	/** `docker exec` of a shell script. @throws when it fails. @returns its output. */
	async shell(script: string): Promise<string> {
		const { exitCode, output } = await this.#started.exec(["sh", "-c", script]);
		if (exitCode !== 0) throw new Error(`"${script}" ended with ${exitCode}: ${output}`);
		return output;
	}

	/** The address of its published port. */
	get address(): string {
		return `${this.#started.getHost()}:${this.#started.getFirstMappedPort()}`;
	}

	async isRunning(): Promise<boolean> {
		return (await this.handle.inspect()).State.Running;
	}

	async #end(): Promise<Ended> {
		const { State } = await this.handle.inspect();
		return { code: State.ExitCode, ...(await readLogs(this.handle)) };
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.handle.remove({ force: true, v: true });
	}
}

/** testcontainers' container, with what its methods do not reach. */
class Subject extends GenericContainer {
	constructor(
		image: string,
		{ command, environment, port, create, host }: Run,
		output: LateOutput,
	) {
		super(image);
		this.createOpts = { ...this.createOpts, ...create };
		this.hostConfig = { ...this.hostConfig, ...host };
		this.withLabels({ [RUN_LABEL]: inject("engine").run })
			.withWaitStrategy(new Started())
			.withLogConsumer((stream) => output.take(stream));
		if (command !== undefined) this.withCommand([...command]);
		if (environment !== undefined) this.withEnvironment(environment);
		if (port !== undefined) this.withExposedPorts(port);
		else this.withNetworkMode("none");
	}
}

/** start() waits for lines itself: testcontainers' own way would remove the container and lose what it said. */
class Started extends StartupCheckStrategy {
	override async checkStartupState(): Promise<StartupStatus> {
		return "SUCCESS";
	}
}

/** testcontainers hands the stream over while it starts the container. */
class LateOutput {
	#output: Output | undefined;

	take(stream: ConstructorParameters<typeof Output>[0]): void {
		this.#output = new Output(stream);
	}

	get now(): Output {
		if (this.#output === undefined) throw new Error("testcontainers has given no log stream");
		return this.#output;
	}

	get text(): string {
		return this.#output?.text ?? "(it was not started)";
	}
}

async function handleOf(started: StartedTestContainer): Promise<Container> {
	const client = await getContainerRuntimeClient();
	return client.container.getById(started.getId());
}
