// The init sleeps: ppoll(2), and being stopped. Only here simulated time goes on, and the others run.
import { EINTR } from "./errno.ts";
import { isOrphanedGroup } from "./life.ts";
import type { Machine } from "./machine.ts";
import { STOP, TSTP } from "./signal_actions.ts";

const LONGEST_PREEMPTION_MS = 2;

/** Nothing will ever happen again: an honest end for an idle init, a fault for one that was asked to stop. */
export class SleepsForEver extends Error {
	override readonly name = "SleepsForEver";
}

/** What can be waited for. */
export interface Sleep {
	readonly timeoutMs: number;
	readonly readyDescriptors: () => number[];
	readonly openDescriptors: number;
}

/** Sleeps until a descriptor is readable or the time is over; records what the checker wants to know of it. */
export function sleep(
	machine: Machine,
	{ timeoutMs, readyDescriptors, openDescriptors }: Sleep,
): number[] | number {
	const { init, timeline } = machine;
	const before = {
		sinceMs: machine.nowMs,
		timeoutMs,
		zombies: [...init.children].filter(({ state }) => state === "ended").length,
		hadSignals: !init.pending.isEmpty,
		openDescriptors,
	};
	const untilMs = timeoutMs < 0 ? Number.POSITIVE_INFINITY : machine.nowMs + timeoutMs;
	const wake = (wokenBy: "descriptor" | "timeout" | "interrupt"): void =>
		machine.record({ type: "slept", ...before, wokenBy });
	for (;;) {
		const ready = readyDescriptors();
		if (ready.length > 0) {
			wake("descriptor");
			return ready;
		}
		if (timeoutMs !== 0 && machine.random.chance(machine.conditions.interruptChance)) {
			wake("interrupt");
			return -EINTR;
		}
		if (timeline.step(untilMs)) continue;
		wake("timeout");
		if (untilMs === Number.POSITIVE_INFINITY) throw new SleepsForEver("the init sleeps for ever");
		return [];
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

/** While the init makes a system call, the others may run for a moment. */
export function preempt(machine: Machine): void {
	if (!machine.random.chance(machine.conditions.preemptChance)) return;
	const untilMs = machine.nowMs + machine.random.fraction() * LONGEST_PREEMPTION_MS;
	machine.stolenMs += untilMs - machine.nowMs;
	while (machine.timeline.step(untilMs));
}
