// When a stop of a world with stages begins, and when its parts are over, as ARCHITECTURE.md has it.
import { isForwardable } from "./evidence.ts";
import { failedStart, type StagedEvidence } from "./staged_evidence.ts";

const SECOND_REQUEST_MS = 2_000;
const LEAST_GRACE_MS = 1_000;

/** Which part of the time behind the main child's is over at the end of each stage. */
const SHARE = { pre: 1 / 3, service: 2 / 3, post: 5 / 6 } as const;

/** When the budget begins; Infinity: it never did. */
function beginMs(evidence: StagedEvidence): number {
	return Math.min(evidence.stopRequestsMs[0] ?? Number.POSITIVE_INFINITY, unaskedMs(evidence));
}

/** When the container ended by itself. */
function unaskedMs(evidence: StagedEvidence): number {
	const { mainReapedAtMs, orders, starts, requestIndex } = evidence;
	const failedMs = failedStart(evidence)?.reapedAtMs ?? Number.POSITIVE_INFINITY;
	if (mainReapedAtMs === undefined || orders.wait !== "all") {
		return Math.min(failedMs, mainReapedAtMs ?? Number.POSITIVE_INFINITY);
	}
	// Once nobody else was left: what is done then shows when that was.
	const hook = starts.find(({ role }) => role === "pre" || role === "post");
	return hook !== undefined && hook.index < requestIndex ? hook.atMs : Number.POSITIVE_INFINITY;
}

/** When what is left may and must be killed, as far as is known at the time; Infinity: there is no stop. */
export function killTimeMs(evidence: StagedEvidence, atMs = Number.POSITIVE_INFINITY): number {
	const { budgetMs, stopRequestsMs } = evidence;
	const began = beginMs(evidence);
	const askedMs = began < (stopRequestsMs[0] ?? Number.POSITIVE_INFINITY) ? meantMs(evidence) : -1;
	const mainMs = evidence.mainReapedAtMs ?? 0;
	const killMs =
		askedMs >= 0 && askedMs + budgetMs >= mainMs
			? Math.max(askedMs + budgetMs, mainMs + Math.min(budgetMs, LEAST_GRACE_MS))
			: began + budgetMs;
	const second = stopRequestsMs[1];
	return second === undefined || second > atMs
		? killMs
		: Math.min(killMs, second + SECOND_REQUEST_MS);
}

/** When a signal was forwarded that may have been meant as a stop: the engine's clock runs since then. */
function meantMs({ facts, init, starts, orders }: StagedEvidence): number {
	const main = starts.find(({ role }) => role === "main");
	if (main?.process === undefined || orders.wait === "all") return -1;
	const index = facts.findLastIndex(
		(fact, at) => at > main.index && at < main.reapedIndex && isForwardable(fact, init),
	);
	return facts[index]?.atMs ?? -1;
}

/** When the main child's share is over, for a stop that was asked for while it ran. */
export function mainShareEndMs(evidence: StagedEvidence): number {
	const { budgetMs, orders, stopRequestsMs } = evidence;
	const [first = Number.POSITIVE_INFINITY, second = Number.POSITIVE_INFINITY] = stopRequestsMs;
	return Math.min(
		first + budgetMs * orders.mainShare,
		second + SECOND_REQUEST_MS * orders.mainShare,
	);
}

/** When the time of a stage is over, as far as is known at the time. */
export function endOfStageMs(
	evidence: StagedEvidence,
	role: keyof typeof SHARE,
	atMs: number,
): number {
	const { budgetMs, orders, stopRequestsMs } = evidence;
	const second = stopRequestsMs[1];
	const isImpatient = second !== undefined && second <= atMs;
	const wholeMs = isImpatient ? Math.min(budgetMs, SECOND_REQUEST_MS) : budgetMs;
	const restMs = wholeMs * (1 - orders.mainShare);
	return killTimeMs(evidence, atMs) - restMs * (1 - SHARE[role]);
}
