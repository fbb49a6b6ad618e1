// A stop: in which order, within which time, with which exit code, and with nobody left.
import type { SimulatedProcess } from "../process.ts";
import { CONT, KILL, TERM } from "../signal_actions.ts";
import { type Check, type Evidence, isForwardable, nameOf, ROUNDING_MS } from "./evidence.ts";

const MAIN_SHARE = 2 / 3;
const SECOND_REQUEST_MS = 2_000;
const LEAST_GRACE_MS = 1_000;
const GIVE_UP_MS = 500;
const KILLED = 137;

/** The main child's own code, or 128 + N; 137 stands for one that not even SIGKILL could end. */
export const exitsWithMainsCode: Check = ({ run, main, mainReapedAtMs }) => {
	if (run.end !== "exited" || main === undefined) return [];
	const signal = main.status & 0x7f;
	const own = signal === 0 ? main.status >> 8 : 128 + signal;
	const expected = mainReapedAtMs === undefined ? KILLED : own;
	return run.exitCode === expected ? [] : [`it exited with ${run.exitCode}, not ${expected}`];
};

/** When what is left may and must be killed; undefined while there is no stop. */
function killTimeMs(evidence: Evidence): number | undefined {
	const { facts, init, main, budgetMs, stopBeganAtMs, mainReapedAtMs, stopRequestsMs } = evidence;
	if (stopBeganAtMs === undefined) return undefined;
	let killMs = stopBeganAtMs + budgetMs;
	const isByMainsEnd = stopRequestsMs[0] === undefined || stopBeganAtMs < stopRequestsMs[0];
	if (isByMainsEnd && mainReapedAtMs !== undefined) {
		// A signal that is only forwarded may have been meant as a stop: the engine's clock runs since then.
		const end = facts.findIndex((fact) => fact.type === "reaped" && fact.process === main);
		const asked = facts.slice(0, end).findLast((fact) => isForwardable(fact, init))?.atMs;
		if (asked !== undefined && asked + budgetMs >= mainReapedAtMs) {
			killMs = Math.max(asked + budgetMs, mainReapedAtMs + Math.min(budgetMs, LEAST_GRACE_MS));
		}
	}
	const second = stopRequestsMs[1];
	return second === undefined ? killMs : Math.min(killMs, second + SECOND_REQUEST_MS);
}

export const stopsInTime: Check = (evidence) => {
	const { run, slackMs, firstKillAtMs } = evidence;
	const killMs = killTimeMs(evidence);
	if (killMs === undefined) return [];
	const latestMs = killMs + GIVE_UP_MS + slackMs;
	const wrong: string[] = [];
	if (run.endedAtMs > latestMs) wrong.push(`it ended at ${run.endedAtMs} ms, after ${latestMs} ms`);
	if (firstKillAtMs !== undefined && firstKillAtMs < killMs - slackMs) {
		wrong.push(`it killed at ${firstKillAtMs} ms, before ${killMs} ms`);
	}
	return wrong;
};

/** When the others may be asked and must be: at the main child's end, or at two thirds of the time. */
function sweepTimeMs({ budgetMs, stopRequestsMs, mainReapedAtMs, main }: Evidence): number {
	const [first, second] = stopRequestsMs;
	const share = main === undefined ? 0 : MAIN_SHARE;
	return Math.min(
		mainReapedAtMs ?? Number.POSITIVE_INFINITY,
		(first ?? Number.POSITIVE_INFINITY) + budgetMs * share,
		(second ?? Number.POSITIVE_INFINITY) + SECOND_REQUEST_MS * share,
	);
}

export const asksMainFirst: Check = (evidence) => {
	const { facts, main, slackMs } = evidence;
	const earliestMs = sweepTimeMs(evidence) - slackMs;
	return facts
		.filter((fact) => fact.type === "signalled")
		.filter(({ process, signal }) => process !== main && signal !== CONT)
		.filter(({ atMs }) => atMs < earliestMs)
		.map(
			({ process, signal, atMs }) => `${nameOf(process)} was sent ${signal} at ${atMs} ms already`,
		);
};

/** Nobody is killed who was not asked to end, but for those that came while others were asked. */
export const asksBeforeKilling: Check = (evidence) => {
	const { facts, main, budgetMs, conditions, stopOn } = evidence;
	const canAsk = conditions.isPid1 || conditions.proc === "own";
	if (budgetMs === 0 || !canAsk) return [];
	const sweepMs = sweepTimeMs(evidence);
	const asked = new Set<SimulatedProcess>();
	const wrong = new Set<string>();
	for (const fact of facts) {
		if (fact.type !== "signalled") continue;
		const { process, signal } = fact;
		const isAsking = signal === TERM || (process === main && stopOn.includes(signal));
		if (isAsking) asked.add(process);
		const isExcused = process.isForeignUser || process.bornAtMs >= sweepMs || !fact.wasAlive;
		if (signal === KILL && !asked.has(process) && !isExcused) {
			wrong.add(`${nameOf(process)} was killed without having been asked to end`);
		}
	}
	return [...wrong];
};

/** When it exits nobody is left, but who cannot be ended at all. */
export const leavesNobody: Check = ({ run, facts, main, stages, conditions, init }) => {
	if (run.end !== "exited" || stages?.wait === "none") return [];
	if (main === undefined && stages === undefined) return [];
	// Who comes after the init has looked around, or killed, for the last time can be missed.
	const lastLook = facts.findLast(({ type }) => type === "slept");
	const lastKill = facts.findLast((fact) =>
		conditions.isPid1 ? fact.type === "kill-all" && fact.signal === KILL : fact.type === "listed",
	);
	const lateMs = Math.min(lastLook?.atMs ?? 0, lastKill?.atMs ?? Number.POSITIVE_INFINITY);
	// Descendants that cannot be found cannot be ended either.
	if (!conditions.isPid1 && conditions.proc !== "own") return [];
	return run.machine.processes
		.all()
		.filter((process) => process !== init && process.isAlive && !process.isHanging)
		.filter(({ pending }) => !pending.has(KILL))
		.filter(({ bornAtMs }) => bornAtMs < lateMs)
		.filter((process) => conditions.isPid1 || process.descendsFrom(init))
		.filter((process) => !process.isForeignUser || run.machine.conditions.isPrivileged)
		.map((process) => `${nameOf(process)} was left behind`);
};

/** Once everything is mended and a stop was asked for, it comes to its end. */
export const makesProgress: Check = ({ run, stopBeganAtMs }) => {
	if (run.end === "exited" || stopBeganAtMs === undefined) return [];
	const waiting = run.machine.processes.all().filter(({ isAlive }) => isAlive);
	return [
		`it sleeps for ever since ${run.endedAtMs - ROUNDING_MS} ms; alive: ${waiting.map(nameOf).join(", ")}`,
	];
};
