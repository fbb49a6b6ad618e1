/** The rounds: in each, every supervisor has one turn with every number of services, in an order that rotates. */
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { untilIdle } from "../measurements/proc.ts";
import { Unmeasurable } from "../native/launcher.ts";
import { type Cost, costOf, outerPid, supervisorsOf } from "./cost.ts";
import { type Figure, headOf, type RowHead } from "./rows.ts";
import { type Stage, setStage, type Tools } from "./stage.ts";
import type { Supervisor } from "./supervisors.ts";

export interface Extent {
	readonly sizes: readonly number[];
	/** A third of them where there are a thousand services and more. */
	readonly rounds: number;
	readonly idleMs: number;
	/** Of one service after another, in one boot. */
	readonly kills: number;
	/** Number of services in the restart's row. */
	readonly killedAmong: number;
}

export const WHOLE: Extent = {
	sizes: [1, 10, 100, 1_000],
	rounds: 15,
	idleMs: 60_000,
	kills: 50,
	killedAmong: 100,
};
export const QUICK: Extent = {
	sizes: [1, 10, 100],
	rounds: 1,
	idleMs: 10_000,
	kills: 10,
	killedAmong: 10,
};

/** A row before it is judged. */
export interface Samples {
	readonly head: RowHead;
	/** By column; the n-th of each belongs to the n-th round. */
	readonly taken: Map<string, number[]>;
	/** Why there is none, by column. */
	readonly absent: Map<string, string>;
}

interface Turn {
	readonly supervisor: Supervisor;
	readonly size: number;
	readonly round: number;
}

export async function measureAll(
	tools: Tools,
	supervisors: readonly Supervisor[],
	extent: Extent,
	parent: string,
	progress: (subject: string, step: string) => void,
): Promise<Samples[]> {
	const book = new Book();
	for (let round = 0; round < extent.rounds; round++) {
		for (const size of extent.sizes) {
			if (round >= roundsOf(size, extent)) continue;
			for (let position = 0; position < supervisors.length; position++) {
				const supervisor = supervisors[(round + position) % supervisors.length];
				if (supervisor === undefined) continue;
				progress(
					supervisor.name,
					`${size} services, round ${round + 1} of ${roundsOf(size, extent)}`,
				);
				await takeTurn(tools, { supervisor, size, round }, extent, parent, book);
			}
		}
	}
	return book.rows();
}

const MANY = 1_000;

function roundsOf(size: number, { rounds }: Extent): number {
	return size < MANY ? rounds : Math.ceil(rounds / 3);
}

async function takeTurn(
	tools: Tools,
	turn: Turn,
	extent: Extent,
	parent: string,
	book: Book,
): Promise<void> {
	const { supervisor, size, round } = turn;
	const note = (figure: Figure, value: number) => book.note(figure, size, supervisor.name, value);
	const boot = async (withReadiness: boolean) =>
		await setStage(tools, {
			...{ supervisor, count: size, withReadiness },
			folder: await mkdtemp(join(parent, "stage-")),
		});
	await attempt(
		book,
		turn,
		["boot", "stop", "resident", "proportional", "cpu", "wake-ups"],
		async () => {
			await using stage = await boot(false);
			note("boot", stage.bootNs);
			const pids = await restingSupervisors(stage, tools);
			const before = await costOf(pids);
			note("resident", before.resident);
			note("proportional", before.proportional);
			// An idle minute of each is enough: its figure does not vary from round to round.
			if (round === 0) {
				const { cpuNs, switches } = await idleFor(extent.idleMs, pids, before);
				note("cpu", cpuNs);
				note("wake-ups", switches);
			}
			note("stop", await stage.stop());
		},
	);
	await attempt(book, turn, ["boot-ready"], async () => {
		if (!supervisor.knowsReadiness) throw new Unmeasurable("it has no readiness");
		await using stage = await boot(true);
		note("boot-ready", stage.bootNs);
	});
	if (size !== extent.killedAmong || round > 0) return;
	await attempt(book, turn, ["restart"], async () => {
		await using stage = await boot(false);
		await restingSupervisors(stage, tools);
		for (const ns of await restarts(stage, extent.kills)) note("restart", ns);
	});
}

async function attempt(
	book: Book,
	{ supervisor, size }: Turn,
	figures: readonly Figure[],
	work: () => Promise<void>,
): Promise<void> {
	try {
		await work();
	} catch (error) {
		if (!(error instanceof Unmeasurable)) throw error;
		for (const figure of figures) book.miss(figure, size, supervisor.name, error.message);
	}
}

async function restingSupervisors(stage: Stage, tools: Tools): Promise<number[]> {
	await untilIdle(stage.pid);
	return await supervisorsOf(stage.pid, tools.service);
}

const MS_PER_MINUTE = 60_000;

/** What they did in that time, for each minute. */
async function idleFor(
	idleMs: number,
	pids: readonly number[],
	before: Cost,
): Promise<Pick<Cost, "cpuNs" | "switches">> {
	await sleep(idleMs);
	const after = await costOf(pids);
	const minutes = idleMs / MS_PER_MINUTE;
	return {
		cpuNs: (after.cpuNs - before.cpuNs) / minutes,
		switches: (after.switches - before.switches) / minutes,
	};
}

/** Kills one service after another, each once it has run for a while. */
async function restarts(stage: Stage, kills: number): Promise<number[]> {
	const took: number[] = [];
	const living = [...stage.services];
	for (let kill = 0; kill < kills; kill++) {
		const victim = living.shift();
		const pid = victim && (await outerPid(stage.pid, victim.pid));
		if (pid === undefined) throw new Unmeasurable("a service is gone that nobody ended");
		// Supervisors hold back who has only just started.
		await sleep(kill === 0 ? SETTLED_MS : 0);
		const began = Number(process.hrtime.bigint());
		process.kill(pid, "SIGKILL");
		const next = await stage.next();
		took.push(next.ns - began);
		living.push(next);
	}
	return took;
}

const SETTLED_MS = 2_000;

/** Rows as they come together. */
class Book {
	readonly #rows = new Map<string, Samples>();

	note(figure: Figure, size: number, column: string, value: number): void {
		const { taken } = this.#row(figure, size);
		taken.set(column, [...(taken.get(column) ?? []), value]);
	}

	miss(figure: Figure, size: number, column: string, why: string): void {
		const { taken, absent } = this.#row(figure, size);
		if (!taken.has(column)) absent.set(column, why);
	}

	rows(): Samples[] {
		return [...this.#rows.values()];
	}

	#row(figure: Figure, size: number): Samples {
		const head = headOf(figure, size);
		const known = this.#rows.get(head.id);
		if (known !== undefined) return known;
		const row: Samples = { head, taken: new Map(), absent: new Map() };
		this.#rows.set(head.id, row);
		return row;
	}
}
