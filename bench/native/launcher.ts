/** Talks to bench/native/launch.c. */
import { createInterface } from "node:readline";
import { execa } from "execa";
import { withoutFolders } from "../machine.ts";

/** Long enough for a busy machine; a run that hangs must end all the same. */
const TIME_LIMIT_MS = 300_000;
const RUN_LIMIT_MS = 150_000;
/** How long inits may take to end when their commands have. */
const END_LIMIT_MS = 20_000;
/** Nothing of the user's environment that an init might read as its settings. */
const ENVIRONMENT = { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" };

/** What the machine does not allow or what an init failed to do; the cell of the table says so. */
export class Unmeasurable extends Error {
	override readonly name = "Unmeasurable";
}

export interface StartSample {
	readonly durationNs: number;
	/** Page faults of the init and of the child that it waited for. */
	readonly faults: number;
}

export interface StartPlan {
	readonly place: "pid1" | "subreaper";
	readonly warmup: number;
	readonly rounds: number;
	readonly commands: readonly (readonly string[])[];
}

/**
 * Starts each command once in each round.
 * @returns for each command its samples, round by round.
 * @throws {Unmeasurable} when one of them does not end with 0.
 */
export async function timeStarts(
	launch: string,
	{ place, warmup, rounds, commands }: StartPlan,
): Promise<StartSample[][]> {
	const words = commands.flatMap((command) => ["::", ...command]);
	const { stdout } = await execa(launch, ["time", place, `${warmup}`, `${rounds}`, ...words], {
		env: ENVIRONMENT,
		extendEnv: false,
		stdin: "ignore",
		timeout: TIME_LIMIT_MS,
		killSignal: "SIGKILL",
	}).catch(explain);
	return parseStarts(stdout, commands.length, rounds);
}

/** Reads the launcher's lines. @throws when one is missing or no line of numbers. */
export function parseStarts(text: string, commands: number, rounds: number): StartSample[][] {
	const samples: StartSample[][] = Array.from({ length: commands }, () => []);
	for (const line of text.trim().split("\n")) {
		const [round, command, durationNs, faults] = line.split(" ").map(Number);
		const list = samples[command ?? -1];
		const fits = list !== undefined && list.length === round;
		if (!fits || !isNumber(durationNs) || !isNumber(faults)) {
			throw new Error(`the launcher printed a line that does not fit: ${line}`);
		}
		list.push({ durationNs, faults });
	}
	if (samples.some((list) => list.length !== rounds)) {
		throw new Error(`the launcher printed fewer than ${rounds} rounds`);
	}
	return samples;
}

function isNumber(value: number | undefined): value is number {
	return Number.isFinite(value);
}

/** Inits that run, each PID 1 of its own namespace. `await using` ends them. */
export interface RunningInits extends AsyncDisposable {
	/** Their pids as the machine numbers them. */
	readonly pids: readonly number[];
	/** Writes a line to the commands' common stdin. */
	tell(line: string): void;
	/** The next line of their common stdout. @throws {Unmeasurable} when there is none any more. */
	hear(): Promise<string>;
}

/** Starts `count` inits, in a cgroup if one is given by its folder; returns when each one's command has printed the line "ready". */
export async function runInits(
	launch: string,
	count: number,
	command: readonly string[],
	cgroup?: string,
): Promise<RunningInits> {
	const place = cgroup === undefined ? [] : ["in", cgroup];
	const launcher = execa(launch, [...place, "run", `${count}`, ...command], {
		env: ENVIRONMENT,
		extendEnv: false,
		reject: false,
		buffer: { stdout: false },
		timeout: RUN_LIMIT_MS,
		killSignal: "SIGKILL",
	});
	const lines = createInterface({ input: launcher.stdout })[Symbol.asyncIterator]();
	const hear = async (): Promise<string> => {
		const next = await lines.next();
		if (next.done !== true) return next.value;
		const { stderr, shortMessage } = await launcher;
		throw new Unmeasurable(firstLine(stderr) || firstLine(shortMessage) || "it ended too early");
	};
	const end = async (): Promise<void> => {
		launcher.stdin.end();
		// Its inits die with it.
		const limit = setTimeout(() => launcher.kill("SIGKILL"), END_LIMIT_MS);
		await launcher;
		clearTimeout(limit);
	};
	try {
		return {
			pids: await awaitReady(hear, count),
			hear,
			tell: (line) => launcher.stdin.write(`${line}\n`),
			[Symbol.asyncDispose]: end,
		};
	} catch (error) {
		await end();
		throw error;
	}
}

/** The launcher's line and those of the commands come in any order. */
async function awaitReady(hear: () => Promise<string>, count: number): Promise<number[]> {
	let pids: number[] = [];
	for (let ready = 0; ready < count || pids.length === 0; ) {
		const line = await hear();
		if (line === "ready") ready++;
		else if (line.startsWith("pids ")) pids = line.split(" ").slice(1).map(Number);
		else throw new Error(`expected "ready" or "pids" of the launcher, not ${line}`);
	}
	return pids;
}

function explain(error: unknown): never {
	const text =
		error instanceof Error && "stderr" in error && typeof error.stderr === "string"
			? error.stderr
			: "";
	if (/cannot clone for .*: Operation not permitted/.test(text)) {
		throw new Error("new PID namespaces need root (CAP_SYS_ADMIN): run the benchmarks as root");
	}
	// What an init says on its own account comes through the same pipe.
	const said = text.split("\n").find((line) => line.startsWith("launch: ")) ?? text;
	throw new Unmeasurable(firstLine(said) || firstLine(String(error)));
}

function firstLine(text = ""): string {
	return withoutFolders(text.split("\n", 1)[0] ?? "");
}
