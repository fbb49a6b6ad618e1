// The init sleeps: sigtimedwait(2), ppoll(2), and being stopped. Only here simulated time goes on, and the others run.
import { isOrphanedGroup } from "./life.ts";
import type { Machine } from "./machine.ts";
import { STOP, TSTP } from "./signal_actions.ts";

const LONGEST_PREEMPTION_MS = 2;
/** Against an init that never rests: so often it may ask for a signal while no time passes. */
const MOST_SLEEPS = 20_000;

/** Nothing will ever happen again: an honest end for an idle init, a fault for one that was asked to stop. */
export class SleepsForEver extends Error {
	override readonly name = "SleepsForEver";
}

/** What can be waited for. */
export interface Sleep {
	readonly timeoutMs: number;
	readonly isReady: () => boolean;
	readonly openDescriptors: number;
}

/** What ended a sleep. */
export type WokenBy = "event" | "timeout" | "interrupt";

/** Sleeps until what is waited for is there or the time is over; records what the checker wants to know of it. */
export function sleep(machine: Machine, { timeoutMs, isReady, openDescriptors }: Sleep): WokenBy {
	const { init, timeline } = machine;
	if (Number.isNaN(timeoutMs)) throw new Error("the init sleeps for no number of milliseconds");
	if (machine.sleepsInARow() > MOST_SLEEPS) throw new Error("the init does not come to rest");
	const before = {
		sinceMs: machine.nowMs,
		timeoutMs,
		zombies: [...init.children].filter(({ state }) => state === "ended").length,
		others: machine.processes.count - 1,
		hadSignals: !init.pending.isEmpty,
		openDescriptors,
	};
	const untilMs = timeoutMs < 0 ? Number.POSITIVE_INFINITY : machine.nowMs + timeoutMs;
	const wake = (wokenBy: WokenBy): WokenBy => {
		machine.record({ type: "slept", ...before, wokenBy });
		return wokenBy;
	};
	for (;;) {
		if (isReady()) return wake("event");
		if (timeoutMs !== 0 && machine.random.chance(machine.conditions.interruptChance)) {
			return wake("interrupt");
		}
		if (timeline.step(untilMs)) continue;
		wake("timeout");
		if (untilMs === Number.POSITIVE_INFINITY) throw new SleepsForEver("the init sleeps for ever");
		return "timeout";
	}
}

/** The init and its group are stopped, unless nobody could continue them; over when somebody has continued the init. */
export function stopJob(machine: Machine): number {
	const { init, timeline } = machine;
	const sinceMs = machine.nowMs;
	if (isOrphanedGroup(machine, init.group)) return 0;
	for (const member of machine.processes.ofGroup(init.group)) {
		machine.send(member, member === init ? STOP : TSTP, init.pid);
	}
	machine.settle(init);
	while (init.state === "stopped") {
		if (!timeline.step(Number.POSITIVE_INFINITY))
			throw new SleepsForEver("nobody continues the init");
	}
	machine.stolenMs += machine.nowMs - sinceMs;
	return 1;
}

/** Lets the others run for so long, while the init does nothing at all. */
export function letPass({ timeline }: Machine, ms: number): void {
	const untilMs = timeline.nowMs + ms;
	while (timeline.step(untilMs));
}

/** While the init makes a system call, the others may run for a moment. */
export function preempt(machine: Machine): void {
	if (!machine.random.chance(machine.conditions.preemptChance)) return;
	const untilMs = machine.nowMs + machine.random.fraction() * LONGEST_PREEMPTION_MS;
	machine.stolenMs += untilMs - machine.nowMs;
	while (machine.timeline.step(untilMs));
}
