// A pseudo-terminal of a container, seen by its user: docker run -it, docker exec -it.
import { PassThrough } from "node:stream";
import { onTestFailed } from "vitest";
import { Output } from "../../process/support/output.ts";
import { until } from "../../process/support/until.ts";
import type { TestContainer } from "./container.ts";
import { Processes } from "./processes.ts";

/** A program on a terminal. To be closed before its container goes. */
export class Terminal implements Disposable {
	/** All that was shown, what was typed too. */
	readonly screen: Output;
	readonly #container: TestContainer;
	readonly #stream: NodeJS.ReadWriteStream;

	private constructor(container: TestContainer, stream: NodeJS.ReadWriteStream) {
		this.#container = container;
		this.#stream = stream;
		this.screen = new Output(stream.pipe(new PassThrough()));
		onTestFailed(() => console.error(`── terminal\n${this.screen.text}`));
	}

	/** The terminal of the container itself, which must have been made with one: see TERMINAL. */
	static async of(container: TestContainer): Promise<Terminal> {
		const streams = { stream: true, stdin: true, stdout: true, stderr: true, logs: true };
		return new Terminal(container, await container.handle.attach({ ...streams, hijack: true }));
	}

	/** docker exec -it. */
	static async exec(container: TestContainer, command: readonly string[]): Promise<Terminal> {
		const exec = await container.handle.exec({
			Cmd: [...command],
			...{ AttachStdin: true, AttachStdout: true, AttachStderr: true, Tty: true },
		});
		return new Terminal(container, await exec.start({ hijack: true, stdin: true, Tty: true }));
	}

	type(text: string): void {
		this.#stream.write(text);
	}

	/** Has the shell say the value of an expression, which it does once it is done with all before. */
	async ask(expression: string): Promise<string> {
		const mark = `answer${++this.#asked}`;
		// What is typed is shown as well: it must not look like the answer.
		this.type(`echo "${mark}""=${expression}="\r`);
		const answer = new RegExp(`${mark}=(.*)=`);
		await this.screen.contains(answer);
		return answer.exec(this.screen.text)?.[1] ?? "";
	}
	#asked = 0;

	/** Types a command and waits until a process of its name runs. */
	async run(command: string): Promise<void> {
		const processes = await Processes.of(this.#container);
		const [name] = command.split(" ");
		this.type(`${command}\r`);
		await until(`"${command}" to run`, async () =>
			(await processes.read()).some((entry) => entry.name === name),
		);
	}

	[Symbol.dispose](): void {
		this.#stream.end();
	}
}

/** How a container is made for docker run -it. */
export const TERMINAL = {
	...{ Tty: true, OpenStdin: true, StdinOnce: true },
	...{ AttachStdin: true, AttachStdout: true, AttachStderr: true },
} as const;
