// supervisord's %(name)s, its commands and its environment.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${X} is execline's and the shell's notation
import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import type { Word } from "../../../cli/src/import/model.ts";
import { shellWord } from "../../../cli/src/import/shell/quote.ts";
import {
	BadValue,
	commandWords,
	environmentPairs,
	valueText,
	valueWord,
} from "../../../cli/src/import/supervisord/expand.ts";

const KNOWN = { here: "/etc/sv", program_name: "web", process_num: 7, group_name: "all" };

/** The words as a shell script has them. */
function shell(text: string): string {
	return commandWords(text, KNOWN).map(shellWord).join(" ");
}

/** What a real shell makes of a word, with these variables. */
function evaluated(words: readonly Word[], env: Record<string, string>): string[] {
	const script = `set -f; printf '%s\\0' ${words.map(shellWord).join(" ")}`;
	const { stdout } = spawnSync("sh", ["-c", script], { env, encoding: "utf8" });
	return stdout.split("\0").slice(0, -1);
}

describe("commandWords() puts in what is known", () => {
	test.each([
		["%(program_name)s_%(process_num)d", "web_7"],
		["%(process_num)02d %(process_num)3d|", "07 '7|'"],
		["%(here)s/x %(group_name)s", "/etc/sv/x all"],
		["date +%%Y", "date +%Y"],
		["a 'b c' \"d e\" f\\ g", "a 'b c' 'd e' 'f g'"],
		["a '' b", "a '' b"],
		["a\n  b\n  c", "a b c"],
		["bash -c 'echo $HOME; exit 1'", "bash -c 'echo $HOME; exit 1'"],
		['a "it\'s"', `a 'it'"'"'s'`],
	])("%j", (text, expected) => {
		expect(shell(text)).toBe(expected);
	});
});

describe("a variable of the environment", () => {
	const env = { PORT: "80", OPTS: "-a  -b *", EMPTY: "" };
	test.each([
		["x --port=%(ENV_PORT)s", ["x", "--port=80"]],
		["x %(ENV_OPTS)s y", ["x", "-a", "-b", "*", "y"]],
		['x "%(ENV_OPTS)s" y', ["x", "-a  -b *", "y"]],
		["x '%(ENV_OPTS)s' y", ["x", "-a  -b *", "y"]],
		["x %(ENV_EMPTY)s y", ["x", "y"]],
		['x "%(ENV_EMPTY)s" y', ["x", "", "y"]],
		["x '$HOME' %(ENV_PORT)s", ["x", "$HOME", "80"]],
	])("in %j reaches the program as under supervisord", (text, expected) => {
		expect(evaluated(commandWords(text, KNOWN), env)).toEqual(expected);
	});

	test("host_node_name is the container's HOSTNAME", () => {
		expect(valueWord("%(host_node_name)s", KNOWN)).toEqual([
			{ variable: "HOSTNAME", splits: false },
		]);
	});

	test("in a value is one word", () => {
		expect(evaluated([valueWord("%(ENV_OPTS)s!", KNOWN)], env)).toEqual(["-a  -b *!"]);
	});
});

describe("what supervisord refuses is refused", () => {
	test.each([
		["date +%Y", "begins neither %(name)s nor %%"],
		["a 100%", "begins neither %(name)s nor %%"],
		["%(nobody)s", "%(nobody)s is unknown here"],
		["a 'b", "has no partner"],
		['a "b', "has no partner"],
		["%(ENV_a-b)s", 'no shell has a variable of the name "a-b"'],
	])("%j", (text, why) => {
		expect(() => commandWords(text, KNOWN)).toThrow(BadValue);
		expect(() => commandWords(text, KNOWN)).toThrow(why);
	});

	test("a value that the start decides where it must be known now", () => {
		expect(valueText("x%(process_num)s", KNOWN)).toBe("x7");
		expect(() => valueText("%(ENV_USER)s", KNOWN)).toThrow("which only the start knows");
	});
});

describe("environmentPairs() reads", () => {
	test.each([
		["A=1", { A: "1" }],
		["A=1,B=2", { A: "1", B: "2" }],
		[' A = "1, 2" , B=\'3"4\' ', { A: "1, 2", B: '3"4' }],
		["A=1,\nB=2,\n", { A: "1", B: "2" }],
		["PATH=/usr/bin:/bin,X=a.b-c(d)", { PATH: "/usr/bin:/bin", X: "a.b-c(d)" }],
		["A=%(program_name)s,B=100%%", { A: "web", B: "100%" }],
		["A=", { A: "" }],
		["", {}],
	])("%j", (text, expected) => {
		const pairs = environmentPairs(text, KNOWN).map(({ name, value }) => [name, value.join("")]);
		expect(Object.fromEntries(pairs)).toEqual(expected);
	});

	test.each(["A", "A=1 B=2", "A='1", "=1", "A=1,,B=2"])("%j as wrong", (text) => {
		expect(() => environmentPairs(text, KNOWN)).toThrow("no list of KEY");
	});
});
