import { connect, createServer, type Server } from "node:net";

/**
 * A socket in front of the engine's own that hands on nothing more of the answer to a request
 * once that has begun: what a client sees of an engine that is slow to send.
 */
export class StallingEngine {
	/** Settles when the answer has stalled. */
	readonly stalled: Promise<void>;
	readonly #server: Server;

	private constructor(server: Server, stalled: Promise<void>) {
		this.#server = server;
		this.stalled = stalled;
	}

	/** Listens at `path`; `request` tells by its first line which answer stalls. */
	static async listen(
		path: string,
		engineSocket: string,
		request: RegExp,
	): Promise<StallingEngine> {
		const { promise: stalled, resolve } = Promise.withResolvers<void>();
		const server = createServer((client) => {
			const engine = connect(engineSocket);
			let stalls = false;
			client.on("data", (chunk) => {
				if (request.test(chunk.toString("latin1"))) stalls = true;
				engine.write(chunk);
			});
			engine.on("data", (chunk) => {
				client.write(chunk);
				if (!stalls) return;
				engine.pause();
				resolve();
			});
			for (const [from, to] of [
				[client, engine],
				[engine, client],
			] as const) {
				from.on("error", () => to.destroy());
				from.on("close", () => to.destroy());
				from.on("end", () => to.end());
			}
		});
		await new Promise<void>((listening) => server.listen(path, listening));
		return new StallingEngine(server, stalled);
	}

	[Symbol.dispose](): void {
		this.#server.close();
	}
}
