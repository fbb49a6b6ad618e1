/** What each of many inits on one host costs. */
import { median } from "simple-statistics";
import { asPid1, type Init } from "../inits/init.ts";
import { runInits } from "../native/launcher.ts";
import { memoryCgroupObstacle, newMemoryCgroup } from "../native/memory-cgroup.ts";
import type { Bench, Measured, Measurement, RowHead } from "./measurement.ts";
import { memoryOf, untilIdle } from "./proc.ts";
import { interleave, rowOf, type Turns } from "./rounds.ts";

const CROWDS = [
	{ size: 1, rounds: 5, quickRounds: 2 },
	{ size: 100, rounds: 5, quickRounds: 2 },
	{ size: 1_000, rounds: 5, quickRounds: 1 },
] as const;
/** A cgroup counts to within some 100 KiB: for few inits that is as much as they cost. */
const FEWEST_FOR_CGROUP = 100;

/** KiB for each init of a crowd. */
interface Share {
	readonly proportional: number;
	/** The median of them. */
	readonly privateDirty: number;
	/** Of the host; undefined where there are too few to tell, or no cgroup. */
	readonly host: number | undefined;
}

const NO_OBJECTS = "it has no objects of a runtime to write to";

export const crowd: Measurement = {
	name: "crowd",
	title: "Many inits on one host",
	method:
		"N inits run at once, each as PID 1 with one child that sleeps in a read. PSS divides each page that they share among them; its sum over all inits, divided by N, is what one of them costs when N are there, and private dirty is what no neighbour can share (the median of all N). Memory of the host is what a memory cgroup around all of them counts, divided by N: the pages of the inits and of their children, and what the kernel itself needs for the two processes and their namespace. The floor shows how much of it is due to no init at all. The cgroup's counter is exact to some 100 KiB, so that it says nothing of a single one.",
	async measure(bench) {
		const obstacle = await memoryCgroupObstacle();
		const rows: Measured[] = [];
		for (const { size, rounds, quickRounds } of CROWDS) {
			const turns = await interleave(
				bench.inits,
				bench.quick ? quickRounds : rounds,
				async (init, round) => {
					bench.progress(`${size} at once: round ${round + 1}, ${init.name}`);
					const isHostCounted = obstacle === undefined && size >= FEWEST_FOR_CGROUP;
					return await gather(bench, init, size, isHostCounted);
				},
			);
			rows.push(...rowsOf(size, turns));
			if (size >= FEWEST_FOR_CGROUP) rows.push(hostRow(size, turns, obstacle));
		}
		return rows;
	},
};

async function gather(
	{ tools }: Bench,
	init: Init,
	size: number,
	isHostCounted: boolean,
): Promise<Share> {
	await using cgroup = isHostCounted ? await newMemoryCgroup() : undefined;
	const command = asPid1(init, [tools.idle]);
	await using running = await runInits(tools.launch, size, command, cgroup?.folder);
	await untilIdle(running.pids.at(-1) ?? 0);
	const host = cgroup && (await cgroup.usedBytes()) / 1024 / size;
	const found = await Promise.all(running.pids.map(memoryOf));
	return {
		proportional: found.reduce((sum, { proportional }) => sum + proportional, 0) / size,
		privateDirty: median(found.map(({ privateDirty }) => privateDirty)),
		host,
	};
}

const SHARED = { unit: "KiB", better: "less" } as const;

function rowsOf(size: number, turns: Turns<Share>): Measured[] {
	const proportional: RowHead = {
		...SHARED,
		id: `crowd.proportional.${size}`,
		title: `memory of an init, ${place(size)}: proportional (PSS)`,
		headline: false,
		whenBehind:
			size === 1
				? "its libc is divided among all processes of the machine that use it; in a container of its own it is not"
				: NO_OBJECTS,
		growth: { family: "Memory of inits", size, things: "inits at once", of: "each" },
	};
	const privateDirty: RowHead = {
		...SHARED,
		id: `crowd.private-dirty.${size}`,
		title: `memory of an init, ${place(size)}: private dirty`,
		headline: false,
		whenBehind: NO_OBJECTS,
	};
	return [
		rowOf(proportional, turns, (share) => share.proportional),
		rowOf(privateDirty, turns, (share) => share.privateDirty),
	];
}

function hostRow(size: number, turns: Turns<Share>, obstacle: string | undefined): Measured {
	const head: RowHead = {
		...SHARED,
		id: `crowd.host.${size}`,
		title: `memory of the host for each container, ${place(size)}`,
		headline: size === 1_000,
		whenBehind: NO_OBJECTS,
	};
	if (obstacle === undefined) return rowOf(head, turns, ({ host }) => host ?? Number.NaN);
	const absent = [...turns.taken.keys()].map((name): [string, string] => [name, obstacle]);
	return { ...head, samples: new Map(), absent: new Map([...turns.absent, ...absent]) };
}

function place(size: number): string {
	return size === 1 ? "alone" : `one of ${size.toLocaleString("en-US")}`;
}
