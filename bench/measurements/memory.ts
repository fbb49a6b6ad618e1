/** Memory of an init that has nothing to do. */
import { asPid1 } from "../inits/init.ts";
import { runInits } from "../native/launcher.ts";
import type { Measurement, RowHead } from "./measurement.ts";
import { type Memory, memoryOf, untilIdle } from "./proc.ts";
import { interleave, rowOf } from "./rounds.ts";

const SHARED = { unit: "KiB", better: "less" } as const;

const ROWS: readonly (RowHead & { readonly figure: keyof Memory })[] = [
	{
		...SHARED,
		id: "memory.resident",
		title: "memory idle: resident (RSS)",
		headline: true,
		limit: { of: "median", most: 600 },
		whenBehind: "it has no heap of a runtime; most of ours is shared with every other container",
		figure: "resident",
	},
	{
		...SHARED,
		id: "memory.proportional",
		title: "memory idle: proportional (PSS)",
		headline: false,
		whenBehind:
			"its libc is divided among all processes of the machine that use it; in a container of its own it is not",
		figure: "proportional",
	},
	{
		...SHARED,
		id: "memory.private-dirty",
		title: "memory idle: private dirty",
		headline: true,
		limit: { of: "median", most: 48 },
		whenBehind: "it has no objects of a runtime to write to",
		figure: "privateDirty",
	},
];

export const memory: Measurement = {
	name: "memory",
	title: "Memory while idle",
	method:
		"Each init runs as PID 1 with one child that sleeps in a read, alone; when it has come to rest, /proc/PID/smaps_rollup counts its pages. RSS counts shared pages in full; PSS divides them among the processes that share them, those of the machine included; private and written is what each further container costs.",
	async measure({ inits, tools, quick, progress }) {
		const turns = await interleave(inits, quick ? 5 : 9, async (init, round) => {
			progress(`round ${round + 1}, ${init.name}`);
			await using running = await runInits(tools.launch, 1, asPid1(init, [tools.idle]));
			const pid = running.pids[0] ?? 0;
			await untilIdle(pid);
			return await memoryOf(pid);
		});
		return ROWS.map(({ figure, ...head }) => rowOf(head, turns, (found) => found[figure]));
	},
};
