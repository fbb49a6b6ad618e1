// The small languages within values: words, schedules, files of variables, sizes; and the words that were meant.
import { describe, expect, test } from "vitest";
import { readEnvFile } from "../../../init/src/definitions/env_file.ts";
import { parseSize } from "../../../init/src/definitions/fields.ts";
import { didYouMean, distanceOf, nearest } from "../../../init/src/definitions/nearest.ts";
import { parseSchedule } from "../../../init/src/definitions/schedule.ts";
import { splitWords } from "../../../init/src/definitions/split_words.ts";
import { decodeUtf8, encodeUtf8 } from "../../../init/src/definitions/text.ts";
import { Findings } from "../../../init/src/definitions/value.ts";

describe("splitWords()", () => {
	test.each([
		["", []],
		["  a \t b\nc ", ["a", "b", "c"]],
		[`a "b c" 'd "e"' f\\ g`, ["a", "b c", 'd "e"', "f g"]],
		[`x"y"'z'`, ["xyz"]],
		[`"" ''`, ["", ""]],
		[`"a\\"b\\n\\\\" 'a\\n'`, ['a"b\\n\\', "a\\n"]],
		["a \\\n b", ["a", "b"]],
		['"a\\\nb"', ["ab"]],
		["$HOME *", ["$HOME", "*"]],
		["a '&&' \\> b", ["a", "&&", ">", "b"]],
	])("%j is %j", (text, words) => {
		expect(splitWords(text)).toEqual(words);
	});

	test.each([
		['a "b', 'has a quote (") that is not closed; close it'],
		["a 'b\\'", undefined],
		["it's", "has a quote (') that is not closed; close it"],
		["a \\", "ends with a backslash; "],
		["a && b", "has the word &&, and there is no shell; "],
		["a > file", "has the word >, "],
		["a 2>&1", "has the word 2>&1, "],
	])("%j has something wrong", (text, wrong) => {
		const words = splitWords(text);
		if (wrong === undefined) expect(words).toEqual(["a", "b\\"]);
		else expect("wrong" in words ? words.wrong : "nothing").toContain(wrong);
	});
});

describe("parseSchedule()", () => {
	test.each([
		["*/5 * * * *", "*/5 * * * *"],
		[" 0\t12  1,15 jan-Mar MON-fri ", "0 12 1,15 1-3 1-5"],
		["10-40/10,59 0-23/2 * * 7", "10-40/10,59 0-23/2 * * 7"],
		["@hourly", "0 * * * *"],
		["@Daily", "0 0 * * *"],
		["@weekly", "0 0 * * 0"],
		["@monthly", "0 0 1 * *"],
		["@yearly", "0 0 1 1 *"],
	])("%j is %j", (text, fields) => {
		expect(parseSchedule(text)).toBe(fields);
	});

	test.each([
		["* * * *", "has 4 fields; write five"],
		["60 * * * *", 'has "60" as minute; write *, or numbers from 0 to 59'],
		["* 24 * * *", 'has "24" as hour'],
		["* * 0 * *", 'has "0" as day of the month'],
		["* * * foo *", 'has "foo" as month'],
		["* * * * 8", 'has "8" as day of the week'],
		["5-1 * * * *", 'has "5-1" as minute'],
		["*/0 * * * *", 'has "*/0" as minute'],
		["5/2 * * * *", 'has "5/2" as minute'],
		["1, * * * *", 'has "1," as minute'],
		["-1 * * * *", 'has "-1" as minute'],
		["@reboot", "leave schedule out"],
		["@noon", "is no time; write @hourly"],
	])("%j is none", (text, wrong) => {
		expect(parseSchedule(text)).toMatchObject({ wrong: expect.stringContaining(wrong) });
	});
});

describe("readEnvFile()", () => {
	function read(text: string): { values: Record<string, string>; wrong: string[] } {
		const values: Record<string, string> = {};
		const findings = new Findings();
		readEnvFile("f", text, findings, (name, value) => {
			values[name] = value;
		});
		const wrong = findings.problems.map((problem) => `${problem.line}: ${problem.text}`);
		return { values, wrong };
	}

	test("takes names, comments, quotes and what goes on behind a line's end", () => {
		const text = `# comment\nA=1\n\n export B = two words # not this\nC=#\nD='it\\n $X # '\r
E="a\\n\\"b\\" \\x
second" # end\nF=a#b\nG=\nH\nI=x=y`;
		expect(read(text)).toEqual({
			values: {
				...{ A: "1", B: "two words", C: "", D: "it\\n $X # ", E: 'a\n"b" \\x\nsecond', F: "a#b" },
				...{ G: "", I: "x=y" },
			},
			wrong: [],
		});
	});

	test("takes what an editor on Windows leaves: CR at the ends of lines, a byte order mark", () => {
		const text = '\xef\xbb\xbfA=1\r\n\r\n \r\n# x\r\nB="2"\r\nC=\r\nD= \r\nexport E=x y\r\n\r';
		expect(read(text)).toEqual({ values: { A: "1", B: "2", C: "", D: "", E: "x y" }, wrong: [] });
		expect(read("\xef\xbb\xbf")).toEqual({ values: {}, wrong: [] });
	});

	test("says in which line something is wrong, and goes on", () => {
		expect(read('A="x\ny"\nnot a name=1\n=2\nB=3\nC="open\n')).toEqual({
			values: { A: "x\ny", B: "3" },
			wrong: [
				'3: is no NAME=value: "not a name=1"; write it so, or # before a comment',
				'4: is no NAME=value: "=2"; write it so, or # before a comment',
				'6: "C" has a quote (") that is not closed; close it',
			],
		});
	});
});

describe("parseSize()", () => {
	test.each([
		["0", 0],
		["64k", 65_536],
		["10M", 10_485_760],
		["1gb", 1_073_741_824],
		["512b", 512],
		[" 7 ", 7],
		["", undefined],
		["k", undefined],
		["b", undefined],
		["1.5m", undefined],
		["-1", undefined],
		["10 m", undefined],
		["1t", undefined],
	])("%j is %j", (text, bytes) => {
		expect(parseSize(text)).toBe(bytes);
	});
});

describe("nearest()", () => {
	test("counts letters that are changed, put in, taken out or swapped", () => {
		expect(distanceOf("comand", "command")).toBe(1);
		expect(distanceOf("commnad", "command")).toBe(1);
		expect(distanceOf("", "abc")).toBe(3);
		expect(distanceOf("kitten", "sitting")).toBe(3);
	});

	test("finds the word that was meant, and none where none is near", () => {
		const words = ["command", "restart", "restart_delay", "ready"];
		expect(nearest("Restrat", words)).toBe("restart");
		expect(nearest("restart-delay", words)).toBe("restart_delay");
		expect(nearest("volume", words)).toBeUndefined();
		expect(nearest("x".repeat(1000), words)).toBeUndefined();
		expect(nearest("xy", ["ab"])).toBeUndefined();
		expect(didYouMean("redy", words, "else")).toBe('did you mean "ready"?');
		expect(didYouMean("zzzz", words, "else")).toBe("else");
	});
});

describe("UTF-8", () => {
	test.each(["", "ascii", "ü", "a€b😀c", "\u{10ffff}", "\ud7ff\ue000"])(
		"%j there and back",
		(text) => {
			const bytes = Buffer.from(text).toString("latin1");
			expect(encodeUtf8(text)).toBe(bytes);
			expect(decodeUtf8(bytes)).toBe(text);
		},
	);

	test("says where bytes are none", () => {
		expect(decodeUtf8("ab\x80")).toBe(2);
		expect(decodeUtf8("\xe2\x82")).toBe(0);
	});
});
