// What every check needs to know of a run, found once.
import type { Fact } from "../chronicle.ts";
import type { Conditions } from "../conditions.ts";
import type { SimulatedProcess } from "../process.ts";
import { CHLD, KILL } from "../signal_actions.ts";
import type { StageOrders } from "../stage_orders.ts";
import type { Run } from "../world.ts";

export interface Evidence {
	readonly facts: readonly Fact[];
	readonly conditions: Conditions;
	readonly run: Run;
	readonly init: SimulatedProcess;
	/** undefined: no main command, or it could not be started. */
	readonly main: SimulatedProcess | undefined;
	/** Who is told of a stop by a signal alone: the main child, and scripts in its place. */
	readonly told: ReadonlySet<SimulatedProcess>;
	/** Process groups that the init has made. */
	readonly ownGroups: ReadonlySet<number>;
	/** What there is beside the main command; undefined: nothing. */
	readonly stages: StageOrders | undefined;
	/** What was asked of the init. */
	readonly budgetMs: number;
	readonly stopOn: readonly number[];
	/** When the main child was waited for. */
	readonly mainReapedAtMs: number | undefined;
	/** When each signal that is to begin a stop was read. */
	readonly stopRequestsMs: readonly number[];
	/** When a stop began: the first such signal, or the main child's end. */
	readonly stopBeganAtMs: number | undefined;
	/** When the init sent its first SIGKILL. */
	readonly firstKillAtMs: number | undefined;
	/** What time was taken from the init, so that it may be late by as much. */
	readonly slackMs: number;
}

/** What the run was told: the init's own settings are not asked, since they are being checked too. */
export interface Orders {
	readonly budgetMs: number;
	readonly stopOn: readonly number[];
	/** What there is beside the main command; undefined: nothing. */
	readonly stages?: StageOrders;
}

/** A check returns what it found to be wrong, a sentence for each. */
export type Check = (evidence: Evidence) => string[];

/** For comparisons of times that were added up differently. */
export const ROUNDING_MS = 0.001;

export function gather(run: Run, orders: Orders): Evidence {
	const { facts, machine } = run;
	const { init, main } = machine;
	const mainReaped = facts.find((fact) => fact.type === "reaped" && fact.process === main);
	const stopRequestsMs = facts
		.filter((fact) => isForwardable(fact, init) && orders.stopOn.includes(fact.received.signal))
		.map(({ atMs }) => atMs);
	const beginnings = [stopRequestsMs[0], mainReaped?.atMs].filter((ms) => ms !== undefined);
	const started = facts
		.filter((fact) => fact.type === "executed")
		.filter(({ process }) => process !== init);
	const told = started.filter(({ path }) => !path.startsWith("/etc/service/"));
	return {
		...{ facts, run, init, main, ...orders, stopRequestsMs, stages: orders.stages },
		told: new Set(told.map(({ process }) => process)),
		ownGroups: new Set(started.map(({ process }) => process.pid)),
		conditions: run.conditions,
		mainReapedAtMs: mainReaped?.atMs,
		stopBeganAtMs: beginnings.length === 0 ? undefined : Math.min(...beginnings),
		firstKillAtMs: facts.find((fact) => fact.type === "signalled" && fact.signal === KILL)?.atMs,
		slackMs: machine.stolenMs + ROUNDING_MS,
	};
}

/** Whether the fact is the reading of a signal that somebody else sent, other than of a child's change. */
export function isForwardable(
	fact: Fact,
	init: SimulatedProcess,
): fact is Extract<Fact, { type: "received" }> {
	return (
		fact.type === "received" && fact.received.signal !== CHLD && fact.received.sender !== init.pid
	);
}

export function nameOf(process: SimulatedProcess): string {
	return `PID ${process.pid} (#${process.serial})`;
}
