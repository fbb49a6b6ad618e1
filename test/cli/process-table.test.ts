import { expect, test } from "vitest";
import { isZombie, type ProcessEntry, parseStat, tree } from "../../cli/src/processes/table.ts";

test("parseStat() reads pid, name, state and parent", () => {
	expect(parseStat("42 (batch.sh) Z 7 42 42 0 -1 4228100 70 0")).toEqual({
		pid: 42,
		name: "batch.sh",
		state: "Z",
		parentPid: 7,
	});
});

test("parseStat() is not deceived by parentheses, spaces and newlines in a name", () => {
	expect(parseStat("9 (a) Z 1 (b) S 3 9 9 0 ")).toMatchObject({
		name: "a) Z 1 (b",
		state: "S",
		parentPid: 3,
	});
	expect(parseStat("9 (a\nb) R 3 9 ")).toMatchObject({ name: "a\nb" });
});

test("parseStat() gives undefined for what is no stat line", () => {
	expect(parseStat("")).toBeUndefined();
	expect(parseStat("9 (cut o")).toBeUndefined();
});

test("tree() gives a process and its descendants, and nobody else", () => {
	const entry = (pid: number, parentPid: number): ProcessEntry => ({
		pid,
		parentPid,
		state: "S",
		name: "x",
	});
	const table = [
		entry(1, 0),
		entry(30, 20),
		entry(20, 10),
		entry(10, 1),
		entry(11, 1),
		entry(12, 11),
	];
	expect(tree(table, 10).map(({ pid }) => pid)).toEqual([10, 20, 30]);
	expect(tree(table, 99)).toEqual([]);
});

test("isZombie() is true for state Z alone", () => {
	const states = ["R", "S", "D", "T", "t", "Z", "X", "I"];
	const zombies = states.filter((state) => isZombie({ pid: 2, parentPid: 1, name: "x", state }));
	expect(zombies).toEqual(["Z"]);
});
