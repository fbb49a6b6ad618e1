// Files as values with places: the library in the bundle's make, with modules of ours.
import { describe, expect, test } from "vitest";
import { TomlDate } from "../../../init/src/definitions/toml/date.ts";
import { isProblem, readToml } from "../../../init/src/definitions/toml/read_toml.ts";
import { type Entry, Table, type Value } from "../../../init/src/definitions/value.ts";
import { checkTomlLibrary } from "../../../scripts/toml-library.ts";
import { bytesOf } from "./machine.ts";

function read(text: string): Table {
	const bytes = bytesOf(text);
	const table = readToml("f", bytes, bytes === text);
	if (isProblem(table)) throw new Error(`${table.line}:${table.column}: ${table.text}`);
	return table;
}

function plain(value: Value): unknown {
	if (value instanceof Table)
		return Object.fromEntries(value.entries.map((entry) => [entry.key, plain(entry.value)]));
	if (Array.isArray(value)) return value.map(plain);
	return value instanceof TomlDate ? "a date" : value;
}

function places(table: Table, path = ""): string[] {
	return table.entries.flatMap(({ key, place, value }: Entry) => [
		`${path}${key} ${place.line}:${place.column}`,
		...(value instanceof Table ? places(value, `${path}${key}.`) : []),
	]);
}

function problem(bytes: string, isAscii = false): string {
	const found = readToml("f", bytes, isAscii);
	return isProblem(found) ? `${found.line}:${found.column}: ${found.text}` : "none";
}

describe("readToml()", () => {
	test("reads all that TOML 1.0 has", () => {
		const text = `a = 'x'\nb = "q\\"\\u00e9"\nc = """\none\\\n  two"""\nd = [1, 0x10, -2.5, 1_000, inf]
e = { f = true, "g h" = false }\n[t.u]\nv = 1979-05-27T07:32:00Z\nw = 07:32:00\n[[l]]\nm = 1\n`;
		expect(plain(read(text))).toEqual({
			...{ a: "x", b: bytesOf('q"é'), c: "onetwo", d: [1, 16, -2.5, 1000, Infinity] },
			...{ e: { f: true, "g h": false }, t: { u: { v: "a date", w: "a date" } }, l: [{ m: 1 }] },
		});
	});

	test("knows the place of each key, header and key in braces", () => {
		const text =
			"a = 1\n\n  b.c = 2\n[ t ]\nd = { x = 1, e = { x = 2 } }\r\n[t.u]\n  f = '''\n\n'''\ng=1\n";
		expect(places(read(text))).toEqual([
			...["a 1:1", "b 3:3", "b.c 3:3", "t 4:3", "t.d 5:1", "t.d.x 5:7", "t.d.e 5:14"],
			...["t.d.e.x 5:20", "t.u 6:2", "t.u.f 7:3", "t.u.g 10:1"],
		]);
	});

	test("forgets one document before the next", () => {
		read("[x]\na = 1\n");
		expect(places(read("\na = 1\n"))).toEqual(["a 2:1"]);
	});

	test("takes characters as the bytes that they are, and counts columns in characters", () => {
		const text = 'a = "ü€😀"\nb = { "ö" = 1, c = 2 }\n"ß" = "\\U0001F600"\n';
		expect(plain(read(text))).toEqual({
			...{ a: bytesOf("ü€😀"), b: { [bytesOf("ö")]: 1, c: 2 } },
			[bytesOf("ß")]: bytesOf("😀"),
		});
		expect(places(read(text))).toContain("b.c 2:16");
	});

	test("keeps names that every object has", () => {
		expect(plain(read("constructor = 1\ntoString = 2\n[__proto__]\nx = 1\n"))).toEqual(
			JSON.parse('{"constructor":1,"toString":2,"__proto__":{"x":1}}'),
		);
	});

	test.each([
		["a = 'x\n", "1:7: is no TOML: control characters are not allowed in strings; "],
		["a = x\n", "1:5: is no TOML: invalid value; put text between quotes"],
		[
			"a = 1\na = 2\n",
			"2:1: is no TOML: trying to redefine an already defined table or value; keep one",
		],
		[
			"a = { b = 1, b = 2 }\n",
			"1:14: is no TOML: trying to redefine an already defined value; keep one",
		],
		["a = { b = { c = 1 }, b.d = 2 }\n", "1:22: is no TOML: trying to redefine"],
		["a b = 1\n", "1:3: is no TOML: illegal character in key; a key is made of"],
		["ok = 1\nb\n", "2:2: is no TOML: illegal character in key"],
		[
			"a = 1 b = 2\n",
			"1:7: is no TOML: each key-value declaration must be followed by an end-of-line; begin",
		],
		["a = 022\n", "1:5: is no TOML: illegal leading zero; put it between quotes"],
		['a = "\\d"\n', "1:7: is no TOML: unrecognised escape sequence; write a backslash as"],
		[`a = ${"[".repeat(100)}`, "1:21: is no TOML: document contains excessively nested structures"],
		[
			"a = 99999999999999999999\n",
			"1:5: is no TOML: integer value cannot be represented losslessly; see",
		],
	])("says what is no TOML, where, and what to do: %j", (text, expected) => {
		expect(problem(text)).toContain(expected);
	});

	test.each([
		["a = 1\nb = '\xff'\n", "2:6: is no UTF-8 here; save the file as UTF-8"],
		["# \xc0\x80\n", "1:3: "],
		["\xed\xa0\x80", "1:1: "],
	])("says where bytes are no UTF-8: %j", (bytes, expected) => {
		expect(problem(bytes)).toContain(expected);
	});
});

describe("the library", () => {
	test("must be made as it was, or the build fails", () => {
		expect(() => checkTomlLibrary()).not.toThrow();
		expect(() => checkTomlLibrary(() => "export {}")).toThrow(
			/smol-toml's dist\/parse\.js has no "from '.\/struct\.js'" any more/,
		);
	});
});
