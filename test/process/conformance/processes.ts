// Orphans, and stops of job control: what /proc shows of them.
import { setTimeout as sleep } from "node:timers/promises";
import type { Binary } from "../support/binaries.ts";
import { childrenOf, processSeen } from "../support/proc.ts";
import { until } from "../support/until.ts";
import type { Case, Observation } from "./case.ts";
import { type Placed, pidOfInit, start } from "./launch.ts";

const ORPHANS = 50;
/** Zombies that are still there then are not reaped: it takes less than a millisecond each. */
const REAPING_MS = 3_000;
/** A state that lasts so long is the final one. */
const SETTLED_MS = 250;

/** Orphans end: who has adopted them, and are they reaped? */
export function reaps(name: string, options: readonly string[], placed: Placed = {}): Case {
	const observe = async (init: Binary): Promise<Observation> => {
		await using namespace = start(init, [...options, "orphans", `${ORPHANS}`], placed);
		await namespace.stdout.line("adopted");
		const pid = await pidOfInit(namespace, placed.place);
		const own = () => childrenOf(pid).length;
		const adopted = own() > ORPHANS;
		namespace.type("\n");
		await namespace.stdout.line("released");
		if (!adopted) return { orphans: "adopted by another process" };
		await until("all are reaped", () => own() === 1, REAPING_MS).catch(() => undefined);
		return { orphans: own() === 1 ? "reaped" : `${own() - 1} of ${ORPHANS} left` };
	};
	return { name, observe };
}

/** A stop of job control for the init and then CONT: who stops, who goes on? */
export function stops(
	name: string,
	options: readonly string[],
	signal: NodeJS.Signals,
	placed: Placed = {},
): Case {
	const observe = async (init: Binary): Promise<Observation> => {
		await using namespace = start(init, [...options, "sleep", "60"], placed);
		const child = await namespace.pidOf("sleep", "60");
		const pid = await pidOfInit(namespace, placed.place);
		process.kill(pid, signal);
		return await seenOfStop(pid, child);
	};
	return { name, observe };
}

/** After a stop of whatever kind, and after CONT for the init. */
export async function seenOfStop(init: number, child: number): Promise<Observation> {
	const stopped = await settled(init, child);
	process.kill(init, "SIGCONT");
	const continued = await settled(init, child);
	return {
		"init and child": stopped.join(", "),
		"init and child after CONT": continued.join(", "),
	};
}

/** Whether each is stopped, once that has not changed for a while. */
export async function settled(...pids: readonly number[]): Promise<string[]> {
	const look = () => pids.map((pid) => (processSeen(pid)?.state === "T" ? "stopped" : "runs"));
	let last = look();
	let sinceMs = performance.now();
	while (performance.now() - sinceMs < SETTLED_MS) {
		await sleep(5);
		const now = look();
		if (now.join() !== last.join()) sinceMs = performance.now();
		last = now;
	}
	return last;
}
