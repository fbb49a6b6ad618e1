// Processes that are none of a container's business, though it sees them: with --pid=host.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { expect } from "vitest";
import { start, type TestContainer } from "./container.ts";

/** One of another container, and one of the test itself, which is in sight where the engine is on this machine. */
export class Bystanders implements AsyncDisposable {
	readonly #container: TestContainer;
	readonly #sleep: ChildProcess;

	private constructor(container: TestContainer, sleep: ChildProcess) {
		this.#container = container;
		this.#sleep = sleep;
	}

	static async start(image: string): Promise<Bystanders> {
		const container = await start(image, {
			command: ["/actors/listener", "bystander"],
			ready: ["bystander ready"],
			host: { PidMode: "host" },
		});
		const sleep = spawn("sleep", ["1000"], { stdio: "ignore" });
		await once(sleep, "spawn");
		return new Bystanders(container, sleep);
	}

	/** They live, and no signal has reached them: the next one is the first. */
	async demandUntouched(): Promise<void> {
		const { output } = this.#container;
		await this.#container.kill("SIGUSR2");
		await output.contains(/^bystander got 12 from \d+$/m);
		expect(output.text).toMatch(/^bystander ready\nbystander got 12 from \d+\n$/);
		expect([this.#sleep.exitCode, this.#sleep.signalCode]).toEqual([null, null]);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.#sleep.kill("SIGKILL");
		await this.#container[Symbol.asyncDispose]();
	}
}
