/** One run: prepare, measure, judge. */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { root } from "../../scripts/root.ts";
import { ourInit } from "../inits/ours.ts";
import { currentLoad, describeMachine } from "../machine.ts";
import { findStaticCompiler } from "../native/static-compiler.ts";
import { evaluate } from "./judge.ts";
import { type Extent, measureAll } from "./measure.ts";
import { REPORT_FORMAT, type Report } from "./report/report.ts";
import type { Tools } from "./stage.ts";
import { findPeers, OURS, ourSupervisor, type Supervisor } from "./supervisors.ts";

const CACHE = join(root, ".cache/bench");
const SOURCES = join(root, "bench/services/native");
const FLAGS = ["-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror"];
export const NOT_BUILT = "not built yet";

export interface Plan {
	readonly extent: Extent;
	readonly quick: boolean;
	/** A file to measure as ours, in place of a fresh build. */
	readonly init: string | undefined;
	/** Columns to measure; undefined: all. */
	readonly only: readonly string[] | undefined;
}

/** @throws when something that every row needs is missing: compiler, root, the packages. */
export async function runServices(
	plan: Plan,
	progress: (subject: string, step: string) => void,
): Promise<Report> {
	const date = new Date().toISOString();
	const began = performance.now();
	const loadBefore = currentLoad();
	if (process.getuid?.() !== 0) {
		throw new Error("new PID namespaces need root (CAP_SYS_ADMIN): run the benchmarks as root");
	}
	const folder = await newFolder();
	try {
		progress("preparing", "compiling tools, unpacking the supervisors");
		const tools = await compileTools(folder);
		const ours = await ownSupervisor(plan, folder);
		const peers = await findPeers(CACHE);
		const { only } = plan;
		const isWanted = ({ name }: { name: string }) => only === undefined || only.includes(name);
		const supervisors = [...(typeof ours === "string" ? [] : [ours]), ...peers.found].filter(
			isWanted,
		);
		const missing = [...peers.missing].map(([name, reason]) => ({ name, reason }));
		if (typeof ours === "string") missing.unshift({ name: OURS, reason: ours });
		const samples = await measureAll(tools, supervisors, plan.extent, folder, progress);
		return {
			format: REPORT_FORMAT,
			date,
			seconds: Math.round((performance.now() - began) / 1_000),
			quick: plan.quick,
			machine: await describeMachine(),
			loadBefore,
			loadAfter: currentLoad(),
			columns: supervisors.map(({ name, version }) => ({ name, version })),
			missing: missing.filter(isWanted),
			rows: samples.map(evaluate),
		};
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** Ours, or why it cannot be measured. */
async function ownSupervisor({ init, only }: Plan, folder: string): Promise<Supervisor | string> {
	if (only !== undefined && !only.includes(OURS)) return NOT_BUILT;
	const { file, version } = await ourInit(folder, init);
	// It starts no definitions where its initctl cannot compile any.
	const { exitCode } = await execa(file, ["compile"], { argv0: "initctl", reject: false });
	return exitCode === 0 ? ourSupervisor(file, version) : NOT_BUILT;
}

async function compileTools(folder: string): Promise<Tools> {
	const { program, before, after } = await findStaticCompiler(CACHE);
	const compile = async (name: string) => {
		const made = join(folder, name);
		const source = join(SOURCES, `${name}.c`);
		await execa(program, [...FLAGS, ...before, source, ...after, "-o", made]);
		return made;
	};
	const [stage, service] = await Promise.all([compile("stage"), compile("service")]);
	return { stage, service };
}

/** A folder of this run alone, so that two runs do not disturb each other. */
async function newFolder(): Promise<string> {
	const parent = join(root, "build/bench");
	await mkdir(parent, { recursive: true });
	return await mkdtemp(join(parent, "services-"));
}
