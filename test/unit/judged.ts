// A run of a world in which everything that is demanded of every run holds as well.
import { expect } from "vitest";
import { findViolations } from "../simulation/checker.ts";
import type { Orders } from "../simulation/checks/evidence.ts";
import { type Run, World, type WorldOptions } from "../simulation/world.ts";

export interface JudgedOptions extends WorldOptions {
	/** Lets things happen at their times. */
	readonly arrange?: (world: World) => void;
	/** What the options ask for, where that is not the default. */
	readonly orders?: Partial<Orders>;
}

/** Runs the world with the real init, and fails when the checker finds anything. */
export function runJudged(options: JudgedOptions): Run {
	const world = new World(options);
	options.arrange?.(world);
	const run = world.run();
	expect(findViolations(run, options.orders)).toEqual([]);
	return run;
}
