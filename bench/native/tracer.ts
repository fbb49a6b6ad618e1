/** strace(1), and which system calls it saw a process make. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { readDistribution } from "../../scripts/engine/distribution.ts";
import { fetchPackages, unpackPackages } from "../../scripts/engine/packages.ts";
import { archiveOf, findProgram } from "../../scripts/engine/toolchain.ts";
import { programIn, unpackedEnvironment } from "../../scripts/engine/unpacked.ts";
import { root } from "../../scripts/root.ts";
import { Unmeasurable } from "./launcher.ts";

/** Where packages of the benchmarks are unpacked. */
const CACHE = join(root, ".cache/bench");
const TIME_LIMIT_MS = 60_000;
/** strace writes what a process does between its calls too: signals, and its end. */
const CALL = /^[a-z_]\w*\(/;

export interface Tracer {
	readonly program: string;
	/** Words that every use of it begins with. */
	readonly words: readonly string[];
	/** What it needs of the environment itself. */
	readonly environment: Readonly<Record<string, string>>;
}

/** The installed one; else that of the distribution's package, unpacked. @throws {Unmeasurable} when there is none. */
export async function findTracer(): Promise<Tracer> {
	const installed = findProgram("strace");
	if (installed !== undefined) return { program: installed, words: [], environment: {} };
	return await unpackedTracer().catch(() => {
		throw new Unmeasurable("strace could not be had");
	});
}

async function unpackedTracer(): Promise<Tracer> {
	const distribution = await readDistribution();
	if (distribution === undefined) throw new Error("no os-release(5)");
	const archive = await archiveOf([distribution.codename]);
	const debs = await fetchPackages(archive, ["strace"], "with-missing-dependencies");
	const tree = await unpackPackages(debs, CACHE);
	const { LD_LIBRARY_PATH = "" } = unpackedEnvironment(tree);
	// Its own libraries must not be searched for those of what it traces: that would be calls more.
	const words = ["-E", "LD_LIBRARY_PATH"];
	return { program: programIn(tree, "strace"), words, environment: { LD_LIBRARY_PATH } };
}

/** One file of calls for each process, named by its pid. `await using` removes them. */
export interface Traces extends AsyncDisposable {
	/** The words before a command that make its processes write their traces. */
	readonly words: readonly string[];
	/** What has been written so far, by pid. */
	read(): Promise<ReadonlyMap<number, string>>;
}

/** Prepares to trace a command and all that it starts. */
export async function newTraces({ program, words }: Tracer): Promise<Traces> {
	const folder = await mkdtemp(join(tmpdir(), "baseimage-ts-trace-"));
	return {
		words: [program, ...words, "-qq", "-f", "-ff", "-o", join(folder, "of")],
		async read() {
			const names = await readdir(folder);
			const texts = names.map(
				async (name): Promise<[number, string]> => [
					Number(name.slice("of.".length)),
					await readFile(join(folder, name), "latin1"),
				],
			);
			return new Map(await Promise.all(texts));
		},
		[Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
	};
}

/** Traces a command until it and all that it started has ended. @throws {Unmeasurable} when it does not end with 0. */
export async function traceToEnd(
	tracer: Tracer,
	command: readonly string[],
): Promise<readonly string[]> {
	await using traces = await newTraces(tracer);
	const [program = "", ...words] = [...traces.words, ...command];
	const { exitCode } = await execa(program, words, {
		env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", ...tracer.environment },
		extendEnv: false,
		stdin: "ignore",
		reject: false,
		timeout: TIME_LIMIT_MS,
		killSignal: "SIGKILL",
	});
	if (exitCode !== 0) throw new Unmeasurable("it does not end with 0 under strace");
	return [...(await traces.read()).values()];
}

/**
 * The calls of the process that became `program`, from its first as that program to its end; those that have not returned yet too.
 * @returns undefined when no trace is of such a process.
 */
export function callsOf(program: string, traces: Iterable<string>): string[] | undefined {
	for (const trace of traces) {
		const lines = trace.split("\n").filter((line) => CALL.test(line));
		const became = lines.findIndex((line) => isExecOf(program, line));
		if (became >= 0) return lines.slice(became + 1);
	}
	return undefined;
}

function isExecOf(program: string, line: string): boolean {
	return line.startsWith(`execve("${program}"`) && line.endsWith(" = 0");
}
