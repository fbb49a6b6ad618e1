/** What it costs to reap orphans that end all at once, and how long one stays a zombie. */
import { quantile } from "simple-statistics";
import { asPid1, type Init } from "../inits/init.ts";
import { runInits, Unmeasurable } from "../native/launcher.ts";
import type { Bench, Measured, Measurement, RowHead } from "./measurement.ts";
import { cpuNsOf } from "./proc.ts";
import { interleave, rowOf, type Turns } from "./rounds.ts";

/** Orphans that end at one instant, and adopted processes that live on meanwhile. */
interface Situation {
	readonly size: number;
	readonly live: number;
	/** How often in one turn. */
	readonly bursts: number;
	readonly rounds: number;
	/** In a smoke run; 0: not at all. */
	readonly quickRounds: number;
}

const SITUATIONS: readonly Situation[] = [
	{ size: 1, live: 0, bursts: 500, rounds: 40, quickRounds: 8 },
	{ size: 10, live: 0, bursts: 100, rounds: 40, quickRounds: 8 },
	{ size: 1_000, live: 0, bursts: 5, rounds: 40, quickRounds: 8 },
	{ size: 10_000, live: 0, bursts: 1, rounds: 15, quickRounds: 0 },
	{ size: 1, live: 10_000, bursts: 100, rounds: 15, quickRounds: 0 },
	{ size: 1_000, live: 10_000, bursts: 2, rounds: 15, quickRounds: 0 },
];
const HEADLINE_SIZE = 1_000;

/** One turn: all bursts of one init. */
interface Reaped {
	readonly orphans: number;
	readonly cpuNs: number;
	/** From the instant of a burst to the last reaping. */
	readonly wholeNs: readonly number[];
	/** From the end of the last orphan to its reaping. */
	readonly lastNs: readonly number[];
}

export const reaping: Measurement = {
	name: "reaping",
	title: "Reaping orphans",
	method:
		"The main command makes N orphans (processes whose parent has ended, so that the init adopts them) and lets all of them end at one instant. CPU is the init's own time on a processor (/proc/PID/schedstat) for each orphan; orphans a second counts from that instant until the last pid is free, the time to end included; the time as a zombie is that of single orphans, from just before their exit until the pid is free; p50, p99 and max are those of one turn, and the cell has the median of the turns. Live processes are adopted too, so the kernel goes through them in every wait.",
	async measure(bench) {
		const inits = bench.inits.filter(({ reaps }) => reaps);
		const rows: Measured[] = [];
		for (const situation of SITUATIONS) {
			const rounds = bench.quick ? situation.quickRounds : situation.rounds;
			if (rounds === 0) continue;
			const turns = await interleave(inits, rounds, async (init, round) => {
				bench.progress(`${describe(situation)}: round ${round + 1}, ${init.name}`);
				return await reap(bench, init, situation);
			});
			rows.push(...rowsOf(situation, turns));
		}
		return rows;
	},
};

async function reap(bench: Bench, init: Init, { bursts, size, live }: Situation): Promise<Reaped> {
	const command = [bench.tools.orphans, `${bursts}`, `${size}`, `${live}`];
	await using running = await runInits(bench.tools.launch, 1, asPid1(init, command));
	const pid = running.pids[0] ?? 0;
	const before = await cpuNsOf(pid);
	running.tell("go");
	const wholeNs: number[] = [];
	const lastNs: number[] = [];
	for (let line = await running.hear(); line !== "done"; line = await running.hear()) {
		const [whole, last] = line.split(" ").slice(1).map(Number);
		if (whole === undefined || last === undefined) throw new Unmeasurable(`it said ${line}`);
		wholeNs.push(whole);
		lastNs.push(last);
	}
	return { orphans: bursts * size, cpuNs: (await cpuNsOf(pid)) - before, wholeNs, lastNs };
}

function rowsOf(situation: Situation, turns: Turns<Reaped>): Measured[] {
	const { size, live } = situation;
	const id = `${size}.${live}-live`;
	const cpu: RowHead = {
		id: `reaping.cpu.${id}`,
		title: `CPU for each orphan, ${describe(situation)}`,
		unit: "ns",
		better: "less",
		headline: size === HEADLINE_SIZE && live === 0,
		whenBehind:
			"it does no more than wait for each, where ours passes each event through its rules",
		...(live === 0 && { growth: { family: "CPU of a burst", size, things: "orphans at once" } }),
	};
	const rows = [rowOf(cpu, turns, ({ cpuNs, orphans }) => cpuNs / orphans)];
	if (size > 1) {
		const rate: RowHead = {
			id: `reaping.rate.${id}`,
			title: `orphans a second, ${describe(situation)}`,
			unit: "per second",
			better: "more",
			headline: false,
			whenBehind: "the same as for CPU, and two processors share the work of ending and of reaping",
		};
		const seconds = ({ wholeNs }: Reaped) => sum(wholeNs) / 1e9;
		return [...rows, rowOf(rate, turns, (turn) => turn.orphans / seconds(turn))];
	}
	const zombie = (name: string, fraction: number): Measured => {
		const head: RowHead = {
			id: `reaping.zombie-${name}.${id}`,
			title: `time as a zombie, ${name}, ${describe(situation)}`,
			unit: "ns",
			better: "less",
			headline: name === "p50" && live === 0,
			whenBehind: "it wakes up into less code",
		};
		return rowOf(head, turns, ({ lastNs }) => quantile([...lastNs], fraction));
	};
	return [...rows, zombie("p50", 0.5), zombie("p99", 0.99), zombie("max", 1)];
}

function describe({ size, live }: Situation): string {
	const number = (value: number) => value.toLocaleString("en-US");
	const burst = size === 1 ? "one by one" : `${number(size)} at once`;
	return live === 0 ? burst : `${burst}, ${number(live)} live`;
}

function sum(values: readonly number[]): number {
	return values.reduce((total, value) => total + value, 0);
}
