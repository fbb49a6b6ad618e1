// Who is signalled while scripts, services and hooks run: each its own signals, in its own time, and nobody else.
import type { Fact } from "../chronicle.ts";
import { CONT, HUP, KILL, TERM } from "../signal_actions.ts";
import { nameOf } from "./evidence.ts";
import { isSweep } from "./stage_stopping.ts";
import type { StagedCheck, StagedEvidence, Start } from "./staged_evidence.ts";

type Signalled = Extract<Fact, { type: "signalled" }>;

/** Until everybody is asked to end, only what the init has started and not yet waited for. */
export const tellsEachItsOwn: StagedCheck = (evidence) => {
	const { facts } = evidence;
	const sweep = facts.findIndex((fact) => isSweep(evidence, fact) || isKillOfAll(fact));
	return facts.slice(0, sweep < 0 ? undefined : sweep).flatMap((fact, index) => {
		if (fact.type !== "signalled" || fact.way === "killGroup") return [];
		const start = evidence.starts.find(({ process }) => process === fact.process);
		if (start === undefined) {
			return fact.signal === KILL || isHangUp(facts.slice(index, sweep))
				? []
				: [`${nameOf(fact.process)}, whom it has not started, was sent ${fact.signal}`];
		}
		return mayBeSent(evidence, start, fact, index)
			? []
			: [`${start.path} was sent ${fact.signal} at ${fact.atMs} ms`];
	});
};

/** Whoever leads a terminal's session is hung up on right before everybody is asked. */
function isHangUp(upToTheSweep: readonly Fact[]): boolean {
	return upToTheSweep.every((fact) => fact.type !== "signalled" || fact.signal === HUP);
}

function isKillOfAll(fact: Fact): boolean {
	return fact.type === "kill-all" && fact.signal === KILL;
}

function mayBeSent(
	{ place, requestIndex }: StagedEvidence,
	{ role }: Start,
	{ signal }: Signalled,
	index: number,
): boolean {
	// Whoever has stopped in the main child's place is continued, and whoever is left is killed.
	if (signal === CONT || signal === KILL) return true;
	switch (role) {
		case "main":
			return true;
		case "script":
			return index > requestIndex;
		case "service":
			return signal === TERM && place.every((one) => one.index > index || one.reapedIndex < index);
		default:
			return false;
	}
}
