// What Python's RawConfigParser makes of a file, as supervisord sets it up.
import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { parseIni } from "../../../cli/src/import/supervisord/ini.ts";

const CASES: readonly [name: string, text: string, expected: object][] = [
	["a value", "[a]\nx=1\n", { a: { x: "1" } }],
	[
		"spaces and both delimiters",
		"[a]\n x = 1 \ny : 2\nz: a=b\nw=c:d\n",
		{ a: { x: "1", y: "2", z: "a=b", w: "c:d" } },
	],
	["names in any case", "[A]\nKey=1\nKEY=2\n", { A: { key: "2" } }],
	["a comment behind a space", "[a]\nx=1 ; one\ny=2 # two\n", { a: { x: "1", y: "2" } }],
	[
		"no comment without a space",
		"[a]\nx=1;2\ny=a#b\nurl=http://h/#x;y\n",
		{ a: { x: "1;2", y: "a#b", url: "http://h/#x;y" } },
	],
	[
		"a command with a semicolon",
		"[a]\ncommand=bash -c 'a;b; c'\n",
		{ a: { command: "bash -c 'a;b; c'" } },
	],
	["lines of comments", "; c\n# d\n[a]\n; e\nx=1\n  # f\n  ; g\ny=2\n", { a: { x: "1", y: "2" } }],
	[
		"a value that goes on",
		"[a]\nenvironment=A=1,\n  B=2,\n\tC=3\nx=1\n",
		{ a: { environment: "A=1,\nB=2,\nC=3", x: "1" } },
	],
	["an empty line in a value", "[a]\nx=1\n\n  2\ny=3\n", { a: { x: "1\n\n2", y: "3" } }],
	["a comment in a value", "[a]\nx=1,\n ; no\n 2\ny=3\n", { a: { x: "1,\n2", y: "3" } }],
	[
		"a comment behind a line that goes on",
		"[a]\nx=1, ; no\n 2 ; nor this\n",
		{ a: { x: "1,\n2" } },
	],
	["an empty value", "[a]\nx=\ny=1\n", { a: { x: "", y: "1" } }],
	["an empty value that goes on", "[a]\nx=\n  1\n  2\n", { a: { x: "\n1\n2" } }],
	[
		"a section twice",
		"[a]\nx=1\n[b]\ny=1\n[a]\nx=2\nz=3\n",
		{ a: { x: "2", z: "3" }, b: { y: "1" } },
	],
	["a header with a comment", "[a] ; why\nx=1\n[b]# x\ny=2\n", { a: { x: "1" }, b: { y: "2" } }],
	["an indented file", "  [a]\n  x=1\n  y=2\n", { a: { x: "1", y: "2" } }],
	["indented options", "[a]\n  x=1\n  y=2\n    3\n", { a: { x: "1", y: "2\n3" } }],
	["line ends of DOS", "[a]\r\nx=1\r\ny=2\r\n", { a: { x: "1", y: "2" } }],
	["a semicolon at the beginning of a value", "[a]\nx=;1\ny= ;2\n", { a: { x: ";1", y: "" } }],
	["quotes stay", "[a]\nx=\"1 2\"\ny='3'\n", { a: { x: '"1 2"', y: "'3'" } }],
	[
		"brackets in a value",
		"[a]\nx=[1]\n[program:b c]\ny=1\n",
		{ a: { x: "[1]" }, "program:b c": { y: "1" } },
	],
	["two brackets in a header", "[a]b]\nx=1\n", { "a]b": { x: "1" } }],
	["no newline at the end", "[a]\nx=1", { a: { x: "1" } }],
	["an option that begins with a bracket", "[a]\n[b=1\nx=2\n", { a: { "[b": "1", x: "2" } }],
];

const PYTHON = `
import sys, json, configparser
def read(text):
    parser = configparser.RawConfigParser(inline_comment_prefixes=(';', '#'), strict=False)
    parser.read_string(text)
    return {name: dict(parser.items(name)) for name in parser.sections()}
print(json.dumps([read(text) for text in json.load(sys.stdin)]))
`;

function parsed(text: string) {
	return Object.fromEntries(
		parseIni(text).sections.map(({ name, values }) => [
			name,
			Object.fromEntries([...values].map(([key, value]) => [key, value.text])),
		]),
	);
}

test.each(CASES)("parseIni() reads %s", (_name, text, expected) => {
	expect(parsed(text)).toEqual(expected);
});

test("what is expected here is what Python's parser reads", ({ skip }) => {
	const input = JSON.stringify(CASES.map(([, text]) => text));
	const python = spawnSync("python3", ["-c", PYTHON], { input, encoding: "utf8" });
	skip(python.error !== undefined, "there is no python3");
	expect(python.stderr).toBe("");
	expect(JSON.parse(python.stdout)).toEqual(CASES.map(([, , expected]) => expected));
});

test.each([
	["x=1\n[a]\n", 1, '"x=1" stands before the first [section]'],
	["[a]\nx=1\nwhat is this\n", 3, '"what is this" has no name and value'],
	["[a]\n=1\n", 2, '"=1" has no name and value'],
])("parseIni() names the line of what is wrong in %j", (text, line, what) => {
	expect(parseIni(text).problems).toMatchObject([{ line, what }]);
});

test("parseIni() goes on behind what is wrong", () => {
	expect(parsed("[a]\nwhat\n  more\nx=1\n")).toEqual({ a: { x: "1" } });
});

test("parseIni() tells where a value and a section begin", () => {
	const [a, b] = parseIni("[a]\n\n; c\nx=1\n 2\n[b]\ny=1\n").sections;
	expect(a).toMatchObject({ line: 1 });
	expect(a?.values.get("x")).toEqual({ text: "1\n2", line: 4 });
	expect(b).toMatchObject({ line: 6 });
});
