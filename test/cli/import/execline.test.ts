// execline: how it is read, and the shell that the simple scripts become, tried in a real shell.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${X} is execline's and the shell's notation
import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { NotExecline, parseExecline } from "../../../cli/src/import/s6/execline.ts";
import { executableLines, NeedsExecline } from "../../../cli/src/import/s6/execline-to-shell.ts";

function words(text: string): unknown {
	type Items = ReturnType<typeof parseExecline>;
	const plain = (items: Items): unknown[] =>
		items.map((item) =>
			item.kind === "block"
				? plain(item.items)
				: item.pieces
						.map((piece) => (typeof piece === "string" ? piece : `<${piece.name}>`))
						.join(""),
		);
	return plain(parseExecline(text));
}

describe("parseExecline() reads", () => {
	test.each([
		["#!/bin/execlineb -P\n# c\nfoo bar # baz\n", ["foo", "bar"]],
		['"a b" c"d e"f', ["a b", "cd ef"]],
		['"a\\n\\t\\"\\\\" b\\ c', ['a\n\t"\\', "b c"]],
		["foreground { a { b } } c", ["foreground", ["a", ["b"]], "c"]],
		["echo ${X}y #not", ["echo", "<X>y"]],
		["echo $X \\${X} a#b", ["echo", "$X", "${X}", "a#b"]],
		['""', [""]],
		["", []],
		["a{ b }c", ["a{", "b", "}c"]],
	])("%j", (text, expected) => {
		expect(words(text)).toEqual(expected);
	});

	test.each([
		["a\nb {\n c\n", 2, "a { has no }"],
		["a\n}\n", 2, "a } has no {"],
		['a "b\n', 1, 'a " has no partner'],
	])("%j as wrong, with its line", (text, line, message) => {
		expect(() => parseExecline(text)).toThrow(NotExecline);
		expect(() => parseExecline(text)).toThrow(expect.objectContaining({ line, message }));
	});
});

describe("executableLines() turns into shell", () => {
	test.each([
		["s6-setuidgid app\nprog --x 'y z'", [`exec setuser app prog --x "'"'y' 'z'"'"`]],
		["with-contenv\nfdmove -c 2 1\nprog", ["exec 2>&1", "exec prog"]],
		["/command/with-contenv /command/s6-setuidgid app prog", ["exec setuser app prog"]],
		["fdmove -c 1 2 prog", ["exec >&2", "exec prog"]],
		[
			"redirfd -w 1 /x redirfd -a 2 /y redirfd -r 0 /z p",
			["exec >/x", "exec 2>>/y", "exec </z", "exec p"],
		],
		["fdclose 0 p", ["exec 0>&-", "exec p"]],
		[
			'cd /a umask 077 export A "b c" unexport D p',
			["cd /a || exit 111", "umask 077", "export A='b c'", "unset D", "exec p"],
		],
		["if { test -d /x } foreground { mkdir /y } p", ["test -d /x || exit 1", "mkdir /y", "exec p"]],
		["background { sleep 1 } p", ["sleep 1 &", "exec p"]],
		["foreground { cd /a pwd } p", ["( cd /a || exit 111; exec pwd )", "exec p"]],
		['s6-notifyoncheck -d -n 300 -w 1000 -c "nc -z ::1 80" p -q', ["exec p -q"]],
		["exec p", ["exec p"]],
		["", []],
	])("%j", (text, lines) => {
		expect(executableLines(text).lines).toEqual(lines);
	});

	test("what it knows of it", () => {
		expect(executableLines("s6-setuidgid app p").user).toBe("app");
		expect(executableLines("s6-notifyoncheck -d p").leavesOutReadiness).toBe(true);
		expect(executableLines("p")).toEqual({ lines: ["exec p"], leavesOutReadiness: false });
	});
});

describe("the shell does what execline does", () => {
	const env = { PATH: "/usr/bin:/bin", A: "1 2", E: "" };
	test.each([
		["importas -i X A\nprintf <%s> a${X}b", "<a1 2b>", 0],
		["importas X A\nprintf <%s> ${X} c", "<1 2><c>", 0],
		["importas X NONE\nprintf <%s> ${X} c", "<c>", 0],
		["importas X E\nprintf <%s> ${X} c", "<><c>", 0],
		["importas -D d X NONE\nprintf <%s> ${X}", "<d>", 0],
		['importas -D "d \\" e" X NONE\nprintf <%s> ${X}', '<d " e>', 0],
		["importas A A\nprintf <%s> ${A}", "<1 2>", 0],
		["importas -i X NONE\nprintf <%s> ${X}", "", 2],
		["printf <%s> ${A} $A", "<${A}><$A>", 0],
		["export B x${A}\nprintenv B", "x${A}\n", 0],
		['backtick -n B { printf "x\\n" }\nprintenv B', "x\n", 0],
		["backtick -n B { echo b } importas -i C B printf <%s> ${C}", "<b>", 0],
		["foreground { printf a } printf b", "ab", 0],
		["foreground { false } printf b", "b", 0],
		["if { false } printf b", "", 1],
		["if { printf a } printf b", "ab", 0],
		["foreground { if { true } printf a } printf b", "ab", 0],
		["cd /none printf b", "", 111],
		["exit 7", "", 7],
	])("%j", (text, stdout, status) => {
		const script = executableLines(text).lines.join("\n");
		expect(spawnSync("sh", ["-c", script], { env, encoding: "utf8" })).toMatchObject({
			stdout,
			status,
		});
	});
});

describe("executableLines() refuses", () => {
	test.each([
		["pipeline { a } b", "pipeline"],
		["ifelse { a } { b } c", "ifelse"],
		["if -n { a } b", "if -n"],
		["s6-softlimit -m 1 p", "s6-softlimit"],
		["s6-setuidgid app foreground { a } p", "a block behind s6-setuidgid"],
		["fdmove 2 1 p", "fdmove without -c"],
		["redirfd -u 1 /x p", "redirfd with other options"],
		["echo ${1}", "${1}"],
		["p { a }", "a block"],
		["{ a }", "a block where a command should be"],
		["cd", "a command without its argument"],
		["foreground p", "a command without its block"],
		["importas -s X A p", "importas -s"],
		["export a-b c p", 'the variable "a-b"'],
	])("%j", (text, message) => {
		expect(() => executableLines(text)).toThrow(NeedsExecline);
		expect(() => executableLines(text)).toThrow(message);
	});
});
