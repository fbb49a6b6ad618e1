import { describe, expect, test } from "vitest";
import { readShortOptions, type ShortOptions } from "../../../init/src/options/short_options.ts";
import { World } from "../../simulation/world.ts";

const OPTIONS: ShortOptions = {
	flags: "abV",
	valued: "r",
	long: [
		["rewrite", "r"],
		["all", "a"],
		["version", "V"],
		["all-of-it", "b"],
		["recent", "b"],
	],
};

function read(...given: string[]) {
	const taken: string[] = [];
	const { kernel } = new World({ arguments: given });
	const result = readShortOptions(kernel, 1, OPTIONS, (letter, value) => {
		taken.push(`${letter}${value}`);
		return value === "bad" ? "a bad value" : undefined;
	});
	return { result, taken };
}

describe("readShortOptions()", () => {
	test.each([
		[["app", "-a"], 1, []],
		[["-a", "app"], 2, ["a"]],
		[["-ab", "app"], 2, ["a", "b"]],
		[["-abr", "1:2", "app"], 3, ["a", "b", "r1:2"]],
		[["-r1:2", "app"], 2, ["r1:2"]],
		[["-ra", "app"], 2, ["ra"]],
		[["-r", "-a", "app"], 3, ["r-a"]],
		[["--rewrite", "1:2", "app"], 3, ["r1:2"]],
		[["--rewrite=1:2", "app"], 2, ["r1:2"]],
		[["--rewrite=", "app"], 2, ["r"]],
		[["--all", "--", "--app"], 3, ["a"]],
		[["--all-", "--rew=1", "--vers", "app"], 4, ["b", "r1", "V"]],
		[["--", "-a"], 2, []],
		[["-"], 1, []],
		[["-a", ""], 2, ["a"]],
		[["-a"], 0, ["a"]],
		[["-a", "--"], 0, ["a"]],
		[[], 0, []],
	])("reads %o", (given, index, taken) => {
		expect(read(...given)).toEqual({ result: index, taken });
	});

	test.each([
		[["-x"], "unknown option -x"],
		[["-ax"], "unknown option -x"],
		[["-\n"], "unknown option -\\x0a"],
		[["--xyz=1"], "unknown option --xyz"],
		[["--al"], "unknown option --al"],
		[["--re=1"], "unknown option --re"],
		[["--allx"], "unknown option --allx"],
		[["-r"], "-r needs a value"],
		[["-ar"], "-r needs a value"],
		[["--rewrite"], "--rewrite needs a value"],
		[["--all=1"], "--all takes no value"],
		[["-r", "bad"], "a bad value"],
		[["--rewrite=bad"], "a bad value"],
	])("refuses %o", (given, text) => {
		expect(read(...given).result).toBe(text);
	});
});
