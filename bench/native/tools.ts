/** The C programs of the benchmarks, compiled for each run: some seconds, and never stale. */
import { join } from "node:path";
import { execa } from "execa";
import { findProgram } from "../../scripts/engine/toolchain.ts";
import { root } from "../../scripts/root.ts";

const SOURCES = join(root, "bench/native");
const FLAGS = ["-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror"];

export interface Tools {
	/** Starts inits and measures. */
	readonly launch: string;
	/** An init that is none: the floor. */
	readonly floor: string;
	/** Children: ends at once; sleeps until its stdin ends; leaves orphans. */
	readonly true: string;
	readonly idle: string;
	readonly orphans: string;
	/** The C library inside of the static ones. */
	readonly staticLibc: "musl" | "glibc";
}

/** Compiles all of them into `folder`. @throws with what to install when there is no compiler. */
export async function compileTools(folder: string): Promise<Tools> {
	if (findProgram("gcc") === undefined) {
		throw new Error("the measuring programs are written in C: apt-get install gcc libc6-dev");
	}
	const staticLibc = findProgram("musl-gcc") === undefined ? "glibc" : "musl";
	const staticCompiler = staticLibc === "musl" ? "musl-gcc" : "gcc";
	const compile = async (name: string, compiler: string, flags: readonly string[]) => {
		const program = join(folder, name);
		await execa(compiler, [...FLAGS, ...flags, "-o", program, join(SOURCES, `${name}.c`)]);
		return program;
	};
	const [launch, floor, shortest, idle, orphans] = await Promise.all([
		compile("launch", "gcc", []),
		compile("floor", staticCompiler, ["-static"]),
		compile("true", staticCompiler, ["-static"]),
		compile("idle", staticCompiler, ["-static"]),
		compile("orphans", staticCompiler, ["-static"]),
	]);
	return { launch, floor, true: shortest, idle, orphans, staticLibc };
}
