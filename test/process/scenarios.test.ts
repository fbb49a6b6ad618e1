// The scenarios with real processes: what is expected is the same as on the simulated machine
// (test/unit/scenarios), so that the simulated machine is held to the real one.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SCENARIOS } from "../scenarios/list.ts";
import { compilePlayer, type Player, playReal } from "../scenarios/real.ts";
import { isMachineRoot } from "./support/binaries.ts";
import { describeInit, isMissing } from "./support/suite.ts";

/** How early a timer may seem to be, and how late real processes may be on a busy machine. */
const EARLY_MS = 30;
const LATE_MS = 1_500;

const isUnplayable = isMissing("gcc", "nsenter");
if (!isMachineRoot)
	console.warn("skipped: scenarios: entering a namespace and other users need root");

describe.skipIf(isUnplayable || !isMachineRoot)("scenarios", () => {
	let player: Player;
	beforeAll(async () => {
		player = await compilePlayer();
	});
	afterAll(() => player[Symbol.dispose]());

	describeInit("scenarios with real processes", (binary) => {
		test.concurrent.each(SCENARIOS)("$name", async (scenario) => {
			const { endsAtMs, ...expected } = { said: [], counts: [], killed: 0, ...scenario.expected };
			const { endedAtMs, ...seen } = await playReal(scenario, binary, player);
			expect(seen).toEqual(expected);
			expect(endedAtMs).toBeGreaterThan(endsAtMs - EARLY_MS);
			expect(endedAtMs).toBeLessThan(endsAtMs + LATE_MS);
		});
	});
});
