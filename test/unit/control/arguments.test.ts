import { describe, expect, test } from "vitest";
import { readArguments } from "../../../init/src/control/arguments.ts";
import { durationMs } from "../../../init/src/options/words.ts";

describe("the arguments of a verb", () => {
	test("stand in any order", () => {
		expect(
			readArguments("wait", ["a", "--healthy", "--timeout", "2m", "--socket", "/s", "--", "-b"]),
		).toEqual({ names: ["a", "-b"], flags: ["--healthy"], socket: "/s", timeoutMs: 120_000 });
		expect(readArguments("status", [])).toEqual({
			...{ names: [], flags: [], socket: undefined, timeoutMs: undefined },
		});
	});

	test.each([
		["status", ["--follow"], "unknown option --follow"],
		["status", ["--json", "--watch"], "--json and --watch exclude each other"],
		["wait", ["--ready", "--stopped"], "exclude each other"],
		["start", [], "a name is missing"],
		["signal", ["--group"], "a name is missing"],
		["stop", [""], "a name is empty"],
		["events", ["web"], "it takes no names"],
		["metrics", ["x"], "it takes no names"],
		["health", ["--timeout", "5s"], "unknown option --timeout"],
		["wait", ["--timeout"], "--timeout needs a time"],
		["wait", ["--timeout", "5x"], "--timeout needs a time"],
		["status", ["--socket"], "--socket needs a path"],
	])("%s %j: %s", (verb, words, text) => {
		expect(readArguments(verb, words)).toMatch(text);
	});

	test.each([
		["0", 0],
		["5", 5_000],
		["250ms", 250],
		["30s", 30_000],
		["2m", 120_000],
		["1h", 3_600_000],
		["", undefined],
		["s", undefined],
		["1.5s", undefined],
		["-1", undefined],
		["1m30s", undefined],
	])("durationMs(%j) is %s", (text, ms) => {
		expect(durationMs(text, 1_000)).toBe(ms);
	});
});
