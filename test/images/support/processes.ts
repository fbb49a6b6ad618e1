// The processes of a container, counted from outside: nothing in it can colour the result.
import { readdirSync, readFileSync } from "node:fs";
import { readerFor } from "../../../cli/src/processes/reader.ts";
import { isZombie, type ProcessEntry, parseStat, tree } from "../../../cli/src/processes/table.ts";
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
	/** The number that a process has for the others in the container. */
	readonly innerPid: (pid: number) => number;

	private constructor(source: Source, adopter: number, mainChild: number | undefined) {
		this.read = source.read;
		this.innerPid = source.innerPid;
		this.adopter = adopter;
		this.mainChild = mainChild;
	}

	/** Of a container whose main command runs. */
	static async of(container: TestContainer): Promise<Processes> {
		const source = await sourceFor(container);
		const { read, rootPid, birth } = source;
		const entries = await read();
		const eldest = (candidates: ProcessEntry[]) =>
			candidates.map(({ pid }) => pid).sort((a, b) => birth(a) - birth(b))[0];
		const init = eldest(entries.filter(({ name }) => name === INIT));
		const main = eldest(entries.filter(({ parentPid }) => parentPid === init));
		return new Processes(source, init ?? rootPid, main);
	}

	/**
	 * Waits until so many processes of that name are alive as children of the adopter, the main child aside:
	 * the proof that there are orphans.
	 */
	orphans(name: string, count: number): Promise<ReadonlySet<number>> {
		return this.#adopted(`${count} orphans called ${name}`, name, (seen) => seen === count);
	}

	/** The same where more of them may come at any time: at least so many. */
	orphansAtLeast(name: string, count: number): Promise<ReadonlySet<number>> {
		const what = `${count} orphans or more called ${name}`;
		return this.#adopted(what, name, (seen) => seen >= count);
	}

	async #adopted(
		what: string,
		name: string,
		isEnough: (count: number) => boolean,
	): Promise<ReadonlySet<number>> {
		let seen: ReadonlySet<number> = new Set();
		const adopted = async () => {
			seen = this.#alive(await this.read(), name);
			return isEnough(seen.size) && seen;
		};
		return await until(what, adopted).catch((error: unknown) => {
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
	/** The order in which the processes came. */
	readonly birth: (pid: number) => number;
}

/** Above all numbers that Linux gives. */
const PIDS = 2 ** 22;

/** The host's /proc, by PID namespace; where the engine is elsewhere, a shell inside. */
async function sourceFor(container: TestContainer): Promise<Source> {
	const { HostConfig, State } = await container.handle.inspect();
	const reader = await readerFor(engine, container.handle);
	const numbersInside = { innerPid: (pid: number) => pid, birth: (pid: number) => pid };
	if (HostConfig.PidMode === "host") {
		// Its namespace is everybody's: of that, what descends from its first process.
		const first = State.Pid;
		const shared = isHere(first, container.handle.id) ? namespaceOf(first) : undefined;
		const all = async () => (shared === undefined ? reader.read() : processesIn(shared));
		const read = async () => tree(await all(), first);
		// The machine's numbers come round: a smaller one than the first process's is a later one.
		const birth = (pid: number) => (pid < first ? pid + PIDS : pid);
		return { ...numbersInside, read, rootPid: first, birth };
	}
	const { rootPid } = reader;
	const namespace = namespaceOf(rootPid);
	if (reader.source !== "the host's /proc" || namespace === undefined) {
		return { ...numbersInside, read: () => reader.read(), rootPid };
	}
	const read = async () => processesIn(namespace);
	// Numbers inside begin anew in each container, and do not come round in any test.
	return { read, rootPid, innerPid: innerPidOf, birth: innerPidOf };
}

/** Whether the engine's pid is, on this machine, a process of that very container. */
function isHere(pid: number, containerId: string): boolean {
	try {
		return readFileSync(`/proc/${pid}/cgroup`, "latin1").includes(containerId);
	} catch {
		return false; // The engine's machine is another one.
	}
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
