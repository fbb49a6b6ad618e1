import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { differences, LOCK, mergeVersions } from "../../scripts/toolchain-lock.ts";

test("the recorded versions are sorted, each package once", () => {
	const text = readFileSync(LOCK, "utf8");
	expect(`${mergeVersions([text]).join("\n")}\n`).toBe(text);
});

test("versions of several platforms become one list", () => {
	expect(mergeVersions(["make=1\nquickjs=2-1\n", "musl-dev:armhf=1.2~deb\nquickjs=2-1\n"])).toEqual(
		[...["make=1", "musl-dev:armhf=1.2~deb", "quickjs=2-1"]],
	);
});

test.each([
	["a=1\n", "a=2\n", "a has several versions"],
	["a\n", "b=1\n", '"a" is not package=version'],
	["a=1 b\n", "", '"a=1 b" is not package=version'],
])("%j and %j are refused", (first, second, why) => {
	expect(() => mergeVersions([first, second])).toThrow(why);
});

test("a difference names what was recorded and what was found", () => {
	expect(differences(["a=1", "b=1"], ["a=1", "b=2"])).toEqual([
		"no more: b=1",
		"not recorded: b=2",
	]);
	expect(differences(["a=1"], ["a=1"])).toEqual([]);
});
