// Files in three folders, and what is laid over them: what holds, and what initctl show says of it.
import { describe, expect, test } from "vitest";
import { directory } from "../../simulation/files.ts";
import { bytesOf, compile, ETC, initctl, problems } from "./machine.ts";

const LIB = "/usr/lib/my_init/services";
const RUN = "/run/my_init/services";
const sleep = (nice: number): string => `command = ["sleep"]\nnice = ${nice}\n`;

function niceOf(files: Record<string, string>): number | undefined {
	return compile(files)["web"]?.launch.nice;
}

describe("a later folder", () => {
	test("has the file that holds", () => {
		const files: Record<string, string> = { [`${LIB}/web.toml`]: sleep(1) };
		expect(niceOf(files)).toBe(1);
		files[`${ETC}/web.toml`] = sleep(2);
		expect(niceOf(files)).toBe(2);
		files[`${RUN}/web.toml`] = sleep(3);
		expect(niceOf(files)).toBe(3);
	});

	test("takes a service away by an empty file", () => {
		const files = {
			[`${LIB}/web.toml`]: sleep(1),
			[`${ETC}/web.toml`]: " \n",
			[`${LIB}/b.toml`]: sleep(1),
		};
		expect(Object.keys(compile(files))).toEqual(["b"]);
		expect(initctl(["show"], files).stdout).toBe(
			`b\t${LIB}/b.toml\nweb\tremoved by ${ETC}/web.toml\n`,
		);
		expect(initctl(["show", "web"], files)).toMatchObject({
			...{ exitCode: 1, stderr: `*** error: "web" is removed by ${ETC}/web.toml\n` },
		});
		// Back again.
		expect(Object.keys(compile({ ...files, [`${RUN}/web.toml`]: sleep(3) }))).toEqual(["b", "web"]);
	});

	test("takes a service away by what is /dev/null", () => {
		const device = directory();
		const files = { [`${LIB}/web.toml`]: sleep(1), "/dev/null": device };
		expect(initctl(["show"], { ...files, [`${ETC}/web.toml`]: device })).toMatchObject({
			...{ exitCode: 0, stdout: `web\tremoved by ${ETC}/web.toml\n` },
		});
		expect(initctl(["show"], { ...files, [`${ETC}/web.toml`]: directory() }).stderr).toContain(
			`${ETC}/web.toml: is no regular file; write one, or a link to /dev/null`,
		);
	});
});

describe("NAME.toml.d", () => {
	test("is laid over NAME.toml, folder by folder, by name", () => {
		const over = (folder: string, name: string, nice: number) => ({
			[`${folder}/web.toml.d/${name}.toml`]: `nice = ${nice}\n`,
		});
		const files = { [`${ETC}/web.toml`]: sleep(1), ...over(LIB, "90", 2) };
		expect(niceOf(files)).toBe(2);
		expect(niceOf({ ...files, ...over(ETC, "10", 3) })).toBe(3);
		expect(niceOf({ ...files, ...over(ETC, "10", 3), ...over(ETC, "09", 4) })).toBe(3);
		expect(niceOf({ ...files, ...over(ETC, "10", 3), ...over(RUN, "00", 5) })).toBe(5);
		expect(niceOf({ ...files, [`${ETC}/web.toml.d/.x.toml`]: "nice = 9" })).toBe(2);
		expect(niceOf({ ...files, [`${ETC}/web.toml.d/x.bak`]: "nice = 9" })).toBe(2);
	});

	const WEB = `command = ["sleep", "1"]
environment = { A = "1", B = "1" }
ready = { tcp = "a:1", timeout = 5 }
ulimits.nofile = { soft = 1, hard = 2 }
[healthcheck]
test = ["CMD", "sleep"]
interval = "1m"
[depends_on.db]
restart = true
`;
	const OVER = `command = ["sleep"]
environment = { B = "2", C = "2" }
ready.unix = "/s"
ulimits.nofile.hard = 3
healthcheck.test.file = "/f"
depends_on = ["cache"]
`;
	const files = {
		...{ web: WEB, db: sleep(1), cache: sleep(1) },
		[`${RUN}/web.toml.d/10.toml`]: OVER,
	};

	test("merges tables, replaces lists, values and ways to ask", () => {
		expect(compile(files)["web"]).toMatchObject({
			launch: {
				...{ words: ["sleep"], environment: ["A=1", "B=2", "C=2"] },
				limits: [{ resource: 7, soft: 1, hard: 3 }],
			},
			ready: { program: { words: ["await", "--timeout", "5000", "unix", "/s"] }, timeoutMs: 5000 },
			healthcheck: {
				...{ program: { words: ["await", "--once", "file", "/f"] }, intervalMs: 60_000 },
			},
			dependsOn: [{ name: "cache" }],
		});
	});

	test("lays a timeout over ready = sd_notify", () => {
		const files = {
			web: `command = ["sleep"]\nready = "sd_notify"\n`,
			[`${RUN}/web.toml.d/10.toml`]: "ready.timeout = 5\n",
		};
		expect(compile(files)["web"]).toMatchObject({ ready: { kind: "sd_notify", timeoutMs: 5000 } });
	});

	test("is told apart by initctl show, which prints what can be read again", () => {
		const [etc, run] = [`  # ${ETC}/web.toml`, `  # ${RUN}/web.toml.d/10.toml`];
		const { exitCode, stdout, stderr } = initctl(["show", "web"], files);
		expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
		expect(stdout.split("\n")).toEqual([
			...[`command = ["sleep"]${run}`, `depends_on = ["cache"]${run}`],
			...["", "[environment]", `A = "1"${etc}`, `B = "2"${run}`, `C = "2"${run}`],
			...["", "[ready]", `timeout = 5${etc}`, `unix = "/s"${run}`],
			...["", "[ulimits.nofile]", `soft = 1${etc}`, `hard = 3${run}`],
			...["", "[healthcheck]", `interval = "1m"${etc}`],
			...["", "[healthcheck.test]", `file = "/f"${run}`, ""],
		]);
		const again = { ...files, web: stdout, [`${RUN}/web.toml.d/10.toml`]: "" };
		expect(compile(again)["web"]).toEqual(compile(files)["web"]);
	});

	test("names its own file where it is wrong", () => {
		const wrong = { ...files, [`${RUN}/web.toml.d/10.toml`]: "\nnice = 99\nx = 1\n" };
		expect(problems(wrong)).toEqual([
			expect.stringContaining(`${RUN}/web.toml.d/10.toml:2:1: nice is the number 99`),
			expect.stringContaining(`${RUN}/web.toml.d/10.toml:3:1: unknown key "x"`),
		]);
	});

	test("of no service is named", () => {
		expect(problems({ [`${ETC}/wbe.toml.d/1.toml`]: "nice = 1" })).toEqual([
			"wbe.toml.d/1.toml: is laid over wbe.toml, which is in none of the folders; write that file, or remove this one",
		]);
	});
});

describe("initctl show", () => {
	const web = `command = ["a\\"b", 'c\\d', "ü\\u001b\\u009b\\n"]\n"x y" = [{ a = 1.5, "b c" = [true] }, {}, inf]\ne = {}\n`;

	test("writes text so that it is read again, and steers no terminal", () => {
		const { stdout } = initctl(["show", "web"], { web });
		const file = `  # ${ETC}/web.toml`;
		expect(stdout).toBe(
			`command = ["a\\"b", "c\\\\d", "${bytesOf("ü")}\\u001b\\u009b\\n"]${file}\n"x y" = [{ a = 1.5, "b c" = [true] }, {}, inf]${file}\ne = {}${file}\n`,
		);
	});

	test("lists services with their files", () => {
		const files = { web, b: "", a: "nice = 1", [`${LIB}/web.toml.d/1.toml`]: "" };
		expect(initctl(["show"], files)).toMatchObject({
			exitCode: 0,
			stdout: `a\t${ETC}/a.toml\nb\tremoved by ${ETC}/b.toml\nweb\t${ETC}/web.toml ${LIB}/web.toml.d/1.toml\n`,
		});
	});

	test("shows several, and says which it does not know", () => {
		const { exitCode, stdout, stderr } = initctl(["show", "a", "wbe", "b"], {
			a: "nice = 1",
			b: "nice = 2",
			web,
		});
		expect(stdout).toBe(`# a\nnice = 1  # ${ETC}/a.toml\n# b\nnice = 2  # ${ETC}/b.toml\n`);
		expect(stderr).toBe('*** error: there is no service "wbe"; did you mean "web"?\n');
		expect(exitCode).toBe(1);
	});

	test("shows the definition of an instance", () => {
		const files = { web: "scale = 2\n", "a-1": "nice = 1\n", bad: "scale = 'x'\n" };
		expect(initctl(["show", "web-2", "a-1"], files)).toMatchObject({
			...{ exitCode: 0, stderr: "" },
			stdout: `# web-2\nscale = 2  # ${ETC}/web.toml\n# a-1\nnice = 1  # ${ETC}/a-1.toml\n`,
		});
		// What is wrong with web is not asked for.
		const faulty = { web: "scale = 2\nscale", "web-1": "nice = 1\n" };
		expect(initctl(["show", "web-1"], faulty)).toMatchObject({ exitCode: 0, stderr: "" });
		for (const name of ["web-0", "web-3", "web-", "-1", "b-1", "bad-1", "web-1-1"])
			expect(initctl(["show", name], files)).toMatchObject({
				...{ exitCode: 1, stdout: "" },
				stderr: expect.stringContaining(`there is no service "${name}"; `),
			});
	});

	test("says what cannot be read, of those that are asked for", () => {
		const files = { a: "nice = 1", b: "nice = " };
		expect(initctl(["show", "a"], files)).toMatchObject({ exitCode: 0, stderr: "" });
		const { exitCode, stderr } = initctl(["show", "b"], files);
		expect(stderr).toContain(`*** error: ${ETC}/b.toml:1:8: is no TOML`);
		expect(exitCode).toBe(1);
	});
});
