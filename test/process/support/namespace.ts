// A PID namespace with the init in it. Nothing under test ever runs outside of one: a wrong kill(-1)
// must not reach the machine. The namespace and all in it end with the test, and with the test runner.
import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { actor, type Binary, unshare } from "./binaries.ts";
import { Output } from "./output.ts";
import {
	childrenOf,
	commandLineOf,
	namespaceOf,
	type ProcessSeen,
	processesIn,
	statusOf,
} from "./proc.ts";
import { SanitizerReports } from "./sanitizer.ts";
import { until } from "./until.ts";

export interface Launch {
	/** Words before my_init that execute it in the end, such as ["setpriv", "--no-new-privs"]: it still is PID 1. */
	readonly through?: readonly string[];
	/** Words before unshare, such as a strace that looks in from outside. */
	readonly outside?: readonly string[];
	/** Options of unshare beside those for the PID namespace. */
	readonly namespaces?: readonly string[];
	readonly environment?: Readonly<Record<string, string>>;
	/** A pseudo-terminal as stdin, stdout and stderr, as docker run -it gives: see Namespace.type(). */
	readonly onTerminal?: boolean;
	/** The descriptors from 0 on; by default three pipes. */
	readonly stdio?: SpawnOptions["stdio"];
}

export interface Ended {
	/** The exit code of PID 1; 137 when it was killed. */
	readonly code: number;
	readonly stdout: string;
	readonly stderr: string;
	/** From performance.now(). */
	readonly atMs: number;
}

const DIES_WITH_PARENT = ["setpriv", "--pdeathsig", "KILL"];
const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Starts my_init with these arguments as PID 1. */
export function startInit(binary: Binary, args: readonly string[], launch: Launch = {}): Namespace {
	return new Namespace(binary, [binary.path, ...args], launch);
}

/** Runs my_init with these arguments as PID 1 until it ends. */
export async function runInit(
	binary: Binary,
	args: readonly string[],
	launch: Launch = {},
): Promise<Ended> {
	await using namespace = startInit(binary, args, launch);
	return await namespace.end();
}

/** Starts a shell script as PID 1. It finds the init as "$MY_INIT" and the helpers of the tests in PATH. */
export function startScript(binary: Binary, script: string, launch: Launch = {}): Namespace {
	return new Namespace(binary, ["sh", "-c", script], launch);
}

/** Runs a shell script as PID 1 until it ends. */
export async function runScript(
	binary: Binary,
	script: string,
	launch: Launch = {},
): Promise<Ended> {
	await using namespace = startScript(binary, script, launch);
	return await namespace.end();
}

export class Namespace implements AsyncDisposable {
	readonly stdout: Output;
	readonly stderr: Output;
	readonly #process: ChildProcess;
	readonly #ended: Promise<number>;
	readonly #reports: SanitizerReports;
	#endedAtMs = 0;
	#initPid: Promise<number> | undefined;

	constructor(binary: Binary, command: readonly string[], launch: Launch) {
		if ("obstacle" in unshare) throw new Error(unshare.obstacle);
		this.#reports = new SanitizerReports(binary);
		const words = [
			...DIES_WITH_PARENT,
			...(launch.outside ?? []),
			...(launch.onTerminal ? [actor("terminal")] : []),
			...[...DIES_WITH_PARENT, "unshare", ...unshare.options, ...(launch.namespaces ?? []), "--"],
			...(launch.onTerminal ? ["setsid", "--ctty"] : []),
			...(launch.through ?? []),
			...command,
		];
		this.#process = spawn(words[0] ?? "", words.slice(1), {
			stdio: launch.stdio ?? [
				"pipe",
				"pipe",
				"pipe",
				...(launch.onTerminal ? ["pipe" as const] : []),
			],
			env: {
				PATH: `${actor("")}:${PATH}`,
				MY_INIT: binary.path,
				...this.#reports.environment,
				...launch.environment,
			},
		});
		this.stdout = new Output(this.#process.stdout);
		this.stderr = new Output(this.#process.stderr);
		this.#ended = this.#awaitEnd();
	}

	async #awaitEnd(): Promise<number> {
		const closed = once(this.#process, "close");
		await once(this.#process, "exit");
		this.#endedAtMs = performance.now();
		await closed;
		return this.#process.exitCode ?? 137;
	}

	/** Waits until PID 1 has ended, and with it everything. */
	async end(): Promise<Ended> {
		const code = await this.#ended;
		this.#reports.demandNone(this.stderr.text);
		return {
			code,
			stdout: this.stdout.text,
			stderr: this.#reports.withoutRemarks(this.stderr.text),
			atMs: this.#endedAtMs,
		};
	}

	/** The pid of PID 1 on the machine. */
	initPid(): Promise<number> {
		this.#initPid ??= until("PID 1 of the namespace", () => {
			let generation = [this.#process.pid ?? 0];
			while (generation.length > 0) {
				const inner = generation.find((pid) => statusOf(pid).get("NSpid")?.includes("\t"));
				if (inner !== undefined) return inner;
				generation = generation.flatMap((pid) => childrenOf(pid).map((child) => child.pid));
			}
			if (!this.#isRunning) throw new Error(`PID 1 has ended: ${this.stderr.text}`);
			return undefined;
		});
		return this.#initPid;
	}

	get #isRunning(): boolean {
		return this.#process.exitCode === null && this.#process.signalCode === null;
	}

	/** Sends a signal to PID 1, as an engine does: from outside. */
	async signal(signal: number | NodeJS.Signals): Promise<void> {
		process.kill(await this.initPid(), signal);
	}

	/** All processes in the namespace, PID 1 and zombies too. */
	async processes(): Promise<ProcessSeen[]> {
		const namespace = namespaceOf(await this.initPid());
		return namespace === undefined ? [] : processesIn(namespace);
	}

	/** Waits until a process runs whose command line is these words; returns its pid on the machine. */
	async pidOf(...words: readonly string[]): Promise<number> {
		return await until(`a process "${words.join(" ")}"`, async () => {
			const found = (await this.processes()).find((seen) => {
				const line = commandLineOf(seen.pid);
				return line.length === words.length && words.every((word, at) => word === line[at]);
			});
			return found?.pid;
		});
	}

	/** Writes to stdin: with a terminal, what its user types. */
	type(text: string): void {
		this.#process.stdin?.write(text);
	}

	/** Changes the size of the terminal's window. */
	resize(rows: number, columns: number): void {
		this.#control(`${rows} ${columns}\n`);
	}

	/** Closes the terminal's window. */
	hangUp(): void {
		this.#control("hangup\n");
	}

	/** The terminal's user is away until thawTerminal(): what is written to it is not read. */
	freezeTerminal(): void {
		this.#process.kill("SIGSTOP");
	}

	thawTerminal(): void {
		this.#process.kill("SIGCONT");
	}

	#control(line: string): void {
		const control = this.#process.stdio[3];
		if (isWritable(control)) control.write(line);
	}

	/** Ends whatever is left. */
	async [Symbol.asyncDispose](): Promise<void> {
		if (this.#isRunning) {
			this.thawTerminal();
			// PID 1 itself: a tracer would only let go of it, and who changes the user is no longer tied to its parent.
			const init = await this.initPid().catch(() => undefined);
			if (init !== undefined) killIfThere(init);
		}
		await this.#ended;
		this.#reports.remove();
	}
}

function isWritable(stream: Readable | Writable | null | undefined): stream is Writable {
	return stream !== null && stream !== undefined && "write" in stream;
}

function killIfThere(pid: number): void {
	try {
		process.kill(pid, "SIGKILL");
	} catch (error) {
		if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
	}
}
