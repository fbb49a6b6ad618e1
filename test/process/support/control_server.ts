// The control socket's other side, for the clients: it speaks init/src/control/protocol.ts on a real socket, and supervises nothing.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
	type Request,
	type ServiceStatus,
	SOCKET_NAME,
} from "../../../init/src/control/protocol.ts";

/** What is answered: lines as values; a string goes out as it is; "wait" in their place: nothing more, and no end. */
export type Answer = readonly (object | string)[] | "wait";

/** Shell commands that hide whoever listens on this machine: RUN_FOLDERS. For a mount namespace of one's own. */
export const NOWHERE =
	"for at in /run /dev/shm; do mount -t tmpfs none $at; done; [ ! -d /tmp/my_init ] || mount -t tmpfs none /tmp/my_init";

export class ControlServer implements AsyncDisposable {
	/** Where the socket lies, to be mounted as /run/my_init. */
	readonly folder: string;
	readonly requests: Request[] = [];
	/** What status answers; the names of a request choose among them. */
	services: ServiceStatus[] = [];
	/** Answers all else; undefined: a Done for each name. */
	answer: (request: Request) => Answer | undefined = () => undefined;
	readonly #server: Server;
	readonly #sockets = new Set<Socket>();

	private constructor(folder: string) {
		this.folder = folder;
		this.#server = createServer((socket) => this.#serve(socket));
	}

	static async start(): Promise<ControlServer> {
		const server = new ControlServer(mkdtempSync(join(tmpdir(), "my_init-control-")));
		await new Promise<void>((resolve) => server.#server.listen(server.path, resolve));
		return server;
	}

	get path(): string {
		return join(this.folder, SOCKET_NAME);
	}

	#serve(socket: Socket): void {
		let text = "";
		this.#sockets.add(socket);
		socket.setEncoding("latin1");
		// A client that has what it wanted may leave.
		socket.on("error", () => socket.destroy());
		socket.on("data", (chunk: string) => {
			text += chunk;
			const end = text.indexOf("\n");
			if (end < 0) return;
			const request: Request = JSON.parse(text.slice(0, end));
			this.requests.push(request);
			this.#reply(socket, this.answer(request) ?? this.#usual(request));
		});
	}

	#reply(socket: Socket, answer: Answer): void {
		if (answer === "wait") return;
		for (const line of answer)
			socket.write(typeof line === "string" ? line : `${JSON.stringify(line)}\n`, "latin1");
		socket.end();
	}

	#usual(request: Request): Answer {
		const names = "names" in request ? request.names : [];
		if (request.verb === "status")
			return this.services.filter(({ name }) => names.length === 0 || names.includes(name));
		if (request.verb === "totals")
			return [{ uptimeMs: 5_000, reaped: 3, services: this.services.length }];
		return names.map((name) => ({ name, error: "" }));
	}

	async [Symbol.asyncDispose](): Promise<void> {
		for (const socket of this.#sockets) socket.destroy();
		await new Promise((resolve) => this.#server.close(resolve));
		rmSync(this.folder, { recursive: true, force: true });
	}
}
