/** The C programs of the benchmarks, compiled for each run: some seconds, and never stale. */
import { join } from "node:path";
import { execa } from "execa";
import { findProgram } from "../../scripts/engine/toolchain.ts";
import { root } from "../../scripts/root.ts";
import type { StaticCompiler } from "./static-compiler.ts";

const SOURCES = join(root, "bench/native");
const FLAGS = ["-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror"];

export interface Tools {
	/** Starts inits and measures. */
	readonly launch: string;
	/** An init that is none: the floor. */
	readonly floor: string;
	/** The floor for a start that writes the environment down. */
	readonly export: string;
	/** Children: ends at once; sleeps until its stdin ends; leaves orphans. */
	readonly true: string;
	readonly idle: string;
	readonly orphans: string;
	/** Children: stamps signals; a tree that obeys SIGTERM; as many orphans as it is told. */
	readonly receive: string;
	readonly tree: string;
	readonly flood: string;
	/** Signals an init from outside. */
	readonly send: string;
	/** Becomes an init that has a /proc of its own. */
	readonly contain: string;
	/** The C library inside of the static ones. */
	readonly staticLibc: StaticCompiler["libc"];
}

/** Compiles all of them into `folder`. @throws with what to install when there is no compiler. */
export async function compileTools(folder: string, compiler: StaticCompiler): Promise<Tools> {
	if (findProgram("gcc") === undefined) {
		throw new Error("the measuring programs are written in C: apt-get install gcc libc6-dev");
	}
	const compile = async (
		name: string,
		{ program, before, after }: Pick<StaticCompiler, "program" | "before" | "after">,
	) => {
		const made = join(folder, name);
		const source = join(SOURCES, `${name}.c`);
		await execa(program, [...FLAGS, ...before, source, ...after, "-o", made]);
		return made;
	};
	const [launch, floor, exported, shortest, idle, orphans, receive, tree, flood, send, contain] =
		await Promise.all([
			compile("launch", { program: "gcc", before: [], after: [] }),
			compile("floor", compiler),
			compile("export", compiler),
			compile("true", compiler),
			compile("idle", compiler),
			compile("orphans", compiler),
			compile("receive", compiler),
			compile("tree", compiler),
			compile("flood", compiler),
			compile("send", compiler),
			compile("contain", compiler),
		]);
	return {
		launch,
		floor,
		export: exported,
		true: shortest,
		idle,
		orphans,
		receive,
		tree,
		flood,
		send,
		contain,
		staticLibc: compiler.libc,
	};
}
