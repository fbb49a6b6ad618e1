/** Whether an init's memory grows with the orphans that it has reaped. */
import { asPid1, type Init } from "../inits/init.ts";
import { runInits, Unmeasurable } from "../native/launcher.ts";
import type { Bench, Measurement, RowHead } from "./measurement.ts";
import { type Memory, memoryOf, untilIdle } from "./proc.ts";
import { interleave, rowOf } from "./rounds.ts";

/** Orphans reaped since the start, at which the memory is looked at. */
const MILESTONES = [1_000, 10_000, 100_000, 1_000_000];
const QUICK_MILESTONES = [100, 1_000, 10_000];

export const endurance: Measurement = {
	name: "endurance",
	title: "Memory after many orphans",
	method:
		"One run of each init as PID 1: its main child makes orphans, a thousand at once, which end at once, and waits until all are reaped; at each milestone, when the init has come to rest, /proc/PID/smaps_rollup counts its pages. An exponent of 0 means that nothing is kept of an orphan.",
	async measure(bench) {
		const milestones = bench.quick ? QUICK_MILESTONES : MILESTONES;
		const inits = bench.inits.filter(({ reaps }) => reaps);
		const turns = await interleave(inits, 1, (init) => endure(bench, init, milestones));
		const at = (i: number, figure: keyof Memory) => (found: readonly Memory[]) =>
			found[i]?.[figure] ?? Number.NaN;
		const last = milestones.length - 1;
		return [
			...milestones.map((orphans, i) => rowOf(residentHead(orphans), turns, at(i, "resident"))),
			rowOf(privateDirtyHead(milestones[last] ?? 0), turns, at(last, "privateDirty")),
		];
	},
};

/** The memory at each of the milestones. */
async function endure(
	{ tools, progress }: Bench,
	init: Init,
	milestones: readonly number[],
): Promise<Memory[]> {
	await using running = await runInits(tools.launch, 1, asPid1(init, [tools.flood]));
	const pid = running.pids[0] ?? 0;
	const found: Memory[] = [];
	let reaped = 0;
	for (const milestone of milestones) {
		progress(`${milestone} orphans, ${init.name}`);
		running.tell(`${milestone - reaped}`);
		const answer = await running.hear();
		if (answer !== "reaped") throw new Unmeasurable(`it said ${answer}`);
		reaped = milestone;
		await untilIdle(pid);
		found.push(await memoryOf(pid));
	}
	return found;
}

const SHARED = { unit: "KiB", better: "less", headline: false } as const;

function residentHead(orphans: number): RowHead {
	const family = "Memory after orphans";
	return {
		...SHARED,
		id: `endurance.resident.${orphans}`,
		title: `memory ${after(orphans)}: resident (RSS)`,
		whenBehind: "it has no heap of a runtime",
		growth: { family, size: orphans, things: "orphans reaped", of: "all" },
	};
}

function privateDirtyHead(orphans: number): RowHead {
	return {
		...SHARED,
		id: `endurance.private-dirty.${orphans}`,
		title: `memory ${after(orphans)}: private dirty`,
		whenBehind: "it has no objects of a runtime to write to",
	};
}

function after(orphans: number): string {
	return `after ${orphans.toLocaleString("en-US")} orphans`;
}
