// A drawn world, run and judged.

import { findViolations } from "./checker.ts";
import { describeFact } from "./chronicle.ts";
import { filesOf } from "./draw_stages.ts";
import { type DrawnWorld, drawWorld } from "./draw_world.ts";
import { schedule } from "./stimulus.ts";
import { type Run, World } from "./world.ts";

/** A world's actors can fill pages; its seed says it all. */
const SHOWN_OF_WORLD = 3_000;

export interface Judged {
	readonly world: DrawnWorld;
	readonly run: Run;
	readonly violations: readonly string[];
}

/** Draws the world of the seed and runs the real init in it. */
export function runSeed(seed: number): Judged {
	const drawn = drawWorld(seed);
	const world = new World({
		seed,
		conditions: drawn.conditions,
		options: drawn.options,
		main: drawn.main,
		inheritedZombies: drawn.inheritedZombies,
		...(drawn.stages === undefined
			? {}
			: { environment: drawn.stages.environment, files: filesOf(drawn.stages) }),
	});
	schedule(world, drawn.stimuli);
	const run = world.run();
	return { world: drawn, run, violations: findViolations(run, drawn.orders) };
}

/** All that one needs to find out why a seed fails. */
export function describeFailure({ world, violations }: Judged): string {
	return [
		`seed ${world.seed}:`,
		...violations.map((violation) => `  ${violation}`),
		`world: ${JSON.stringify(world).slice(0, SHOWN_OF_WORLD)}`,
		`replay with the full log: SEED=${world.seed} npm run test:unit`,
	].join("\n");
}

export function describeRun({ run }: Judged): string {
	return run.facts.map(describeFact).join("\n");
}
