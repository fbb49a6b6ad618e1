// An actor as the words that test/scenarios/actor.c plays.
import { type Actor, FOREVER_MS, type Step } from "../simulation/actor.ts";

/** @throws for a step that only the simulated machine can do. */
export function wordsOf(actor: Actor): string[] {
	return actor.flatMap(wordsOfStep);
}

function wordsOfStep(step: Step): string[] {
	switch (step.do) {
		case "sleep":
			return step.ms >= FOREVER_MS ? ["pause"] : ["sleep", String(step.ms)];
		case "exit":
			return ["exit", String(step.code)];
		case "raise":
		case "ignore":
			return [step.do, String(step.signal)];
		case "fork":
			return ["fork", "{", ...wordsOf(step.child), "}"];
		case "on":
			return ["on", String(step.signal), "{", ...wordsOf(step.steps), "}"];
		case "exec":
			return ["exec", step.name, "{", ...wordsOf(step.steps), "}"];
		case "say":
			return ["say", step.text];
		case "wait":
		case "new-session":
		case "new-group":
		case "change-user":
			return [step.do];
		case "write":
		case "install":
			throw new Error("real processes of a scenario write no files");
		case "hang":
			throw new Error("no real process hangs in the kernel at will");
	}
}
