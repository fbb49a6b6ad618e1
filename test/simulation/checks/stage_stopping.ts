// The stop of a world with scripts, services and hooks: within its time, with the right exit code, and who may be killed when.
import type { Fact } from "../chronicle.ts";
import type { SimulatedProcess } from "../process.ts";
import { KILL, TERM } from "../signal_actions.ts";
import { nameOf } from "./evidence.ts";
import { endOfStageMs, killTimeMs, mainShareEndMs } from "./stage_times.ts";
import {
	failedStart,
	type StagedCheck,
	type StagedEvidence,
	type Start,
	scriptThatIsTold,
} from "./staged_evidence.ts";

const GIVE_UP_MS = 500;
const KILLED = 137;

/** The main command's own; the script's that failed, or was running when the stop was asked for; 0 where there is neither. */
export const exitsWithTheOneInChargesCode: StagedCheck = (evidence) => {
	const { run, starts } = evidence;
	if (run.end !== "exited") return [];
	const main = starts.find(({ role }) => role === "main");
	const inCharge = main ?? scriptThatIsTold(evidence) ?? failedStart(evidence);
	const expected = inCharge === undefined ? 0 : codeOf(inCharge);
	return run.exitCode === expected ? [] : [`it exited with ${run.exitCode}, not ${expected}`];
};

function codeOf({ code, reapedIndex }: Start): number {
	return reapedIndex === Number.POSITIVE_INFINITY ? KILLED : code;
}

/** Whatever anybody does. */
export const stopsInTimeBeside: StagedCheck = (evidence) => {
	const latestMs = killTimeMs(evidence) + GIVE_UP_MS + evidence.slackMs;
	const { endedAtMs } = evidence.run;
	return endedAtMs > latestMs ? [`it ended at ${endedAtMs} ms, after ${latestMs} ms`] : [];
};

type Signalled = Extract<Fact, { type: "signalled" }>;

/** Everybody has the time that is theirs. */
export const killsNobodyEarly: StagedCheck = (evidence) =>
	evidence.facts.flatMap((fact, index) => {
		if (fact.type !== "signalled" || fact.signal !== KILL) return [];
		const earliestMs = mayBeKilledAtMs(evidence, fact, index);
		return fact.atMs >= earliestMs - evidence.slackMs
			? []
			: [`${nameOf(fact.process)} was killed at ${fact.atMs} ms, before ${earliestMs} ms`];
	});

function mayBeKilledAtMs(evidence: StagedEvidence, fact: Signalled, index: number): number {
	const { place, orders, requestIndex } = evidence;
	const inPlace = place.findLast((start) => start.index < index && start.reapedIndex > index);
	if (fact.way === "killGroup") {
		if (inPlace?.role === "script" && index < requestIndex) {
			return orders.startupTimeoutMs === 0
				? Number.POSITIVE_INFINITY
				: inPlace.atMs + orders.startupTimeoutMs;
		}
		const role = inPlace?.role === "pre" || inPlace?.role === "post" ? inPlace.role : "service";
		return Math.min(endOfStageMs(evidence, role, fact.atMs), killTimeMs(evidence, fact.atMs));
	}
	return fact.process === inPlace?.process
		? Math.min(mainShareEndMs(evidence), killTimeMs(evidence, fact.atMs))
		: killTimeMs(evidence, fact.atMs);
}

/** Where everybody was asked to end, nobody is killed after it who was not asked, but for those that came meanwhile. */
export const asksAllBeforeKilling: StagedCheck = (evidence) => {
	const { facts, conditions, budgetMs } = evidence;
	const canAsk = conditions.isPid1 || conditions.proc === "own";
	const sweep = facts.findIndex((fact) => isSweep(evidence, fact));
	if (sweep < 0 || !canAsk || budgetMs === 0) return [];
	const asked = new Set<SimulatedProcess>();
	const wrong = new Set<string>();
	// Elsewhere than as PID 1 they are found one by one, and asked after that.
	const looked = conditions.isPid1
		? facts[sweep]
		: facts.slice(0, sweep).findLast(({ type }) => type === "listed");
	const sweepMs = looked?.atMs ?? 0;
	for (const [index, fact] of facts.entries()) {
		if (fact.type !== "signalled") continue;
		const { process, signal } = fact;
		if (signal === TERM) asked.add(process);
		const isExcused = process.isForeignUser || process.bornAtMs >= sweepMs || !fact.wasAlive;
		if (signal === KILL && index > sweep && !asked.has(process) && !isExcused) {
			wrong.add(`${nameOf(process)} was killed without having been asked to end`);
		}
	}
	return [...wrong];
};

/** TERM for somebody whom the init has not started itself, or for all at once. */
export function isSweep({ starts }: StagedEvidence, fact: Fact): boolean {
	if (fact.type === "kill-all") return fact.signal === TERM;
	if (fact.type !== "signalled" || fact.signal !== TERM) return false;
	return fact.way !== "killGroup" && !starts.some(({ process }) => process === fact.process);
}
