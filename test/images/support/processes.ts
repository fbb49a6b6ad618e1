// The processes of a container, counted from outside: nothing in it can colour the result.
import { readdirSync, readFileSync } from "node:fs";
import { readerFor } from "../../../cli/src/processes/reader.ts";
import { isZombie, type ProcessEntry, parseStat } from "../../../cli/src/processes/table.ts";
import { innerPidOf, namespaceOf } from "../../process/support/proc.ts";
import { until } from "../../process/support/until.ts";
import type { TestContainer } from "./container.ts";
import { engine } from "./engine.ts";

/** The init's name in the process table. */
export const INIT = "my_init";

/** What a reaper gets before zombies are counted: a thousandfold of what it needs. */
const GRACE_MS = 1_000;

/** Zombies, and where they were counted. */
export interface Zombies {
	/** Among the given processes. */
	readonly ofThem: number;
	/** In the whole container. */
	readonly inAll: number;
}

/** Reads all processes of one container, those of docker exec and zombies too. */
type Read = () => Promise<ProcessEntry[]>;

export class Processes {
	readonly read: Read;
	/** Who adopts orphans: PID 1, or our init where another one is before it. */
	readonly adopter: number;
	/** The process that our init has started; undefined without our init. */
	readonly mainChild: number | undefined;

	private constructor(read: Read, adopter: number, mainChild: number | undefined) {
		this.read = read;
		this.adopter = adopter;
		this.mainChild = mainChild;
	}

	/** Of a container whose main command runs. */
	static async of(container: TestContainer): Promise<Processes> {
		const { read, rootPid, innerPid } = await sourceFor(container);
		const entries = await read();
		// Numbers inside begin anew in each container, and do not come round in any test.
		const eldest = (candidates: ProcessEntry[]) =>
			candidates.map(({ pid }) => pid).sort((a, b) => innerPid(a) - innerPid(b))[0];
		const init = eldest(entries.filter(({ name }) => name === INIT));
		const main = eldest(entries.filter(({ parentPid }) => parentPid === init));
		return new Processes(read, init ?? rootPid, main);
	}

	/**
	 * Waits until so many processes of that name are alive as children of the adopter, the main child aside:
	 * the proof that there are orphans.
	 */
	async orphans(name: string, count: number): Promise<ReadonlySet<number>> {
		let seen: ReadonlySet<number> = new Set();
		const adopted = async () => {
			seen = this.#alive(await this.read(), name);
			return seen.size === count && seen;
		};
		return await until(`${count} orphans called ${name}`, adopted).catch((error: unknown) => {
			throw new Error(`${seen.size} orphans in the end`, { cause: error });
		});
	}

	#alive(entries: readonly ProcessEntry[], name: string): ReadonlySet<number> {
		const orphans = entries.filter(
			(entry) =>
				entry.name === name &&
				entry.parentPid === this.adopter &&
				entry.pid !== this.mainChild &&
				!isZombie(entry),
		);
		return new Set(orphans.map(({ pid }) => pid));
	}

	/** Waits until all of the processes have ended, gives a reaper time, and counts. */
	async zombiesAfter(pids: ReadonlySet<number>): Promise<Zombies> {
		const among = (entries: ProcessEntry[]) => entries.filter(({ pid }) => pids.has(pid));
		await until(`${pids.size} processes to end`, async () =>
			among(await this.read()).every(isZombie),
		);
		const deadlineMs = performance.now() + GRACE_MS;
		return await until("a count of zombies", async () => {
			const zombies = (await this.read()).filter(isZombie);
			const isSettled = zombies.length === 0 || performance.now() > deadlineMs;
			return isSettled && { ofThem: among(zombies).length, inAll: zombies.length };
		});
	}
}

interface Source {
	readonly read: Read;
	readonly rootPid: number;
	/** The number of a process inside the container. */
	readonly innerPid: (pid: number) => number;
}

/** The host's /proc, by PID namespace; where the engine is elsewhere, a shell inside. */
async function sourceFor(container: TestContainer): Promise<Source> {
	const reader = await readerFor(engine, container.handle);
	const { rootPid } = reader;
	const namespace = namespaceOf(rootPid);
	if (reader.source !== "the host's /proc" || namespace === undefined) {
		return { read: () => reader.read(), rootPid, innerPid: (pid) => pid };
	}
	return { read: async () => processesIn(namespace), rootPid, innerPid: innerPidOf };
}

function processesIn(namespace: string): ProcessEntry[] {
	return readdirSync("/proc")
		.filter((name) => /^\d+$/.test(name) && namespaceOf(Number(name)) === namespace)
		.map(statOf)
		.filter((entry) => entry !== undefined);
}

function statOf(pid: string): ProcessEntry | undefined {
	try {
		return parseStat(readFileSync(`/proc/${pid}/stat`, "latin1"));
	} catch {
		return undefined; // It has ended meanwhile.
	}
}
