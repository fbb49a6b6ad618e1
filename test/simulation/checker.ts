// Judges a run by what is demanded of an init, whoever wrote it: only the facts are asked.
import { type Check, gather, type Orders } from "./checks/evidence.ts";
import { reapsBeforeSleeping, reapsEachOnce } from "./checks/reaping.ts";
import {
	givesTheTerminalBack,
	holdsFewDescriptors,
	keepsStdoutClean,
	outstaysNobody,
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
	restartsWithBackOff,
	runsEveryHook,
	runsEveryScript,
	runsOneAtATime,
	startsInOrder,
	startsNothingAfterStop,
} from "./checks/stage_order.ts";
import { tellsEachItsOwn } from "./checks/stage_signalling.ts";
import {
	asksAllBeforeKilling,
	exitsWithTheOneInChargesCode,
	killsNobodyEarly,
	stopsInTimeBeside,
} from "./checks/stage_stopping.ts";
import { gatherStaged, type StagedCheck } from "./checks/staged_evidence.ts";
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

/** The rules of every world. */
const COMMON_CHECKS = {
	reapsBeforeSleeping,
	reapsEachOnce,
	killsAllOnlyAsPid1,
	sparesBystanders,
	neverSignalsReaped,
	forwardsToMain,
	continuesWhomItAsks,
	leavesNobody,
	makesProgress,
	wakesWithCause,
	outstaysNobody,
	givesTheTerminalBack,
	holdsFewDescriptors,
	keepsStdoutClean,
} satisfies Readonly<Record<string, Check>>;

/** Those of a world in which there is a main command and nothing beside it. */
const PLAIN_CHECKS = {
	exitsWithMainsCode,
	stopsInTime,
	asksMainFirst,
	asksBeforeKilling,
	sleepsUntilSomethingHappens,
} satisfies Readonly<Record<string, Check>>;

/** Those of a world with scripts, services and hooks. */
const STAGED_CHECKS = {
	runsOneAtATime,
	startsInOrder,
	startsNothingAfterStop,
	restartsWithBackOff,
	runsEveryScript,
	runsEveryHook,
	exitsWithTheOneInChargesCode,
	stopsInTimeBeside,
	killsNobodyEarly,
	asksAllBeforeKilling,
	tellsEachItsOwn,
} satisfies Readonly<Record<string, StagedCheck>>;

/** Every rule by its name. */
export const CHECKS = { ...COMMON_CHECKS, ...PLAIN_CHECKS, ...STAGED_CHECKS };

/** What holds when my_init is given no options. */
export const DEFAULT_ORDERS: Orders = { budgetMs: 9_000, stopOn: [TERM, INT] };

/** What was wrong in the run: a line for each finding; none when all is well. */
export function findViolations(run: Run, orders: Partial<Orders> = {}): string[] {
	const evidence = gather(run, { ...DEFAULT_ORDERS, ...orders });
	const common = judge(COMMON_CHECKS, evidence);
	return orders.stages === undefined
		? [...common, ...judge(PLAIN_CHECKS, evidence)]
		: [...common, ...judge(STAGED_CHECKS, gatherStaged(evidence, orders.stages))];
}

function judge<Known>(
	checks: Readonly<Record<string, (evidence: Known) => string[]>>,
	evidence: Known,
): string[] {
	return Object.entries(checks).flatMap(([name, check]) =>
		check(evidence).map((finding) => `${name}: ${finding}`),
	);
}
