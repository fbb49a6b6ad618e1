// Whose process a pid is.
import type { Role, Service } from "./service.ts";

/** What a process is to a service: itself (also one of several scheduled runs), its logger, or a program run for it. */
export type Part = "itself" | "logger" | Role;

export interface Owner {
	readonly service: Service;
	readonly part: Part;
}

export class Pids {
	/** By ":PID": QuickJS looks numbers up by their lowest bits, which may be the same for all. */
	readonly #owners: Record<string, Owner | undefined> = {};

	set(pid: number, service: Service, part: Part): void {
		this.#owners[`:${pid}`] = { service, part };
	}

	get(pid: number): Owner | undefined {
		return this.#owners[`:${pid}`];
	}

	/** It has been waited for: its pid may be somebody else's from now on. */
	take(pid: number): Owner | undefined {
		const owner = this.#owners[`:${pid}`];
		if (owner !== undefined) delete this.#owners[`:${pid}`];
		return owner;
	}
}
