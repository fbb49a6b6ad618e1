/** Talks to bench/native/send.c, which signals an init from outside of its namespace. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ExecaError, execa } from "execa";
import { withoutFolders } from "../machine.ts";
import { Unmeasurable } from "./launcher.ts";

const TIME_LIMIT_MS = 120_000;

/** The file that a main child and send.c share. `await using` removes it. */
export interface StampsFile extends AsyncDisposable {
	readonly path: string;
}

export async function newStampsFile(): Promise<StampsFile> {
	const folder = await mkdtemp(join(tmpdir(), "bench-stamps-"));
	return {
		path: join(folder, "stamps"),
		[Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
	};
}

/** What became of signals that were sent one by one. */
export interface SentSignals {
	/** For each, from before it was sent until the main child had it. */
	readonly latenciesNs: readonly number[];
	/** How many orphans were made meanwhile, for each second. */
	readonly orphansPerSecond: number;
}

/** Whether all that take part run on one processor. */
export type Processors = "one" | "any";

export interface SignalPlan {
	readonly pid: number;
	readonly count: number;
	readonly processors: Processors;
}

/** Sends SIGUSR1 to `pid`, whose main child is receive.c, one by one. @throws {Unmeasurable} when one does not arrive. */
export async function sendSignals(
	send: string,
	file: string,
	{ pid, count, processors }: SignalPlan,
): Promise<SentSignals> {
	const text = await run(send, ["signals", file, `${pid}`, `${count}`, processors]);
	return parseSignals(text, count);
}

/** Reads send.c's lines. @throws when one is missing or does not fit. */
export function parseSignals(text: string, count: number): SentSignals {
	const lines = text.trim().split("\n");
	const storm = /^storm (\d+) (\d+)$/.exec(lines.at(-1) ?? "");
	const latenciesNs = lines.slice(0, -1).map((line) => {
		const found = /^latency (-?\d+)$/.exec(line);
		if (found === null) throw new Error(`send printed a line that does not fit: ${line}`);
		return Number(found[1]);
	});
	if (storm === null || latenciesNs.length !== count) {
		throw new Error(`send told of ${latenciesNs.length} signals, not of ${count} and the storm`);
	}
	return { latenciesNs, orphansPerSecond: (Number(storm[1]) / Number(storm[2])) * 1e9 };
}

/** A stop, from outside. */
export interface Stop {
	/** From before SIGTERM until the init was gone. */
	readonly durationNs: number;
	/** How many processes of the tree ended by their own doing. */
	readonly ended: number;
}

/** Sends SIGTERM to `pid`, whose main child is tree.c. @throws {Unmeasurable} when it does not end. */
export async function sendStop(send: string, file: string, pid: number): Promise<Stop> {
	return parseStop(await run(send, ["stop", file, `${pid}`]));
}

/** Reads send.c's line. @throws when it does not fit. */
export function parseStop(text: string): Stop {
	const found = /^stopped (\d+) (\d+)\n$/.exec(text);
	if (found === null) throw new Error(`send printed a line that does not fit: ${text}`);
	return { durationNs: Number(found[1]), ended: Number(found[2]) };
}

async function run(send: string, words: readonly string[]): Promise<string> {
	try {
		const { stdout } = await execa(send, words, {
			stdin: "ignore",
			timeout: TIME_LIMIT_MS,
			killSignal: "SIGKILL",
			stripFinalNewline: false,
		});
		return stdout;
	} catch (error) {
		if (!(error instanceof ExecaError)) throw error;
		const [reason = ""] = String(error.stderr || error.shortMessage).split("\n", 1);
		throw new Unmeasurable(withoutFolders(reason));
	}
}
