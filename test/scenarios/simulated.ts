// Plays a scenario on the simulated machine.
import { findViolations } from "../simulation/checker.ts";
import { said } from "../simulation/observe.ts";
import { World } from "../simulation/world.ts";
import {
	type Count,
	countKilled,
	type Observed,
	type Scenario,
	type ScenarioEvent,
} from "./scenario.ts";

export interface Simulated extends Observed {
	readonly violations: readonly string[];
}

/** Plays it with the real init's TypeScript; `orders` are what its options mean. */
export function playSimulated(scenario: Scenario, budgetMs: number): Simulated {
	const world = new World({
		main: scenario.main,
		options: scenario.options ?? [],
		conditions: { hasTerminal: scenario.onTerminal ?? false },
	});
	const counts: Count[] = [];
	for (const event of scenario.events) world.at(event.atMs, () => happen(world, event, counts));
	const run = world.run();
	return {
		exitCode: run.exitCode ?? -1,
		endedAtMs: run.endedAtMs,
		said: said(run),
		counts,
		killed: countKilled(run.stderr),
		violations: findViolations(run, { budgetMs }),
	};
}

function happen(world: World, event: ScenarioEvent, counts: Count[]): void {
	switch (event.do) {
		case "signal":
			world.signal(event.signal);
			break;
		case "enter":
			world.enter(event.actor);
			break;
		case "press":
			world.press(event.signal);
			break;
		case "count":
			counts.push(countIn(world));
			break;
	}
}

function countIn({ machine }: World): Count {
	const states = machine.processes
		.all()
		.filter((process) => process !== machine.init)
		.map(({ state }) => state);
	return {
		zombies: states.filter((state) => state === "ended").length,
		stopped: states.filter((state) => state === "stopped").length,
		running: states.filter((state) => state === "running").length,
	};
}
