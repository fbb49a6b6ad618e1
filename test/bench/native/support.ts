// What tests of the C programs have in common.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compileTools, type Tools } from "../../../bench/native/tools.ts";
import { findProgram } from "../../../scripts/engine/toolchain.ts";

/** Not static: a static libc is not on every machine, and no time is judged here. */
const COMPILER = { libc: "glibc", program: "gcc", before: [], after: [] } as const;

export const hasCompiler = process.platform === "linux" && findProgram("gcc") !== undefined;
export const NEEDS_COMPILER = "the measuring programs are for Linux, and need gcc";

/** Whether PID namespaces can be made; what is tried is what the launcher does. */
export const hasNamespaces = spawnSync("unshare", ["--pid", "--fork", "true"]).status === 0;
export const NEEDS_NAMESPACES = "new PID namespaces need root (CAP_SYS_ADMIN)";

export interface CompiledTools extends Disposable {
	readonly tools: Tools;
	/** A file that is not there yet, in a folder that is removed with the tools. */
	newFile(): string;
}

export async function compileForTests(): Promise<CompiledTools> {
	const folder = mkdtempSync(join(tmpdir(), "bench-test-"));
	let files = 0;
	return {
		tools: await compileTools(folder, COMPILER),
		newFile: () => join(folder, `file-${++files}`),
		[Symbol.dispose]: () => rmSync(folder, { recursive: true }),
	};
}

/** A shell as init: it waits for whatever child ends, and so reaps orphans, until its command has ended. */
export function asShellsChild(command: readonly string[]): string[] {
	return ["/bin/sh", "-c", '"$@"; exit $?', "sh", ...command];
}

/** The pids of a process's children, the lowest first. */
export function childrenOf(parent: number): number[] {
	const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
	return pids
		.map(Number)
		.filter((pid) => parentOf(pid) === parent)
		.sort((one, other) => one - other);
}

/** Undefined when the process is gone. */
function parentOf(pid: number): number | undefined {
	try {
		const [, parent] = /\) \S (\d+) /.exec(readFileSync(`/proc/${pid}/stat`, "latin1")) ?? [];
		return Number(parent);
	} catch {
		return undefined;
	}
}
