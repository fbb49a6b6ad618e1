/** How long a signal to the init takes until its main child has it. */
import { quantile } from "simple-statistics";
import { asPid1, type Init } from "../inits/init.ts";
import { runInits, Unmeasurable } from "../native/launcher.ts";
import { newStampsFile, type Processors, type SentSignals, sendSignals } from "../native/send.ts";
import type { Bench, Measured, Measurement, RowHead } from "./measurement.ts";
import { untilIdle } from "./proc.ts";
import { interleave, rowOf, type Turns } from "./rounds.ts";

const ROUNDS = 15;
const QUICK_ROUNDS = 2;
const SIGNALS = 300;

interface Weather {
	readonly id: string;
	readonly title: string;
	/** Processes that make orphans: receive.c has each of them make 50 every 5 ms. */
	readonly helpers: number;
	readonly processors: Processors;
	readonly whenBehind: string;
}

const WEATHERS: readonly Weather[] = [
	{
		id: "quiet",
		title: "quiet",
		helpers: 0,
		processors: "one",
		whenBehind:
			"it wakes up into less code, where ours passes the signal through its rules before it sends it on",
	},
	{
		id: "storm",
		title: "20,000 orphans a second",
		helpers: 2,
		processors: "any",
		whenBehind:
			"it wakes up into less code, and a signal that comes while children are reaped waits for them, each of which takes ours longer",
	},
];

/** The storm's pace when nothing holds it up, and the part of it that must be reached to be called so. */
const ORPHANS_A_SECOND = 20_000;
const LEAST_SHARE = 0.5;

export const signals: Measurement = {
	name: "signals",
	title: "Signals to the main child",
	method: `A program outside of the namespace sends SIGUSR1, which all of these inits pass on, to the init, ${SIGNALS} times in a turn, each after a pause of 0.2 to 0.8 ms and after the one before it has arrived. The time runs from before kill(2) until the main child returns from sigwaitinfo(2): both read CLOCK_MONOTONIC, nothing of the measured stretch is JavaScript but ours. p50 and p99 are those of one turn, and the cell has the median of the turns. While all is quiet, sender, init and main child run on one processor: from one to another, the kernel's choice where to wake each weighs more than the init. In the storm they run on all, and two other children of the container make 50 orphans every 5 ms each, which end at once, so that the init reaps ${ORPHANS_A_SECOND.toLocaleString("en-US")} of them a second.`,
	async measure(bench) {
		const inits = bench.inits.filter(({ reaps }) => reaps);
		const rows: Measured[] = [];
		for (const weather of WEATHERS) {
			const turns = await interleave(
				inits,
				bench.quick ? QUICK_ROUNDS : ROUNDS,
				async (init, round) => {
					bench.progress(`${weather.title}: round ${round + 1}, ${init.name}`);
					return await signal(bench, init, weather);
				},
			);
			rows.push(...rowsOf(weather, turns));
		}
		return rows;
	},
};

async function signal(
	{ tools }: Bench,
	init: Init,
	{ helpers, processors }: Weather,
): Promise<SentSignals> {
	await using file = await newStampsFile();
	const command = asPid1(init, [tools.receive, file.path, `${helpers}`, processors]);
	await using running = await runInits(tools.launch, 1, command);
	const pid = running.pids[0] ?? 0;
	if (helpers === 0) await untilIdle(pid);
	const sent = await sendSignals(tools.send, file.path, { pid, count: SIGNALS, processors });
	if (helpers > 0 && sent.orphansPerSecond < ORPHANS_A_SECOND * LEAST_SHARE) {
		throw new Unmeasurable(`no more than ${Math.round(sent.orphansPerSecond)} orphans a second`);
	}
	return sent;
}

function rowsOf({ id, title, whenBehind }: Weather, turns: Turns<SentSignals>): Measured[] {
	return [
		{ name: "p50", fraction: 0.5 },
		{ name: "p99", fraction: 0.99 },
	].map(({ name, fraction }) => {
		const head: RowHead = {
			id: `signals.${id}.${name}`,
			title: `from a signal to the main child, ${name}, ${title}`,
			unit: "ns",
			better: "less",
			headline: false,
			whenBehind,
		};
		return rowOf(head, turns, ({ latenciesNs }) => quantile([...latenciesNs], fraction));
	});
}
