// Every end is waited for, at once.
import type { Fact } from "../chronicle.ts";
import type { SimulatedProcess } from "../process.ts";
import type { Check } from "./evidence.ts";
import { nameOf } from "./evidence.ts";

/** Whoever goes to sleep over a zombie keeps it for as long as nothing else happens. */
export const reapsBeforeSleeping: Check = ({ facts }) =>
	facts
		.filter((fact) => fact.type === "slept")
		.filter(({ zombies, hadSignals, timeoutMs }) => zombies > 0 && !hadSignals && timeoutMs !== 0)
		.map(({ zombies, sinceMs }) => `at ${sinceMs} ms it went to sleep over ${zombies} zombies`);

/** The ends of its children, all of them, once each, unless it had to give up. */
export const reapsEachOnce: Check = ({ facts, run, init, firstKillAtMs }) => {
	const reaped = facts.filter((fact) => fact.type === "reaped").map(({ process }) => process);
	const seen = new Set<SimulatedProcess>();
	const twice = reaped.filter((process) => seen.has(process) || !seen.add(process));
	const gaveUp = run.end === "exited" && firstKillAtMs !== undefined;
	// A child of an outsider may end, or become ours, after the last look: then it ends with us.
	const last = facts.findLastIndex(({ type }) => type === "slept");
	const isSeen = (process: SimulatedProcess): boolean =>
		last >= 0 && !facts.slice(last).some((fact) => isNewsOf(fact, process));
	const left = [...init.children].filter((child) => child.state === "ended" && isSeen(child));
	return [
		...twice.map((process) => `${nameOf(process)} was waited for twice`),
		...(gaveUp ? [] : left).map((process) => `${nameOf(process)} was never waited for`),
	];
};

function isNewsOf(fact: Fact, process: SimulatedProcess): boolean {
	return (fact.type === "ended" || fact.type === "adopted") && fact.process === process;
}
