import { expect, test } from "vitest";
import { judgeFile, passes, signalOf, wasKilled } from "../../cli/src/demo/judge.ts";
import { flushed, observation } from "./observation.ts";

const records = (count: number) =>
	Array.from({ length: count }, (_, index) => `record ${index + 1}\n`).join("");

test("judgeFile() calls all records with the end mark whole", () => {
	expect(judgeFile(`${records(100)}end\n`)).toEqual(flushed);
});

test.each([
	["half of the records", records(50), 50],
	["all records without the end mark", records(100), 100],
	["an end mark too early", `${records(99)}end\n`, 99],
	["a record cut in the middle", `${records(74)}rec`, 74],
	["something behind the end mark", `${records(100)}end\nrecord 101\n`, 100],
	["an empty file", "", 0],
])("judgeFile() calls %s torn", (_what, content, count) => {
	expect(judgeFile(content)).toEqual({ state: "torn", records: count, recordsExpected: 100 });
});

test("judgeFile() calls a missing file torn", () => {
	expect(judgeFile(undefined)).toMatchObject({ state: "torn", records: 0 });
});

test("signalOf() names the signal of an exit code above 128", () => {
	expect([137, 143, 129].map(signalOf)).toEqual(["SIGKILL", "SIGTERM", "SIGHUP"]);
	expect([0, 1, 42, 127, 128, 255].map(signalOf)).toEqual(["", "", "", "", "", ""]);
});

test("wasKilled() is true for 137 alone", () => {
	expect([0, 1, 136, 137, 138, 143].filter((exitCode) => wasKilled({ exitCode }))).toEqual([137]);
});

test("passes() demands no zombie, a whole file, and nobody killed", () => {
	expect(passes(observation())).toBe(true);
	expect(passes(observation({ zombies: 1 }))).toBe(false);
	expect(passes(observation({ exitCode: 137 }))).toBe(false);
	expect(passes(observation({ file: { ...flushed, state: "torn" } }))).toBe(false);
});
