import { describe, expect, test } from "vitest";
import { OPTIONS } from "../../../init/src/options/schema.ts";
import {
	defaultSettings,
	forwardingSettings,
	type Settings,
} from "../../../init/src/options/settings.ts";

const ALIASES = ["no-kill-all-on-exit", "quiet"];

describe("OPTIONS", () => {
	test("names each option and each variable once, the variable after the option", () => {
		expect(new Set(OPTIONS.map(({ long }) => long)).size).toBe(OPTIONS.length);
		for (const { long, variable } of OPTIONS) {
			expect(variable).toBe(`INIT_${long.toUpperCase().replaceAll("-", "_")}`);
		}
	});

	test.each(OPTIONS)("has a default text for --$long that means the default", (option) => {
		const settings: Settings = {
			...{ stopTimeoutMs: 1, stopOn: [10], stopDelayMs: 1, partingSignal: 1, namesOrphans: true },
			...{ zombieWarnMs: 1, terminationLog: "/x" },
			...{ stopSignals: [{ signal: 1, waitMs: 1 }], wait: "all", signalScope: "all" },
			...{ rewrites: [{ from: 1, to: 2 }], exitRemap: [{ from: 1, to: 2 }], logLevel: "debug" },
			...{ skipsStartupFiles: true, skipsServices: true, enablesInsecureKey: true },
			...{ onStartupFailure: "continue", startupTimeoutMs: 1, mainShare: 1 },
			...{ fileVariables: ["X"], secretVariables: ["X"] },
		};
		const before = { ...settings };
		expect(option.set(settings, option.defaultText)).toBe(true);
		const changed = Object.entries(settings).filter(
			([key, value]) => value !== Object.entries(before).find(([name]) => name === key)?.[1],
		);
		// Two stand for values of other options, and say nothing when they are not given.
		expect(changed).toHaveLength(ALIASES.includes(option.long) ? 0 : 1);
		const defaults = { ...defaultSettings(), logLevel: "warning" };
		for (const [key, value] of changed) expect(defaults).toHaveProperty(key, value);
	});

	test.each(OPTIONS)("leaves the settings alone when --$long is given nonsense", (option) => {
		const settings = defaultSettings();
		expect(option.set(settings, "no such value")).toBe(false);
		expect(settings).toEqual(defaultSettings());
	});

	test("--quiet is --log-level warning, --no-kill-all-on-exit is --wait none", () => {
		const settings = defaultSettings();
		for (const long of ALIASES)
			OPTIONS.find((option) => option.long === long)?.set(settings, "yes");
		expect(settings).toMatchObject({ logLevel: "warning", wait: "none" });
	});

	test.each(OPTIONS)("explains --$long in one line", ({ text, type, expected }) => {
		expect(text).toMatch(/^[^\n]{10,90}$/);
		expect(type).not.toBe("");
		expect(expected).not.toBe("");
	});
});

describe("defaultSettings()", () => {
	test("stops within 9 s, below Docker's 10, at TERM and INT", () => {
		expect(defaultSettings()).toEqual({
			...forwardingSettings(),
			wait: "term",
			stopTimeoutMs: 9_000,
			stopOn: [15, 2],
		});
	});
});
