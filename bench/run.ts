/** One run: prepare, measure, evaluate. */
import { mkdir, mkdtemp, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../scripts/root.ts";
import { floorInit } from "./inits/floor.ts";
import type { Init } from "./inits/init.ts";
import { anotherBuild, type Build, ourInit } from "./inits/ours.ts";
import { findPeers } from "./inits/peers.ts";
import { currentLoad, describeMachine } from "./machine.ts";
import type { Measurement } from "./measurements/measurement.ts";
import { findStaticCompiler } from "./native/static-compiler.ts";
import { compileTools, type Tools } from "./native/tools.ts";
import { REPORT_FORMAT, type Report, type Section } from "./report/report.ts";
import { evaluate } from "./statistics/evaluate.ts";

/** Unpacked packages. */
const CACHE = join(root, ".cache/bench");

export interface Plan {
	readonly measurements: readonly Measurement[];
	readonly rounds: number;
	readonly quick: boolean;
	/** A file to measure as ours, in place of a fresh build. */
	readonly init: string | undefined;
	/** Other builds of the init to measure beside. */
	readonly also: readonly Build[];
}

/** Tells what is being done: "start" and "60 rounds as PID 1". */
export type Progress = (subject: string, step: string) => void;

/** @throws when something that every row needs is missing: compiler, root, the init itself. */
export async function runBenchmarks(plan: Plan, progress: Progress): Promise<Report> {
	const date = new Date().toISOString();
	const began = performance.now();
	// Before our own builds load the machine.
	const loadBefore = currentLoad();
	const folder = await newFolder();
	try {
		progress("preparing", "building the init, compiling tools, unpacking peers");
		const tools = await compileTools(folder, await findStaticCompiler(CACHE));
		const { inits, missing } = await gatherInits(plan, tools, folder);
		await Promise.all(inits.map(({ file }) => writeBack(file)));
		const sections: Section[] = [];
		for (const { name, title, method, measure } of plan.measurements) {
			const measured = await measure({
				inits,
				tools,
				quick: plan.quick,
				rounds: plan.rounds,
				progress: (step) => progress(name, step),
			});
			sections.push({ name, title, method, rows: measured.map(evaluate) });
		}
		return {
			format: REPORT_FORMAT,
			date,
			seconds: Math.round((performance.now() - began) / 1_000),
			quick: plan.quick,
			machine: await describeMachine(),
			loadBefore,
			loadAfter: currentLoad(),
			inits: inits.map(({ name, role, version, linkage }) => ({ name, role, version, linkage })),
			missing: [...missing].map(([name, reason]) => ({ name, reason })),
			sections,
		};
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

interface Gathered {
	readonly inits: readonly Init[];
	readonly missing: ReadonlyMap<string, string>;
}

async function gatherInits(plan: Plan, tools: Tools, folder: string): Promise<Gathered> {
	const ours = await ourInit(folder, plan.init);
	const builds = await Promise.all(plan.also.map((build) => anotherBuild(build, folder)));
	const peers = await findPeers(CACHE);
	const inits = [ours, ...builds, ...peers.inits, await floorInit(tools)];
	const names = inits.map(({ name }) => name);
	const twice = names.find((name, i) => names.indexOf(name) !== i);
	if (twice !== undefined) throw new Error(`--also ${twice}: there is a column of that name`);
	return { inits, missing: peers.missing };
}

/**
 * Waits until the file lies on the disk: pages of a file that was only just written count as dirty in every process that maps
 * it, and would be held against an init that was unpacked or copied last.
 */
async function writeBack(file: string): Promise<void> {
	await using handle = await open(file);
	await handle.sync();
}

/** A folder of this run alone, so that two runs do not disturb each other. */
async function newFolder(): Promise<string> {
	const parent = join(root, "build/bench");
	await mkdir(parent, { recursive: true });
	return await mkdtemp(join(parent, "run-"));
}
