// Who is signalled, by what, and who must not be.
import { CONT, KILL, TERM } from "../signal_actions.ts";
import { type Check, type Evidence, isForwardable, nameOf } from "./evidence.ts";

export const killsAllOnlyAsPid1: Check = ({ facts, init }) =>
	init.pid === 1
		? []
		: facts
				.filter((fact) => fact.type === "kill-all")
				.map(({ atMs }) => `at ${atMs} ms it called kill(-1) as PID ${init.pid}`);

/** Other processes of the machine are none of its business when it is not PID 1. */
export const sparesBystanders: Check = ({ facts, init }) =>
	init.pid === 1
		? []
		: facts
				.filter((fact) => fact.type === "signalled" && !fact.isDescendant)
				.flatMap((fact) => (fact.type === "signalled" ? [fact] : []))
				.map(({ process, signal }) => `${nameOf(process)}, a bystander, was sent ${signal}`);

/** A pid that it has waited for may belong to anybody. */
export const neverSignalsReaped: Check = ({ facts }) => {
	const reaped = new Set<number>();
	const wrong: string[] = [];
	for (const fact of facts) {
		if (fact.type === "reaped" && fact.byInit) reaped.add(fact.process.pid);
		if (fact.type === "born") reaped.delete(fact.process.pid);
		if (fact.type === "missed" && reaped.has(fact.pid)) {
			wrong.push(`PID ${fact.pid} was sent ${fact.signal} after it was waited for`);
		}
	}
	return wrong;
};

/** Each signal that comes goes to the main child, at once, until the killing begins. */
export const forwardsToMain: Check = (evidence) => {
	const { facts, init, main, mainReapedAtMs, firstKillAtMs } = evidence;
	if (main === undefined || main.isForeignUser) return [];
	const wrong: string[] = [];
	for (const [index, fact] of facts.entries()) {
		if (!isForwardable(fact, init)) continue;
		if (fact.atMs > (firstKillAtMs ?? Infinity) || fact.atMs > (mainReapedAtMs ?? Infinity)) break;
		if (isReapedBefore(evidence, index) || isKilledBefore(evidence, index)) break;
		const { signal } = fact.received;
		const rest = facts.slice(index + 1);
		const end = rest.findIndex(({ type }) => type === "received" || type === "slept");
		const isSent = rest
			.slice(0, end < 0 ? undefined : end)
			.some((next) => next.type === "signalled" && next.process === main && next.signal === signal);
		if (!isSent) wrong.push(`signal ${signal} read at ${fact.atMs} ms was not forwarded`);
	}
	return wrong;
};

function isReapedBefore({ facts, main }: Evidence, index: number): boolean {
	return facts.slice(0, index).some((fact) => fact.type === "reaped" && fact.process === main);
}

function isKilledBefore({ facts }: Evidence, index: number): boolean {
	return facts.slice(0, index).some((fact) => fact.type === "signalled" && fact.signal === KILL);
}

/** TERM for everyone who was there, and CONT after it, since a stopped process cannot obey. */
export const continuesWhomItAsks: Check = ({ facts, main }) => {
	const wrong: string[] = [];
	for (const [index, fact] of facts.entries()) {
		if (fact.type !== "signalled" || fact.signal !== TERM || !fact.wasAlive) continue;
		if (fact.process === main) continue;
		const rest = facts.slice(index + 1);
		const sleep = rest.find((next) => next.type === "slept");
		const untilMs = sleep?.type === "slept" ? sleep.sinceMs : Number.POSITIVE_INFINITY;
		const isFreed = rest.some(
			(next) =>
				next.atMs <= untilMs &&
				(next.type === "ended" || (next.type === "signalled" && next.signal === CONT)) &&
				next.process === fact.process,
		);
		if (!isFreed) wrong.push(`${nameOf(fact.process)} was sent TERM without CONT`);
	}
	return wrong;
};
