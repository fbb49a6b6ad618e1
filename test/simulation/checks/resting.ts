// PID 1 sleeps unless there is something to do, holds little, and is silent on stdout.
import type { Fact } from "../chronicle.ts";
import { type Check, nameOf } from "./evidence.ts";

/** As many outsiders as are watched at once, and the signals beside them. */
const MOST_DESCRIPTORS = 1 + 64;
const LOOKS_AGAIN_MS = 50;

/** Before a stop nothing but a signal wakes it. */
export const sleepsUntilSomethingHappens: Check = ({ facts, stopBeganAtMs }) =>
	facts
		.flatMap((fact) => (fact.type === "slept" ? [fact] : []))
		.filter(({ wokenBy, atMs }) => wokenBy === "timeout" && atMs < (stopBeganAtMs ?? Infinity))
		.filter(({ timeoutMs }) => timeoutMs > 0)
		.map(({ atMs }) => `at ${atMs} ms it woke although nothing had happened`);

const CAN_OPEN: readonly string[] = ["all", "not signalled"];

/** During a stop each wake-up leads to something, but for the looks at what cannot be awaited. */
export const wakesWithCause: Check = ({ facts, conditions }) => {
	const { proc, processDescriptors, descriptorLimit } = conditions;
	const canOpen = CAN_OPEN.includes(processDescriptors) && descriptorLimit > MOST_DESCRIPTORS;
	const canAwait = proc === "own" && canOpen;
	// Its descendants cannot be found: even a deadline can lead to nothing.
	const isPowerless = !conditions.isPid1 && conditions.proc !== "own";
	const wrong: string[] = [];
	let idleSince: number | undefined;
	for (const fact of facts) {
		if (fact.type !== "slept") {
			if (fact.atMs >= (idleSince ?? 0) && isDeed(fact.type)) idleSince = undefined;
			continue;
		}
		// A question without sleeping: whether another signal is there.
		if (fact.timeoutMs === 0) continue;
		if (idleSince !== undefined) wrong.push(`its wake-up at ${idleSince} ms led to nothing`);
		const isLook = fact.timeoutMs >= LOOKS_AGAIN_MS - 1 && fact.timeoutMs <= LOOKS_AGAIN_MS;
		const isExcused = isPowerless || fact.wokenBy === "interrupt" || (isLook && !canAwait);
		idleSince = isExcused ? undefined : fact.atMs;
	}
	return wrong;
};

const DEEDS: readonly Fact["type"][] = [
	...(["received", "reaped", "listed", "closed"] as const),
	...(["signalled", "missed", "kill-all", "wrote", "dropped", "exited"] as const),
	...(["executed", "not-started"] as const),
];

/** What the init does, or takes note of. */
function isDeed(type: Fact["type"]): boolean {
	return DEEDS.includes(type);
}

/** Once its main child has ended and nobody else is there, there is nothing to sleep for. */
export const outstaysNobody: Check = ({ facts, init, main }) => {
	const reaped = facts.findIndex((fact) => fact.type === "reaped" && fact.process === main);
	if (init.pid !== 1 || reaped < 0) return [];
	return (
		facts
			.slice(reaped)
			.flatMap((fact) => (fact.type === "slept" ? [fact] : []))
			.filter(({ others, openDescriptors }) => others === 0 && openDescriptors === 0)
			// Whoever goes after the last look is missed at the next one.
			.filter(({ timeoutMs }) => timeoutMs < 0 || timeoutMs > LOOKS_AGAIN_MS)
			.map(({ sinceMs }) => `at ${sinceMs} ms it went to sleep although nobody was left`)
	);
};

export const holdsFewDescriptors: Check = ({ facts }) =>
	facts
		.flatMap((fact) => (fact.type === "slept" ? [fact] : []))
		.filter(({ openDescriptors }) => openDescriptors > MOST_DESCRIPTORS)
		.map(({ openDescriptors, atMs }) => `${openDescriptors} descriptors are open at ${atMs} ms`);

export const keepsStdoutClean: Check = ({ facts, init }) =>
	facts
		.filter((fact) => fact.type === "wrote" && fact.descriptor !== 2)
		.map(({ atMs }) => `${nameOf(init)} wrote to stdout at ${atMs} ms`);

/** Elsewhere than as PID 1 somebody may read from the terminal after it: a shell's script goes on. */
export const givesTheTerminalBack: Check = ({ run, facts, init, ownGroups }) => {
	if (run.end !== "exited" || init.pid === 1 || init.terminal === undefined) return [];
	// In the background the terminal is the shell's.
	if (facts.some((fact) => fact.type === "continued" && fact.process === init)) return [];
	const holder = init.terminal.foregroundGroup;
	// Not even SIGKILL may have ended the main child.
	const isHeld = run.machine.processes.ofGroup(holder).some(({ isAlive }) => isAlive);
	return isHeld || !ownGroups.has(holder)
		? []
		: [`group ${holder} was left in the terminal's foreground`];
};
