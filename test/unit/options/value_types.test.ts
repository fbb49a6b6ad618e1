import { describe, expect, test } from "vitest";
import { duration, logLevel } from "../../../init/src/options/value_types.ts";

const WEEK_MS = 7 * 24 * 3_600_000;

describe("duration.parse()", () => {
	test.each([
		["500ms", 500],
		["9s", 9_000],
		["9", 9_000],
		["0", 0],
		["0s", 0],
		["00012", 12_000],
		["1m30s", 90_000],
		["1h", 3_600_000],
		["1h2m3s4ms", 3_723_004],
		["30s1m", 90_000],
		["1.5s", 1_500],
		["1.5", 1_500],
		[".5", 500],
		["5.", 5_000],
		["0.0004s", 0],
		["0.6ms", 1],
		["168h", WEEK_MS],
		["604800", WEEK_MS],
	])("reads %o as %i ms", (text, ms) => {
		expect(duration.parse(text)).toBe(ms);
	});

	test.each([
		...[
			"",
			" ",
			"s",
			"ms",
			".",
			"..",
			"1..5",
			"1.5.5",
			"-1",
			"+1",
			"1e3",
			"0x9",
			"NaN",
			"Infinity",
		],
		...["1 s", "1S", "1d", "1w", "1sec", "1m30", "30 1s", "1,5s", "1s,", "9s\0"],
		...["\u0661s", "1\xb5s", "604800.001", "169h", "99999999999999999999"],
	])("refuses %o", (text) => {
		expect(duration.parse(text)).toBeUndefined();
	});
});

test("white space around a duration is none of it", () => {
	for (const text of [" 1s", "1s ", "1s\n", "\t1s"]) expect(duration.parse(text)).toBe(1_000);
});

describe("logLevel.parse()", () => {
	test.each(["error", "warning", "info", "debug"])("knows %s", (level) => {
		expect(logLevel.parse(level)).toBe(level);
	});

	test.each(["", "Error", "warn", "trace", "3", "info "])("refuses %o", (text) => {
		expect(logLevel.parse(text)).toBeUndefined();
	});

	test("says what it expects", () => {
		expect(logLevel.expected).toBe("one of error, warning, notice, info, debug");
	});
});
