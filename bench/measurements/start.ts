/** Start: from execve of the init over its child's start and end to its own end. */
import { existsSync } from "node:fs";
import { commandLine, type Place } from "../inits/init.ts";
import { type StartSample, timeStarts, Unmeasurable } from "../native/launcher.ts";
import type { Tools } from "../native/tools.ts";
import type { Bench, Measured, Measurement, RowHead } from "./measurement.ts";
import { rowOf } from "./rounds.ts";

export const WARMUP_ROUNDS = 20;
/** What the project promises as PID 1, in times of the reference, by the child. */
const LIMITS: Readonly<Record<string, number>> = { "static-true": 0.45, "bin-true": 0.7 };
/** How titles call a place. */
export const PLACES: Readonly<Record<Place, string>> = { pid1: "PID 1", subreaper: "subreaper" };

interface Child {
	readonly id: string;
	readonly title: string;
	readonly file: string;
}

export const start: Measurement = {
	name: "start",
	title: "Start: exec + true + exit",
	method:
		"A launcher in C starts every init once in each round, in rotating order, warm; the clock runs from just before execve of the init to the return of wait4. As PID 1: in a fresh PID namespace, whose making is not counted and whose end is. Page faults are those that wait4 reports: of the init and its child together.",
	async measure(bench) {
		const rows: Measured[] = [];
		for (const place of ["pid1", "subreaper"] as const) {
			for (const child of children(bench)) rows.push(...(await startsOf(bench, place, child)));
		}
		return rows;
	},
};

function children(bench: Bench): Child[] {
	const machines = ["/bin/true", "/usr/bin/true"].find((file) => existsSync(file));
	return [
		{ id: "static-true", title: "a static true", file: bench.tools.true },
		...(machines === undefined
			? []
			: [{ id: "bin-true", title: `the machine's ${machines}`, file: machines }]),
	];
}

async function startsOf(bench: Bench, place: Place, child: Child): Promise<Measured[]> {
	const absent = new Map<string, string>();
	const commands: { name: string; words: readonly string[] }[] = [];
	for (const init of bench.inits) {
		const words = commandLine(init, place, [child.file]);
		if (words === undefined) {
			absent.set(init.name, `has no mode as ${PLACES[place]}`);
			continue;
		}
		const obstacle = await obstacleTo(bench.tools, place, words);
		if (obstacle === undefined) commands.push({ name: init.name, words });
		else absent.set(init.name, obstacle);
	}
	bench.progress(`${bench.rounds} rounds as ${PLACES[place]}, ${child.title}`);
	const samples = await timeStarts(bench.tools.launch, {
		place,
		warmup: WARMUP_ROUNDS,
		rounds: bench.rounds,
		commands: commands.map(({ words }) => words),
	});
	const taken = new Map(
		commands.map(({ name }, i): [string, StartSample[]] => [name, samples[i] ?? []]),
	);
	const time = rowOf(timeHead(place, child), { taken, absent }, ({ durationNs }) => durationNs);
	if (place !== "pid1" || child.id !== "static-true") return [time];
	return [time, rowOf(faultsHead(place, child), { taken, absent }, ({ faults }) => faults)];
}

/** Why a start fails: one init that cannot do it must not end the round of all others. */
export async function obstacleTo(
	tools: Tools,
	place: Place,
	command: readonly string[],
): Promise<string | undefined> {
	try {
		await timeStarts(tools.launch, { place, warmup: 0, rounds: 1, commands: [command] });
		return undefined;
	} catch (error) {
		if (error instanceof Unmeasurable) return error.message;
		throw error;
	}
}

function timeHead(place: Place, child: Child): RowHead {
	const most = place === "pid1" ? LIMITS[child.id] : undefined;
	return {
		id: `start.${place}.${child.id}`,
		title: `start as ${PLACES[place]}, ${child.title}`,
		unit: "ns",
		better: "less",
		headline: place === "pid1",
		whenBehind: "it sets up less than a runtime of JavaScript needs",
		...(most !== undefined && { limit: { of: "ratio", most } }),
	};
}

function faultsHead(place: Place, child: Child): RowHead {
	return {
		id: `faults.${place}.${child.id}`,
		title: `page faults of a start as ${PLACES[place]}, ${child.title}`,
		unit: "count",
		better: "less",
		headline: false,
		whenBehind: "it touches fewer pages: the frozen heap's own lie on several",
	};
}
