import { describe, expect, test } from "vitest";
import { duration } from "../../../init/src/options/value_types.ts";
import { SCENARIOS } from "../../scenarios/list.ts";
import { playSimulated } from "../../scenarios/simulated.ts";

const DEFAULT_BUDGET = "9s";

describe("on the simulated machine", () => {
	test.each(SCENARIOS)("$name", (scenario) => {
		const option = scenario.options?.find((each) => each.startsWith("--stop-timeout="));
		const budget = duration.parse(option?.split("=")[1] ?? DEFAULT_BUDGET) ?? 0;
		const { endsAtMs, ...expected } = { said: [], counts: [], killed: 0, ...scenario.expected };
		const { endedAtMs, violations, ...seen } = playSimulated(scenario, budget);
		expect(seen).toEqual(expected);
		// An engine collects who entered from outside a moment later.
		expect(endedAtMs).toBeGreaterThanOrEqual(endsAtMs);
		expect(endedAtMs).toBeLessThan(endsAtMs + 10);
		expect(violations).toEqual([]);
	});
});
