// How much the init does at once: nothing may be kept waiting while it deals with a flood.
import type { Fact } from "../../simulation/chronicle.ts";
import type { Run } from "../../simulation/world.ts";

/** How many facts of the type there are from one sleep of the init to the next, where there are any. */
export function countsBetweenSleeps(run: Run, type: Fact["type"]): number[] {
	const counts = [0];
	for (const fact of run.facts) {
		if (fact.type === "slept") counts.push(0);
		else if (fact.type === type && !isByOthers(fact)) counts.push((counts.pop() ?? 0) + 1);
	}
	return counts.filter((count) => count > 0);
}

function isByOthers(fact: Fact): boolean {
	return fact.type === "reaped" && !fact.byInit;
}
