// Judges a run by what is demanded of an init, whoever wrote it: only the facts are asked.
import { type Check, gather, type Orders } from "./checks/evidence.ts";
import { reapsBeforeSleeping, reapsEachOnce } from "./checks/reaping.ts";
import {
	holdsFewDescriptors,
	keepsStdoutClean,
	sleepsUntilSomethingHappens,
	wakesWithCause,
} from "./checks/resting.ts";
import {
	continuesWhomItAsks,
	forwardsToMain,
	killsAllOnlyAsPid1,
	neverSignalsReaped,
	sparesBystanders,
} from "./checks/signalling.ts";
import {
	asksBeforeKilling,
	asksMainFirst,
	exitsWithMainsCode,
	leavesNobody,
	makesProgress,
	stopsInTime,
} from "./checks/stopping.ts";
import { INT, TERM } from "./signal_actions.ts";
import type { Run } from "./world.ts";

/** Every rule by its name. */
export const CHECKS = {
	reapsBeforeSleeping,
	reapsEachOnce,
	killsAllOnlyAsPid1,
	sparesBystanders,
	neverSignalsReaped,
	forwardsToMain,
	continuesWhomItAsks,
	exitsWithMainsCode,
	stopsInTime,
	asksMainFirst,
	asksBeforeKilling,
	leavesNobody,
	makesProgress,
	sleepsUntilSomethingHappens,
	wakesWithCause,
	holdsFewDescriptors,
	keepsStdoutClean,
} satisfies Readonly<Record<string, Check>>;

/** What holds when my_init is given no options. */
export const DEFAULT_ORDERS: Orders = { budgetMs: 9_000, stopOn: [TERM, INT] };

/** What was wrong in the run: a line for each finding; none when all is well. */
export function findViolations(run: Run, orders: Partial<Orders> = {}): string[] {
	const evidence = gather(run, { ...DEFAULT_ORDERS, ...orders });
	return Object.entries(CHECKS).flatMap(([name, check]) =>
		check(evidence).map((finding) => `${name}: ${finding}`),
	);
}
