// Random worlds. Not only the course of events is drawn, but also which kinds of events there are at all: a
// world in which everything happens at once hides what two things alone can do to each other.
import type { Actor } from "./actor.ts";
import * as act from "./actor.ts";
import type { Orders } from "./checks/evidence.ts";
import type { Conditions } from "./conditions.ts";
import { drawActor, type Measure } from "./draw_actor.ts";
import { type DrawnStages, drawStages } from "./draw_stages.ts";
import { Random } from "./random.ts";
import {
	CATCHABLE,
	CHLD,
	CONT,
	INT,
	KILL,
	QUIT,
	STOP,
	TERM,
	TSTP,
	WINCH,
} from "./signal_actions.ts";
import type { Stimulus } from "./stimulus.ts";

/** Everything about a world, as it is printed when a check fails. */
export interface DrawnWorld {
	readonly seed: number;
	readonly conditions: Conditions;
	readonly orders: Orders;
	readonly options: readonly string[];
	readonly main: Actor | null;
	readonly stimuli: readonly Stimulus[];
	readonly inheritedZombies: number;
	/** What is done beside the main command; undefined: nothing. */
	readonly stages: DrawnStages | undefined;
}

/** Until then anything may happen; then everything is mended, and a stop is asked for. */
const HEALED_AT_MS = 30_000;
const STOP_AT_MS = 30_100;
/** Some budgets have no end: whoever wants one then asks again. */
const INSIST_AT_MS = 60_000;

export function drawWorld(seed: number): DrawnWorld {
	const random = new Random(seed);
	const conditions = drawConditions(random);
	const plain = drawOrders(random);
	const measure: Measure = {
		forksLeft: random.pick([3, 10, 60]),
		longestSleepMs: random.pick([1, 100, 5_000]),
		hasHangs: random.chance(0.2),
		hasStops: random.chance(0.3),
		hasOtherUsers: random.chance(0.2),
		hasBursts: random.chance(0.3),
	};
	const main = random.chance(0.9) ? drawMain(random, measure) : null;
	const stop = { do: "signal" as const, signal: plain.orders.stopOn[0] ?? TERM };
	const stimuli: Stimulus[] = [
		...drawStimuli(random, measure),
		{ atMs: HEALED_AT_MS, do: "heal" },
		{ atMs: STOP_AT_MS, ...stop },
		{ atMs: STOP_AT_MS, do: "keep continuing" },
	];
	const inheritedZombies = random.chance(0.1) ? random.whole(1, 3) : 0;
	const drawn = { seed, conditions, main, stimuli, inheritedZombies };
	if (random.chance(0.5)) return { ...drawn, ...plain, stages: undefined };

	const { budgetMs } = plain.orders;
	const stages = drawStages(random, measure, main !== null, { budgetMs, options: plain.options });
	stimuli.push(...drawEarlyStops(random).map((atMs) => ({ atMs, ...stop })));
	stimuli.push({ atMs: INSIST_AT_MS, ...stop });
	const orders = { ...plain.orders, budgetMs: stages.budgetMs, stages: stages.orders };
	return { ...drawn, orders, options: stages.options, stages };
}

/** Before the first script, and while the first of them run. */
function drawEarlyStops(random: Random): number[] {
	return random.pickWeighted<() => number[]>([
		[() => [], 5],
		[() => [-1], 1],
		[() => [random.fraction() * 5], 1],
		[() => [random.fraction() * 1_000], 2],
	])();
}

/** Often one that does not end by itself: otherwise most worlds would be over before anything happens. */
function drawMain(random: Random, measure: Measure): Actor {
	const main = drawActor(random, measure);
	return random.pick([main, [...main.slice(0, -1), ...drawLongEnd(random)]]);
}

function drawLongEnd(random: Random): Actor {
	return random.pick<Actor>([
		[act.sleepForever],
		[act.ignore(TERM), act.ignore(INT), act.ignore(QUIT), act.sleepForever],
		[act.on(TERM, act.sleep(random.fraction() * 9_000), act.exit(7)), act.sleepForever],
	]);
}

function drawConditions(random: Random): Conditions {
	return {
		isPid1: random.chance(0.7),
		proc: random.pickWeighted([
			["own", 6],
			["none", 2],
			["foreign", 2],
		]),
		processDescriptors: random.pickWeighted([
			["all", 6],
			["unknown", 2],
			["refused", 1],
			["not signalled", 1],
		]),
		hasSubreaper: random.chance(0.95),
		descriptorLimit: random.pick([5, 1_024, 1_024]),
		engineCollects: random.chance(0.9),
		highestPid: random.pick([100, 400, 32_768]),
		hasTerminal: random.chance(0.3),
		isShuffled: random.chance(0.8),
		isPrivileged: random.chance(0.85),
		latencyMs: random.pick([0, 0.5, 5, 50, 300]),
		preemptChance: random.pick([0, 0, 0.05, 0.5]),
		interruptChance: random.pick([0, 0, 0.1]),
		stderr: random.pick<Conditions["stderr"]>(["read", "read", "read", "closed"]),
	};
}

function drawOrders(random: Random): { orders: Orders; options: string[] } {
	const budgetMs = random.pick([0, 100, 1_500, 5_000, 9_000]);
	const stopOn = random.pick([[TERM, INT], [TERM, INT], [QUIT]]);
	const options = ["--stop-timeout", `${budgetMs}ms`, "--stop-on", stopOn.join(",")];
	if (random.chance(0.2)) options.push("--log-level=info");
	return { orders: { budgetMs, stopOn }, options };
}

function drawStimuli(random: Random, measure: Measure): Stimulus[] {
	const kinds = ["signal", "stop", "enter", "press", "strike", "continue", "stderr"] as const;
	const enabled = kinds.filter(() => random.chance(0.5));
	if (enabled.length === 0) return [];
	const untilMs = random.pick([10, 2_000, HEALED_AT_MS - 1]);
	return Array.from({ length: random.whole(0, 12) }, () =>
		drawStimulus(random, measure, random.pick(enabled), random.fraction() * untilMs),
	).flatMap((stimulus) => (random.chance(0.2) ? repeat(random, stimulus) : [stimulus]));
}

/** What happens twice in a row finds more than what happens twice. */
function repeat(random: Random, stimulus: Stimulus): Stimulus[] {
	const gapMs = random.pick([0, 40, 700, 2_500]);
	return [stimulus, { ...stimulus, atMs: stimulus.atMs + gapMs }];
}

function drawStimulus(
	random: Random,
	measure: Measure,
	kind: "signal" | "stop" | "enter" | "press" | "strike" | "continue" | "stderr",
	atMs: number,
): Stimulus {
	switch (kind) {
		case "signal":
			return {
				atMs,
				do: "signal",
				signal: random.pick(CATCHABLE.filter((signal) => signal !== CHLD)),
			};
		case "stop":
			return { atMs, do: "signal", signal: random.pick([TERM, TERM, INT, QUIT]) };
		case "enter":
			return {
				...{ atMs, do: "enter", withTerminal: random.chance(0.3) },
				actor: drawActor(random, measure),
			};
		case "press":
			return { atMs, do: "press", signal: random.pick([INT, QUIT, TSTP, WINCH]) };
		case "strike":
			return { atMs, do: "strike", signal: random.pick([KILL, KILL, STOP, CONT, TERM]) };
		case "continue":
			return { atMs, do: "continue" };
		case "stderr":
			return { atMs, do: "stderr", stderr: random.pick(["read", "blocked", "closed"] as const) };
	}
}
