// Questions that tests ask of a run.
import type { Way } from "./chronicle.ts";
import type { Run } from "./world.ts";

export interface SentSignal {
	readonly pid: number;
	readonly signal: number;
	readonly atMs: number;
	readonly way: Way;
}

/** What the init has sent, in order, and to whom; kill(−1) counts once for each process. */
export function sentSignals(run: Run): SentSignal[] {
	return run.facts
		.filter((fact) => fact.type === "signalled")
		.map(({ process, signal, atMs, way }) => ({ pid: process.pid, signal, atMs, way }));
}

/** The signals that the init has sent to one process. */
export function signalsTo(run: Run, pid: number): number[] {
	return sentSignals(run)
		.filter((sent) => sent.pid === pid)
		.map(({ signal }) => signal);
}

/** When the init first sent the signal to the process. */
export function sentAtMs(run: Run, pid: number, signal: number): number | undefined {
	return sentSignals(run).find((sent) => sent.pid === pid && sent.signal === signal)?.atMs;
}

/** The lines that actors have left, in order. */
export function said(run: Run): string[] {
	return run.facts.filter((fact) => fact.type === "said").map(({ text }) => text);
}

/** How many ends of its children the init has collected. */
export function reapedByInit(run: Run): number {
	return run.facts.filter((fact) => fact.type === "reaped" && fact.byInit).length;
}

/** How often the init woke up. */
export function wakeUps(run: Run): number {
	return run.facts.filter((fact) => fact.type === "slept" && fact.timeoutMs !== 0).length;
}
