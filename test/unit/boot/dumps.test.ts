import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { isShellName, jsonMember, readShellDump, shellLine } from "../../../init/src/boot/dumps.ts";
import { Variables } from "../../../init/src/boot/variables.ts";
import { World } from "../../simulation/world.ts";

const { kernel } = new World({});

const NASTY = [
	"",
	"plain",
	"it's",
	"two\nlines\n",
	"$HOME `id` \\ \"quoted\" 'single'",
	"-n",
	"tab\tand\x01control\x7f",
	"''''",
	"a'\nexport B='c'\n",
];

function variablesOf(values: readonly string[]): Variables {
	return Variables.of(values.map((value, index) => `V${index}=${value}`));
}

function shellDump(variables: Variables): string {
	return variables.names.map((name, i) => shellLine(kernel, name, variables.at(i))).join("");
}

function jsonDump(variables: Variables): string {
	return `{${variables.names.map((name, i) => jsonMember(kernel, name, variables.at(i))).join()}}`;
}

describe("shellLine()", () => {
	test("gives each value back unchanged in a POSIX shell", () => {
		const variables = variablesOf(NASTY);
		const script = `${shellDump(variables)}${variables.names.map((name) => `printf '%s\\0' "$${name}"`).join("\n")}`;
		const said = execFileSync("sh", ["-c", script], { encoding: "latin1", env: {} });
		expect(said.split("\0").slice(0, -1)).toEqual(NASTY);
	});

	test("is read back as it was", () => {
		const variables = variablesOf(NASTY);
		const read = Variables.of(["V1=before"]);
		readShellDump(kernel, shellDump(variables), read);
		expect(NASTY.map((_, index) => read.get(`V${index}`))).toEqual(NASTY);
	});

	test.each(["", "X='1'\n", "export X=1\n", "export 2X='1'\n", "export X='1", "export"])(
		"reads nothing out of %j",
		(text) => {
			const read = new Variables();
			readShellDump(kernel, text, read);
			expect(read.entries()).toEqual([]);
		},
	);

	test("leaves out names that no shell has", () => {
		const variables = Variables.of(["2FAST=1", "a.b=1", "A=1", "_=1", "=x", "A-B=1", "\xe4=1"]);
		expect(shellDump(variables)).toBe("export A='1'\nexport _='1'\n");
	});

	test.each(["A", "_", "a1_B"])("isShellName(%j)", (name) => {
		expect(isShellName(kernel, name)).toBe(true);
	});

	test.each(["", "1", "1A", "A B", "A=", "a.b", "A\n"])("not isShellName(%j)", (name) => {
		expect(isShellName(kernel, name)).toBe(false);
	});
});

describe("jsonMember()", () => {
	test("is one JSON object with every name", () => {
		const variables = variablesOf(NASTY);
		const parsed: unknown = JSON.parse(jsonDump(variables));
		expect(parsed).toEqual(Object.fromEntries(NASTY.map((value, index) => [`V${index}`, value])));
	});

	test.each([
		["\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80", "\u00e4\u20ac\u{1f600}"],
		["\xff", "\udcff"],
		["\xc3", "\udcc3"],
		["\xc0\xaf", "\udcc0\udcaf"],
		["\xed\xa0\x80", "\udced\udca0\udc80"],
		["\xf4\x90\x80\x80", "\udcf4\udc90\udc80\udc80"],
		["\xe2\x82x", "\udce2\udc82x"],
	])("bytes %j are %j, as Python has them", (bytes, text) => {
		const dump = jsonDump(Variables.of([`A=${bytes}`]));
		const parsed: unknown = JSON.parse(Buffer.from(dump, "latin1").toString());
		expect(parsed).toEqual({ A: text });
	});
});

describe("Variables", () => {
	test("keeps names that every object has, and the first of two entries", () => {
		const variables = Variables.of(["__proto__=a", "constructor=b", "A=1", "A=2", "nothing", "=x"]);
		expect(variables.entries()).toEqual(["__proto__=a", "constructor=b", "A=1"]);
		expect(variables.get("toString")).toBeUndefined();
	});
});
