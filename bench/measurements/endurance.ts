/** Whether an init's memory grows with the orphans that it has reaped. */
import { asPid1, type Init } from "../inits/init.ts";
import { runInits, Unmeasurable } from "../native/launcher.ts";
import type { Bench, Measured, Measurement, RowHead } from "./measurement.ts";
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
		return milestones.flatMap((milestone, i) =>
			rowsOf(milestone).map(({ figure, ...head }): Measured => {
				return rowOf(head, turns, (found) => found[i]?.[figure] ?? Number.NaN);
			}),
		);
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

function rowsOf(milestone: number): (RowHead & { readonly figure: keyof Memory })[] {
	const shared = { unit: "KiB", better: "less", headline: false } as const;
	const when = `after ${milestone.toLocaleString("en-US")} orphans`;
	return [
		{
			...shared,
			id: `endurance.resident.${milestone}`,
			title: `memory ${when}: resident (RSS)`,
			whenBehind: "it has no heap of a runtime",
			growth: {
				family: "Memory after orphans",
				size: milestone,
				things: "orphans reaped",
				of: "all",
			},
			figure: "resident",
		},
		{
			...shared,
			id: `endurance.private-dirty.${milestone}`,
			title: `memory ${when}: private dirty`,
			whenBehind: "it has no objects of a runtime to write to",
			figure: "privateDirty",
		},
	];
}
