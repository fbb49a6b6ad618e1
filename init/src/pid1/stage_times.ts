// Which part of a stop's budget is whose: the main child's share, and the ends of the stages behind it.
import type { Stages } from "./stages.ts";
import type { Phase, State } from "./state.ts";

/** Which part of the time behind the main child's share is over at the end of each stage; the rest is for all who are left. */
const SHARE: Readonly<Partial<Record<Phase, number>>> = {
	"pre-shutdown": 1 / 3,
	"stopping-services": 2 / 3,
	"post-shutdown": 5 / 6,
};

/** When the stage of the stop is over; Infinity where it is already. */
export function stageEndMs(state: State, stages: Stages): number {
	const share = SHARE[state.phase];
	if (share === undefined || stages.isOverdue) return Number.POSITIVE_INFINITY;
	const restMs = state.killAtMs - mainShareEndMs(state);
	return mainShareEndMs(state) + restMs * share;
}

/** When the main child's share of the budget is over. */
function mainShareEndMs({ killAtMs, settings, impatientMs }: State): number {
	const budgetMs = Math.min(settings.stopTimeoutMs, impatientMs);
	return killAtMs - budgetMs * (1 - mainShare(settings));
}

/** Which part of the budget the main child has to itself. */
export function mainShare({ mainShare: wanted }: { readonly mainShare: number }): number {
	return wanted === 0 ? 2 / 3 : wanted;
}
