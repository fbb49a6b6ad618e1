// Who is signalled, by what, and who must not be.
import { CONT, KILL, TERM } from "../signal_actions.ts";
import { type Check, isForwardable, nameOf } from "./evidence.ts";

export const killsAllOnlyAsPid1: Check = ({ facts, init }) =>
	init.pid === 1
		? []
		: facts
				.filter((fact) => fact.type === "kill-all")
				.map(({ atMs }) => `at ${atMs} ms it called kill(-1) as PID ${init.pid}`);

/** When it is not PID 1, only its descendants are its business, and the groups that it has made. */
export const sparesBystanders: Check = ({ facts, init, ownGroups }) =>
	init.pid === 1
		? []
		: facts
				.filter((fact) => fact.type === "signalled")
				.filter(({ isDescendant }) => !isDescendant)
				.filter(({ way, process }) => way !== "killGroup" || !ownGroups.has(process.group))
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
export const forwardsToMain: Check = ({ facts, init, main }) => {
	if (main === undefined || main.isForeignUser) return [];
	const end = facts.findIndex(
		(fact) =>
			(fact.type === "ended" && fact.process === main) ||
			(fact.type === "signalled" && fact.signal === KILL),
	);
	const begin = facts.findIndex((fact) => fact.type === "executed" && fact.process === main);
	const wrong: string[] = [];
	for (const [index, fact] of facts.slice(0, end < 0 ? undefined : end).entries()) {
		if (index < begin || !isForwardable(fact, init)) continue;
		const { signal } = fact.received;
		const rest = facts.slice(index + 1);
		const next = rest.findIndex(({ type }) => type === "received" || type === "slept");
		const isSent = rest
			.slice(0, next < 0 ? undefined : next)
			.some(
				(later) => later.type === "signalled" && later.process === main && later.signal === signal,
			);
		if (!isSent) wrong.push(`signal ${signal} read at ${fact.atMs} ms was not forwarded`);
	}
	return wrong;
};

/** TERM for everyone who was there, and CONT after it, since a stopped process cannot obey. */
export const continuesWhomItAsks: Check = ({ facts, told }) => {
	const wrong: string[] = [];
	for (const [index, fact] of facts.entries()) {
		if (fact.type !== "signalled" || fact.signal !== TERM || !fact.wasAlive) continue;
		if (told.has(fact.process) || fact.process.isForeignUser) continue;
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
