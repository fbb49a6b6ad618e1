/** One run: prepare, measure, evaluate. */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../scripts/root.ts";
import { floorInit } from "./inits/floor.ts";
import type { Init } from "./inits/init.ts";
import { anotherBuild, ourInit } from "./inits/ours.ts";
import { findPeers } from "./inits/peers.ts";
import { currentLoad, describeMachine } from "./machine.ts";
import type { Measurement } from "./measurements/measurement.ts";
import { compileTools, type Tools } from "./native/tools.ts";
import { REPORT_FORMAT, type Report, type Section } from "./report/report.ts";
import { evaluate } from "./statistics/evaluate.ts";

export interface Plan {
	readonly measurements: readonly Measurement[];
	readonly rounds: number;
	readonly quick: boolean;
	/** Other builds of the init to measure beside, as NAME=FILE. */
	readonly also: readonly string[];
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
		const tools = await compileTools(folder);
		const { inits, missing } = await gatherInits(plan, tools, folder);
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
	const ours = await ourInit(folder);
	const builds = await Promise.all(plan.also.map((argument) => anotherBuild(argument, folder)));
	const peers = await findPeers(join(root, ".cache/bench"));
	const inits = [ours, ...builds, ...peers.inits, await floorInit(tools)];
	return { inits, missing: peers.missing };
}

/** A folder of this run alone, so that two runs do not disturb each other. */
async function newFolder(): Promise<string> {
	const parent = join(root, "build/bench");
	await mkdir(parent, { recursive: true });
	return await mkdtemp(join(parent, "run-"));
}
