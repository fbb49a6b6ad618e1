import { Agent } from "node:http";
import type { SshConnection } from "./connection.ts";

/** From ten on that have not proved yet who they are, sshd turns some away (sshd_config(5), MaxStartups). */
const MOST_CONNECTIONS = 8;

/** Speaks HTTP through ssh. A connection takes long to be made, so it is used again. */
export class SshAgent extends Agent {
	readonly #connect: () => SshConnection;

	constructor(connect: () => SshConnection) {
		super({ keepAlive: true, maxSockets: MOST_CONNECTIONS });
		this.#connect = connect;
	}

	override createConnection(): SshConnection {
		return this.#connect();
	}
}
