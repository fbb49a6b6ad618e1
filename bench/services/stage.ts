/** One supervisor on its stage: started as PID 1 of its own namespaces, watched through a named pipe, ended. */
import { constants, openSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { Socket } from "node:net";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { execa } from "execa";
import { Unmeasurable } from "../native/launcher.ts";
import type { Supervisor } from "./supervisors.ts";

export interface Tools {
	readonly stage: string;
	readonly service: string;
}

export interface Plan {
	readonly supervisor: Supervisor;
	readonly count: number;
	/** Each service tells that it is ready, and has told it before it counts as up. */
	readonly withReadiness: boolean;
	/** A folder of this stage alone. */
	readonly folder: string;
}

/** A service that has come up. */
export interface Up {
	/** Within the namespace. */
	readonly pid: number;
	/** CLOCK_MONOTONIC. */
	readonly ns: number;
}

/** All services run. `await using` ends everything, however it stands. */
export interface Stage extends AsyncDisposable {
	/** PID 1, as the machine numbers it. */
	readonly pid: number;
	/** From the start of PID 1 until the last service ran. */
	readonly bootNs: number;
	readonly services: readonly Up[];
	/** The next service that comes up. @throws {Unmeasurable} when none does in time. */
	next(): Promise<Up>;
	/** Asks PID 1 to end everything. @returns how long it took until nothing was left. */
	stop(): Promise<number>;
}

const READY_FD = 3;
const BOOT_LIMIT_MS = 60_000;
const NEXT_LIMIT_MS = 10_000;
const STOP_LIMIT_MS = 60_000;
const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Starts it and waits until all services run. @throws {Unmeasurable} when they do not. */
export async function setStage(tools: Tools, plan: Plan): Promise<Stage> {
	const { supervisor, count, withReadiness, folder } = plan;
	const pipePath = join(folder, "pipe");
	const files = join(folder, "files");
	await mkdir(files, { recursive: true });
	await execa("mkfifo", [pipePath]);
	const command = [tools.service, pipePath, ...(withReadiness ? [String(READY_FD)] : [])];
	const readiness = withReadiness ? { readyFd: READY_FD } : {};
	const defined = supervisor.define({ count, command, folder: files, ...readiness });
	await write(defined.files, 0o644);
	await write(defined.scripts, 0o755);

	// Open for writing too, so that it never ends while nobody writes.
	const fd = openSync(pipePath, constants.O_RDWR | constants.O_NONBLOCK);
	const pipe = new LineQueue(new Socket({ fd, readable: true, writable: false }));
	const { PATH: own, ...environment } = supervisor.environment;
	const unshared = execa(
		"unshare",
		[
			"--pid",
			"--fork",
			"--kill-child",
			tools.stage,
			pipePath,
			defined.etc ?? "-",
			supervisor.programs ?? "-",
			...defined.command,
		],
		{
			env: { PATH: own === undefined ? PATH : `${own}:${PATH}`, ...environment },
			extendEnv: false,
			reject: false,
			stdin: "ignore",
			stdout: "ignore",
			timeout: 10 * BOOT_LIMIT_MS,
			killSignal: "SIGKILL",
		},
	);
	const ended = unshared.then(({ stderr, shortMessage }) => stderr || shortMessage || "it ended");
	const end = async () => {
		// PID 1 dies with it, and all of its namespace with PID 1.
		unshared.kill("SIGKILL");
		await unshared;
		await pipe.close();
		await rm(folder, { recursive: true, force: true });
	};
	try {
		const begin = parseLine(await pipe.next(BOOT_LIMIT_MS, ended));
		const services: Up[] = [];
		while (services.length < count) {
			services.push(upOf(parseLine(await pipe.next(BOOT_LIMIT_MS, ended))));
		}
		const pid = await childOf(unshared.pid ?? 0);
		const last = services.reduce((latest, { ns }) => Math.max(latest, ns), 0);
		return {
			pid,
			bootNs: last - begin.ns,
			services,
			next: async () => upOf(parseLine(await pipe.next(NEXT_LIMIT_MS, ended))),
			stop: async () => {
				const limit = setTimeout(() => unshared.kill("SIGKILL"), STOP_LIMIT_MS);
				const began = process.hrtime.bigint();
				process.kill(pid, supervisor.stopSignal);
				await unshared;
				const took = Number(process.hrtime.bigint() - began);
				clearTimeout(limit);
				if (took >= STOP_LIMIT_MS * 1e6) throw new Unmeasurable("it does not end");
				return took;
			},
			[Symbol.asyncDispose]: end,
		};
	} catch (error) {
		await end();
		throw error;
	}
}

async function write(files: Readonly<Record<string, string>>, mode: number): Promise<void> {
	for (const [path, text] of Object.entries(files)) {
		await mkdir(dirname(path), { recursive: true });
		await writeFile(path, text, { mode });
	}
}

/** What is written to the pipe. */
export interface Line {
	readonly what: "begin" | "up";
	/** 0 of "begin". */
	readonly pid: number;
	readonly ns: number;
}

/** @throws when it is no line of stage.c or service.c. */
export function parseLine(text: string): Line {
	const [, pid, ns] = /^(?:begin|up (\d+)) (\d+)$/.exec(text) ?? [];
	if (ns === undefined)
		throw new Error(`expected "begin NS" or "up PID NS" in the pipe, not "${text}"`);
	return { what: pid === undefined ? "begin" : "up", pid: Number(pid ?? 0), ns: Number(ns) };
}

function upOf({ what, pid, ns }: Line): Up {
	if (what !== "up") throw new Error("the supervisor was started twice");
	return { pid, ns };
}

/** The only child of unshare: PID 1 of the namespace. */
async function childOf(pid: number): Promise<number> {
	const text = await readFile(`/proc/${pid}/task/${pid}/children`, "latin1");
	const child = Number(text.trim().split(" ")[0]);
	if (Number.isInteger(child) && child > 1) return child;
	throw new Unmeasurable("this kernel does not tell the children of a process");
}

/** Lines of a stream, one at a time and each within its time. */
class LineQueue {
	readonly #stream: Socket;
	readonly #lines: AsyncIterator<string>;

	constructor(stream: Socket) {
		this.#stream = stream;
		this.#lines = createInterface({ input: stream })[Symbol.asyncIterator]();
	}

	async next(limitMs: number, ended: Promise<string>): Promise<string> {
		const limit = Promise.withResolvers<never>();
		const timer = setTimeout(
			() => limit.reject(new Unmeasurable("its services did not come up in time")),
			limitMs,
		);
		const gone = ended.then((why): never => {
			throw new Unmeasurable(why.split("\n", 1)[0] ?? why);
		});
		try {
			const next = await Promise.race([this.#lines.next(), limit.promise, gone]);
			if (next.done === true) throw new Unmeasurable("the pipe has ended");
			return next.value;
		} finally {
			clearTimeout(timer);
		}
	}

	async close(): Promise<void> {
		this.#stream.destroy();
	}
}
