/** System calls of a start: what an init asks of the kernel besides starting its child and waiting for it. */
import { commandLine, type Place } from "../inits/init.ts";
import { Unmeasurable } from "../native/launcher.ts";
import { callsOf, findTracer, type Tracer, traceToEnd } from "../native/tracer.ts";
import type { Bench, Measured, Measurement, RowHead } from "./measurement.ts";
import { interleave, rowOf } from "./rounds.ts";
import { PLACES } from "./start.ts";

const ROUNDS = 15;
const QUICK_ROUNDS = 3;

export const calls: Measurement = {
	name: "calls",
	title: "System calls of a start",
	method:
		"strace(1) follows one start of a static true and writes the calls of each process apart; counted are those of the init, from the first after its execve to its exit_group, those of a dynamic loader included, and none of its child's, before the child's execve neither. A child may end before or after the init has begun to wait, which is a few calls more or less: the median of the rounds (15, quick: 3).",
	async measure(bench) {
		const tracer = await findTracer().catch(onlyUnmeasurable);
		const rows: Measured[] = [];
		for (const place of ["pid1", "subreaper"] as const) {
			rows.push(await countCalls(bench, place, tracer));
		}
		return rows;
	},
};

async function countCalls(
	{ inits, tools, quick, progress }: Bench,
	place: Place,
	tracer: Tracer | Unmeasurable,
): Promise<Measured> {
	const turns = await interleave(inits, quick ? QUICK_ROUNDS : ROUNDS, async (init, round) => {
		if (tracer instanceof Unmeasurable) throw tracer;
		const words = commandLine(init, place, [tools.true]);
		if (words === undefined) throw new Unmeasurable(`has no mode as ${PLACES[place]}`);
		progress(`round ${round + 1} as ${PLACES[place]}, ${init.name}`);
		const start = [tools.launch, "time", place, "0", "1", "::", ...words];
		const found = callsOf(init.file, await traceToEnd(tracer, start));
		if (found === undefined) throw new Unmeasurable("strace did not see it start");
		return found.length;
	});
	return rowOf(head(place), turns, Number);
}

function head(place: Place): RowHead {
	return {
		id: `calls.${place}.static-true`,
		title: `system calls of a start as ${PLACES[place]}, a static true`,
		unit: "count",
		better: "less",
		headline: false,
		whenBehind:
			"before it starts its child it does not look whether the command is there, whether that is the init itself, and where the terminal is, nor at the end whether somebody is left; docs/start.md has the reason for each call of ours",
	};
}

function onlyUnmeasurable(error: unknown): Unmeasurable {
	if (error instanceof Unmeasurable) return error;
	throw error;
}
