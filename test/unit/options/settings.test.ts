import { describe, expect, test } from "vitest";
import {
	completeSettings,
	defaultSettings,
	forwardingSettings,
	replaced,
	type Settings,
} from "../../../init/src/options/settings.ts";
import { INT, TERM, USR1 } from "../../simulation/signal_actions.ts";

function completed(changes: Partial<Settings>): Settings {
	const settings = { ...forwardingSettings(), ...changes };
	completeSettings(settings);
	return settings;
}

describe("completeSettings()", () => {
	test("leaves an init that only forwards as it is, and my_init too", () => {
		expect(completed({})).toEqual(forwardingSettings());
		expect(completed(defaultSettings())).toEqual(defaultSettings());
	});

	test.each([
		{ wait: "term" },
		{ wait: "all" },
		{ stopDelayMs: 1 },
		{ stopSignals: [{ signal: TERM, waitMs: 1 }] },
	] as const)("gives it a stop for %o", (changes) => {
		expect(completed(changes)).toMatchObject({ stopOn: [TERM, INT], stopTimeoutMs: 9_000 });
	});

	test("keeps what was said", () => {
		expect(completed({ stopTimeoutMs: 1 })).toMatchObject({
			stopOn: [TERM, INT],
			stopTimeoutMs: 1,
		});
		expect(completed({ stopOn: [USR1] })).toMatchObject({ stopOn: [USR1], stopTimeoutMs: 9_000 });
	});
});

test("replaced() takes the first replacement that fits, once", () => {
	const replacements = [
		{ from: 1, to: 2 },
		{ from: 2, to: 3 },
		{ from: 1, to: 4 },
	];
	expect([0, 1, 2, 3].map((number) => replaced(replacements, number))).toEqual([0, 2, 3, 3]);
});
