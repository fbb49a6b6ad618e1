// Dependencies that cannot be met, and what is left out for them.
import { describe, expect, test } from "vitest";
import { compile, initctl, problems } from "./machine.ts";

/** Services that each depend on others: "a: b c, b:". */
function services(text: string): Record<string, string> {
	return Object.fromEntries(
		text.split(", ").map((one) => {
			const [name = "", others = ""] = one.split(":");
			const names = others.trim() === "" ? [] : others.trim().split(" ");
			return [name, `command = ["sleep"]\ndepends_on = ${JSON.stringify(names)}\n`];
		}),
	);
}

const circles = (text: string): string[] =>
	problems(services(text)).map((line) => line.replace(/: depends_on goes in a circle/, ""));

describe("a circle", () => {
	test.each([
		["a: a", ["a.toml:2:1: a -> a; take one of them out"]],
		["a: b, b: a", ["a.toml:2:1: a -> b -> a; take one of them out"]],
		["z: b, b: c, c: d, d: b, x: z", ["b.toml:2:1: b -> c -> d -> b; take one of them out"]],
		[
			"a: b, b: a, c: d a, d: c, e: a c",
			[
				"a.toml:2:1: a -> b -> a; take one of them out",
				"c.toml:2:1: c -> d -> c; take one of them out",
			],
		],
		["a: b c, b: c, c: d, d:", []],
	])("in %j is named once", (text, expected) => {
		expect(circles(text)).toEqual(expected);
	});

	test("leaves out who is in it, and who waits for it", () => {
		const run = initctl(["compile"], services("a: b, b: a, c: a, d: c, e:"));
		expect(run.stdout.split("\n").length).toBe(2);
		expect(run.stderr.split("\n").slice(1)).toEqual([
			"*** error: c is left out: it depends on a, which is left out",
			"*** error: d is left out: it depends on c, which is left out",
			"",
		]);
		expect(run.exitCode).toBe(1);
	});

	test("of a thousand is found", () => {
		const chain = Array.from({ length: 1000 }, (_, i) => `s${i}: s${(i + 1) % 1000}`).join(", ");
		expect(circles(chain)).toEqual([
			expect.stringMatching(/^s0.toml:2:1: s0 -> s1 -> s2 .* -> s999 -> s0; /),
		]);
	});
});

test("a chain of a thousand has none", () => {
	const chain = Array.from({ length: 1000 }, (_, i) => `s${i}: ${i === 0 ? "" : `s${i - 1}`}`);
	expect(Object.keys(compile(services(chain.join(", ")))).length).toBe(1000);
});

test("a fault of what is required is said once, with a line for each that is left out", () => {
	const run = initctl(["compile"], { ...services("a: b, b: c"), c: "command = ['missing']" });
	expect(run).toMatchObject({ exitCode: 1, stdout: "" });
	expect(run.stderr).toBe(
		[
			'*** error: /etc/my_init/services/c.toml:1:1: command names "missing", which is not found in PATH; install it, or give its path',
			"*** error: a is left out: it depends on b, which is left out",
			"*** error: b is left out: it depends on c, which is left out",
			"",
		].join("\n"),
	);
});

test("a file that cannot be parsed is said to be so, not what would follow from that", () => {
	const files = {
		web: `command = ["sleep"]\ndepends_on.db.condition = "service_healthy"\n`,
		db: "healthcheck = [",
	};
	expect(problems(files)).toEqual([expect.stringContaining("db.toml:1:")]);
});

describe("main.toml's service", () => {
	const web = 'entrypoint = ["sleep"]\ncommand = ["1"]\n';

	test("takes the arguments of PID 1 in place of its command, and the main command waits for it", () => {
		const files = { main: 'service = "web"\n', web, db: 'command = ["sleep"]\n' };
		const given = compile(files, ["2", "3"]);
		expect(given["web"]).toMatchObject({ isMain: true, launch: { words: ["sleep", "2", "3"] } });
		expect(given["db"]).toMatchObject({ isMain: false, launch: { words: ["sleep"] } });
		expect(given["main"]?.launch.words).toEqual([]);
		expect(given["main"]?.dependsOn.map(({ name }) => name)).toEqual(["web"]);
		expect(compile(files)["web"]?.launch.words).toEqual(["sleep", "1"]);
	});

	test.each([
		[{ main: "service = 'wep'", web }, 'main.toml:1:1: service names "wep", which is no service; '],
		[{ main: "service = 'main'" }, "main.toml:1:1: service is main, whose own file this is; "],
		[
			{ main: "service = 'web'", web: `${web}scale = 2` },
			'main.toml:1:1: service names "web", of which there are 2, and the main command is one; take out its scale',
		],
		[
			{ main: "service = 'web'", web: `${web}schedule = "@daily"` },
			'main.toml:1:1: service names "web", which the clock starts, and the main command is started at boot; take out its schedule',
		],
		[
			{ main: "service = 'web'\nuser = 'root'", web },
			'main.toml:2:1: user and service contradict each other: how "web" runs is said in its own file; take one out',
		],
		[
			{ main: "service = 'web'\nrestart = 'no'", web },
			"main.toml:2:1: restart means nothing for the main command: ",
		],
		[
			{ web: `${web}service = "web"` },
			"web.toml:3:1: service is a key of main.toml alone; take it out",
		],
		[{ main: "service = ['web']", web }, "main.toml:1:1: service is "],
	])("is one that there is, and all that main.toml says: %j", (files, problem) => {
		expect(problems(files)).toEqual([expect.stringContaining(problem)]);
	});

	test("is left out with it, with which the start ends", () => {
		const run = initctl(["compile"], { main: 'service = "web"', web: 'command = "missing"' });
		expect(run).toMatchObject({ exitCode: 1, stdout: "" });
		expect(run.stderr).toContain("main is left out: it depends on web, which is left out");
	});
});

test("an instance is not called as another service is", () => {
	const files = { ...services("web-2: , web-3: "), web: 'command = ["sleep"]\nscale = 2\n' };
	expect(problems(files)).toEqual([
		"web-2.toml: is called as instance 2 of /etc/my_init/services/web.toml; give it another name",
	]);
});
