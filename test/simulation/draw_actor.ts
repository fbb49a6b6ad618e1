// Actors drawn at random: small, short-lived as a rule, and now and then disobedient.
import * as act from "./actor.ts";
import type { Random } from "./random.ts";
import {
	CATCHABLE,
	CHLD,
	HUP,
	INT,
	KILL,
	QUIT,
	RTMIN,
	STOP,
	TERM,
	TSTP,
	USR1,
} from "./signal_actions.ts";

const LIKELY_SIGNALS = [TERM, TERM, TERM, HUP, INT, QUIT, USR1, CHLD, TSTP, RTMIN + 3];
const MOST_STEPS = 6;

/** How many processes may still be drawn, and which odd steps are drawn at all in this world. */
export interface Measure {
	forksLeft: number;
	readonly longestSleepMs: number;
	readonly hasHangs: boolean;
	readonly hasStops: boolean;
	readonly hasOtherUsers: boolean;
	readonly hasBursts: boolean;
}

export function drawActor(random: Random, measure: Measure): act.Actor {
	const steps: act.Step[] = [];
	const count = random.whole(1, MOST_STEPS);
	for (let drawn = 0; drawn < count; drawn++) steps.push(...drawStep(random, measure));
	return [...steps, ...drawEnd(random, measure)];
}

function drawStep(random: Random, measure: Measure): act.Actor {
	const kind = random.pickWeighted([
		["sleep", 6],
		["fork", 5],
		["on", 3],
		["ignore", 1],
		["daemonize", 2],
		["wait", 1],
		["new-session", 1],
		["new-group", 1],
		["exec", 1],
		["stop", measure.hasStops ? 2 : 0],
		["hang", measure.hasHangs ? 1 : 0],
		["change-user", measure.hasOtherUsers ? 1 : 0],
		["burst", measure.hasBursts ? 1 : 0],
	]);
	switch (kind) {
		case "sleep":
			return [drawSleep(random, measure)];
		case "fork":
			return drawForks(random, measure, 1, (child) => act.fork(...child));
		case "daemonize":
			return drawForks(random, measure, 1, (child) => act.daemonize(...child));
		case "burst":
			return drawForks(random, measure, random.whole(5, 40), (child) => act.fork(...child));
		case "on":
			return [act.on(drawSignal(random), ...drawReaction(random, measure))];
		case "ignore":
			return [act.ignore(drawSignal(random))];
		case "wait":
			return [act.wait];
		case "new-session":
			return [act.newSession];
		case "new-group":
			return [act.newGroup];
		case "exec":
			return [act.exec(random.pick(["worker", "a b) R 1", "sh\\\n", "\xff\x07"]))];
		case "stop":
			return [act.raise(random.pick([STOP, TSTP]))];
		case "hang":
			return [act.hang(random.whole(1, measure.longestSleepMs))];
		case "change-user":
			return [act.changeUser];
		default:
			return [];
	}
}

function drawForks(
	random: Random,
	measure: Measure,
	count: number,
	make: (child: act.Actor) => act.Step,
): act.Actor {
	if (measure.forksLeft < count) return [];
	measure.forksLeft -= count;
	const child = drawActor(random, measure);
	return Array.from({ length: count }, () => make(child));
}

function drawReaction(random: Random, measure: Measure): act.Actor {
	return random.pick<act.Actor>([
		[act.exit(random.whole(0, 255))],
		[drawSleep(random, measure), act.exit(0)],
		[act.say("heard")],
		[act.wait, act.exit(1)],
	]);
}

function drawSleep(random: Random, measure: Measure): act.Step {
	return act.sleep(random.chance(0.2) ? 0 : random.fraction() * measure.longestSleepMs);
}

function drawEnd(random: Random, measure: Measure): act.Actor {
	return random.pick<act.Actor>([
		[],
		[act.exit(random.whole(0, 255))],
		[act.raise(random.pick([KILL, USR1, QUIT]))],
		[drawSleep(random, measure), act.exit(0)],
		[act.sleepForever],
		[act.ignore(TERM), act.sleepForever],
	]);
}

function drawSignal(random: Random): number {
	return random.chance(0.8) ? random.pick(LIKELY_SIGNALS) : random.pick(CATCHABLE);
}
