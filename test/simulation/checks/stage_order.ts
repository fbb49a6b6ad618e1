// In which order scripts, services, the main command and hooks are started, and that none is forgotten.
import { endOfStageMs, killTimeMs } from "./stage_times.ts";
import {
	type Role,
	roleOf,
	type StagedCheck,
	type StagedEvidence,
	type Start,
} from "./staged_evidence.ts";

const RANK: Readonly<Record<Role, number>> = { script: 0, service: 1, main: 1, pre: 2, post: 3 };
const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 60_000;
/** A delay may be so much shorter, and longer by what is left behind being ended. */
const JITTER = 1 / 5;
const CLEARING_MS = 2_200;
const STABLE_MS = 10_000;

const name = ({ path, atMs }: Start): string => `${path}, started at ${atMs} ms,`;

/** Scripts, main command and hooks one after the other; of each service one at a time. */
export const runsOneAtATime: StagedCheck = ({ starts, place }) => {
	const services = Map.groupBy(
		starts.filter(({ role }) => role === "service"),
		({ path }) => path,
	);
	return [place, ...services.values()].flatMap((group) =>
		group.flatMap((start, at) => {
			const former = group[at - 1];
			return former === undefined || former.reapedIndex <= start.index
				? []
				: [`${name(start)} had ${name(former)} beside it`];
		}),
	);
};

export const startsInOrder: StagedCheck = ({ starts, place }) => {
	const wrong = starts.flatMap((start, at) => {
		const former = starts[at - 1];
		return former === undefined || RANK[former.role] <= RANK[start.role]
			? []
			: [`${name(start)} came after ${name(former)}`];
	});
	const twice = place.flatMap((start, at) => {
		const former = place[at - 1];
		if (former === undefined || former.role !== start.role || former.path < start.path) return [];
		return [`${name(start)} came after ${name(former)}`];
	});
	const firstPost = starts.find(({ role }) => role === "post");
	const early = starts.filter(
		({ role, reapedIndex }) =>
			role === "service" && firstPost !== undefined && reapedIndex > firstPost.index,
	);
	return [
		...wrong,
		...twice,
		...early.map((start) => `${name(start)} outlived the stage of services`),
	];
};

/** Once a stop was asked for no script, no main command, and no service that has nothing to serve. */
export const startsNothingAfterStop: StagedCheck = (evidence) => {
	const { starts, requestIndex, orders } = evidence;
	const main = starts.find(({ role }) => role === "main");
	// The main child may need them until it has ended.
	const mainIndex = main?.reapedIndex ?? 0;
	const endOfServices =
		main !== undefined && orders.wait !== "all" ? mainIndex : Math.max(mainIndex, requestIndex);
	return starts
		.filter(({ role, index }) =>
			role === "service" ? index > endOfServices : RANK[role] < RANK.pre && index > requestIndex,
		)
		.map((start) => `${name(start)} came after the stop was asked for`);
};

/** As Docker restarts containers. */
export const restartsWithBackOff: StagedCheck = ({ starts, facts, slackMs }) => {
	const delays = new Map<string, { readonly former: Start; readonly restarts: number }>();
	const wrong: string[] = [];
	for (const start of starts) {
		if (start.role !== "service") continue;
		const known = delays.get(start.path);
		delays.set(start.path, { former: start, restarts: 0 });
		if (known === undefined) continue;
		const { former } = known;
		const livedMs = former.reapedAtMs - former.atMs;
		const isStable = former.process !== undefined && livedMs >= STABLE_MS;
		// At once first; then doubled each time.
		const restarts = isStable ? 1 : known.restarts + 1;
		const delayMs =
			restarts === 1 ? 0 : Math.min(FIRST_DELAY_MS * 2 ** (restarts - 2), LONGEST_DELAY_MS);
		delays.set(start.path, { former: start, restarts });
		const hasChildren = facts.some(
			(fact) => fact.type === "born" && fact.parent === former.process,
		);
		const clearingMs = former.process !== undefined && hasChildren ? CLEARING_MS : 0;
		const isClose = Math.abs(livedMs - STABLE_MS) <= slackMs;
		const waitedMs = start.atMs - former.reapedAtMs;
		const isSoon = waitedMs < delayMs * (1 - JITTER) - slackMs;
		if (!isClose && (isSoon || waitedMs > delayMs + clearingMs + slackMs)) {
			wrong.push(`${name(start)} came after ${waitedMs} ms, not after ${delayMs} ms`);
		}
	}
	return wrong;
};

/** Each hook begins, but those whose stage had no time left. */
export const runsEveryHook: StagedCheck = (evidence) => {
	const { run, orders, slackMs } = evidence;
	if (run.end !== "exited" || run.endedAtMs >= killTimeMs(evidence) - slackMs) return [];
	return orders.programs
		.filter((path) => isForgotten(evidence, path))
		.map((path) => `${path} was never begun`);
};

function isForgotten(evidence: StagedEvidence, path: string): boolean {
	const role = roleOf(path);
	if (role !== "pre" && role !== "post") return false;
	if (evidence.starts.some((start) => start.path === path)) return false;
	const before = evidence.starts.findLast((start) => start.role === role);
	const endMs = endOfStageMs(evidence, role, Number.POSITIVE_INFINITY);
	return before === undefined || before.reapedAtMs < endMs - evidence.slackMs;
}

/** All scripts run before the main command does. */
export const runsEveryScript: StagedCheck = ({ starts, orders }) => {
	const main = starts.find(({ role }) => RANK[role] === RANK.main);
	if (main === undefined) return [];
	const begun = new Set(starts.map(({ path }) => path));
	return orders.programs
		.filter((path) => roleOf(path) === "script" && !begun.has(path))
		.map((path) => `${path} was left out`);
};
