import { describe, expect, test } from "vitest";
import { directory, plainFile, program, type SimulatedFile } from "../../simulation/files.ts";
import { type Run, World } from "../../simulation/world.ts";

function initctl(
	given: string[],
	environment: Record<string, string> = {},
	files: Record<string, SimulatedFile> = {},
): Run {
	const sh = program([]);
	return new World({
		...{ name: "initctl", arguments: given, environment },
		files: {
			"/bin/app": program([]),
			"/bin/sh": sh,
			"/usr/bin/bash": program([]),
			"/usr/bin/env": program([]),
			...files,
		},
	}).run();
}

function script(text: string): Record<string, SimulatedFile> {
	return { "/start.sh": { ...plainFile(text), isExecutable: true } };
}

describe("initctl explain", () => {
	test("says what would happen, and starts nothing", () => {
		const run = initctl(["explain", "--", "app", "-x"]);
		expect(run).toMatchObject({ exitCode: 0, stderr: "" });
		expect(run.machine.main).toBeUndefined();
		expect(run.stdout).toBe(
			[
				"PID 1         this init; it reaps all orphans",
				"main child    /bin/app -x",
				"signals       all are forwarded to the main child",
				"a stop        begins with TERM or INT; what is left after 9 s is killed and named",
				"docker stop   sends TERM, or the image's STOPSIGNAL, and kills everything 10 s later",
				"the end       all others are asked to end (TERM) and waited for; what is left at the end of the time is killed; the exit code is the main child's own",
				"",
			].join("\n"),
		);
	});

	test("takes options and variables into account", () => {
		const { stdout } = initctl(
			["explain", "--stop-timeout=30s", "--rewrite", "TERM:QUIT,HUP:drop", "app"],
			{
				INIT_STOP_SIGNALS: "TERM 5s, INT",
				INIT_STOP_DELAY: "2s",
				INIT_WAIT: "all",
				INIT_SIGNAL_SCOPE: "group",
				INIT_EXIT_REMAP: "143:0",
			},
		);
		expect(stdout).toContain("main child's process group, TERM as QUIT, HUP to nobody\n");
		expect(stdout).toContain(
			"begins with TERM or INT, is told to the main child after 2 s, by TERM for 5 s, then INT, then KILL; what is left after 30 s",
		);
		expect(stdout).toContain("before our 30 s are over; give it docker stop -t 31\n");
		expect(stdout).toContain(
			"without being asked to end; the exit code is the main child's own, 0 for 143\n",
		);
	});

	test("names what the image has the init do beside the command", () => {
		const { stdout } = initctl(
			["explain", "app"],
			{},
			{
				"/etc/my_init.d/10": program([]),
				"/etc/rc.local": program([]),
				"/etc/service/web/run": program([]),
				"/etc/my_init.post_shutdown.d/1": program([]),
			},
		);
		expect(stdout).toContain("before it     /etc/my_init.d/10, /etc/rc.local\n");
		expect(stdout).toContain("services      web\n");
		expect(stdout).toContain("hooks         /etc/my_init.post_shutdown.d/1\n");
		expect(stdout).toContain("main child    /bin/app\n");
	});

	test("says what would go wrong", () => {
		const { stdout } = initctl(["explain", "missing"]);
		expect(stdout).toContain(
			'main child    cannot start "missing": not found in PATH: the exit code would be 127\n',
		);
		expect(initctl(["explain"]).stdout).toContain("main child    none: ");
	});

	test.each([
		[["sh", "-c", "app"], /shell form: whether \/bin\/sh stays between depends on the shell/],
		[["bash", "-c", "setup && app"], /shell form: \/usr\/bin\/bash stays as main child/],
		[["sh", "-c", "exec app"], undefined],
		[["sh", "-ec", "setup; app"], /shell form: \/bin\/sh stays as main child/],
		[["bash", "-o", "pipefail", "-c", "setup; app"], /shell form: /],
		[["bash", "--login", "-c", "setup; app"], /shell form: /],
		[["sh", "-c", "cd / && exec app"], undefined],
		[["env", "-u", "X", "A=1", "sh", "-c", "setup; app"], /shell form: sh stays as main child/],
		[["env", "app"], undefined],
		[["sh", "/missing.sh"], undefined],
		[["sh"], undefined],
		[["app"], undefined],
	])("warns of a shell as main child: %o", (command, warning) => {
		const { stdout } = initctl(["explain", "--", ...command]);
		if (warning === undefined) expect(stdout).not.toContain("warning ");
		else expect(stdout).toMatch(warning);
	});

	test.each([
		["#!/bin/sh\nset -e\napp\n", true],
		["#!/usr/bin/env bash\napp &\nwait\n# exec app\n", true],
		["#!/bin/sh\nset -e\nexec app\n\n# the end\n", false],
		["#!/usr/bin/python3\nprint(1)\n", false],
		["#!/bin/bash\t-e\napp\n", true],
		["app\n", true],
		[`#!/bin/sh\n${"#".repeat(70_000)}\nexec app\n`, false],
	])("warns of a script that does not end with exec: %j", (text, isWarned) => {
		for (const command of [["/start.sh"], ["sh", "/start.sh"], ["bash", "-e", "/start.sh"]]) {
			const { stdout } = initctl(["explain", ...command], {}, script(text));
			expect(stdout.includes("/start.sh does not end with exec")).toBe(isWarned);
		}
	});

	test.each(["#!/bin/sh\r\napp\n", "#!/no/such/interpreter\napp\n"])(
		"names a #! line that leads nowhere: %j",
		(text) => {
			const { stdout } = initctl(["explain", "/start.sh"], {}, script(text));
			expect(stdout).toMatch(
				/main child .* which cannot be executed: the exit code would be 127\n/,
			);
		},
	);

	test("reads the options of a my_init that the command is, and leaves another name's to it", () => {
		const inits = new World({
			...{
				name: "initctl",
				arguments: ["explain", "my_init", "--stop-timeout", "20s", "--", "app"],
			},
			environment: { PATH: "/bin:/sbin" },
			files: { "/bin/app": program([]) },
		}).run();
		expect(inits.stdout).toContain("main child    /bin/app\n");
		expect(inits.stdout).toContain("after 20 s is killed");
	});

	describe("of setuser as the command", () => {
		const setuser = (...given: string[]): string => {
			const command = ["explain", "--", "my_init", "as", "setuser", ...given];
			return initctl(command, { PATH: "/bin:/sbin:/usr/bin" }).stdout;
		};

		test.each([
			[["www", "app", "-x"], "as setuser www app -x: becomes /bin/app -x\n"],
			[["www", "--", "app"], "as setuser www -- app: becomes /bin/app\n"],
			[
				["www", "missing"],
				'cannot start "missing": not found in PATH: the exit code would be 127\n',
			],
			[["www"], "as setuser www: no command for it to become: the exit code would be 1\n"],
			[[], "as setuser: no command for it to become: the exit code would be 1\n"],
			[["a", "my_init", "as", "setuser", "b", "app"], " b app: becomes /bin/app\n"],
		])("%j", (given, text) => {
			const stdout = setuser(...given);
			expect(stdout).toContain("PID 1         this init; it reaps all orphans\n");
			expect(stdout).toMatch(/^main child {4}\/sbin\/my_init as setuser/m);
			expect(stdout).toContain(text);
		});

		test("warns of a shell behind it", () => {
			expect(setuser("www", "bash", "-c", "setup; app")).toMatch(/warning +shell form: /);
			expect(setuser("www", "bash", "-c", "exec app")).not.toContain("warning ");
			expect(setuser("www")).not.toContain("warning ");
		});

		test("initctl is a tool, another init is an init", () => {
			const explained = (name: string): string =>
				initctl(["explain", "my_init", "as", name, "syslog"], { PATH: "/sbin" }).stdout;
			expect(explained("initctl")).toContain("as initctl syslog: a tool, not the init\n");
			expect(explained("tini")).toContain(": this init by another name, with options of its own\n");
		});
	});

	test("warns of settings that cannot all be kept", () => {
		const { stdout } = initctl(["explain", "--stop-delay=8s", "--rewrite=TERM:drop", "app"]);
		expect(stdout).toContain("a stop        begins with INT, is told to the main child after 6 s;");
		expect(stdout).toContain("warning       a stop delay of 8 s is cut to 6 s");
		expect(stdout).toContain("warning       TERM is dropped by a rewrite, and so begins no stop");
	});

	test("refuses other verbs and options", () => {
		for (const given of [["frobnicate"], [], ["explain", "--nonsense"]]) {
			expect(initctl(given)).toMatchObject({ exitCode: 2, stdout: "" });
		}
		expect(initctl(["--version"]).stdout).toMatch(/^initctl version \d/);
		expect(initctl(["--help"]).stdout).toMatch(/^usage: initctl check \[--json\]\n/);
	});
});

describe("initctl check", () => {
	const script = (text: string): SimulatedFile => ({ ...plainFile(text), isExecutable: true });

	test("finds nothing in an image without start-up files, and in a good one", () => {
		const good = {
			"/etc/my_init.d": directory(),
			"/etc/my_init.d/1": script("#!/bin/sh\n:\n"),
			"/etc/my_init.d/no-shebang": script(":\n"),
			"/etc/my_init.d/old~": plainFile("#!/bin/sh\n"),
			"/etc/service": directory(),
			"/etc/service/web": directory(),
			"/etc/service/web/run": script("#!/usr/bin/env bash\n"),
		};
		for (const files of [{}, good]) {
			expect(initctl(["check"], {}, files)).toMatchObject({
				...{ exitCode: 0, stdout: "nothing is wrong with the start-up files\n", stderr: "" },
			});
		}
	});

	test("names what would not run, why, and what to do", () => {
		const run = initctl(
			["check"],
			{},
			{
				"/etc/my_init.d": directory(),
				"/etc/my_init.d/1": plainFile("#!/bin/sh\n"),
				"/etc/my_init.d/2": script("#!/bin/sh\r\n"),
				"/etc/my_init.d/3": script("#!/no/python\n"),
				"/etc/my_init.d/4": script("#! \n"),
				"/etc/my_init.pre_shutdown.d": directory(),
				"/etc/my_init.pre_shutdown.d/hook": plainFile(""),
				"/etc/rc.local": plainFile("#!/bin/sh\n"),
				"/etc/service": directory(),
				"/etc/service/web": directory(),
				"/etc/service/.hidden": directory(),
				"/etc/container_environment": directory(),
				"/etc/container_environment/A=B": plainFile("x"),
			},
		);
		expect(run.stdout.split("\n")).toEqual([
			"/etc/my_init.d/1: is not executable, and so not run; chmod +x it",
			"/etc/my_init.d/2: its #! line ends with a carriage return: save it with the line ends of Unix",
			"/etc/my_init.d/3: its #! line names /no/python: no such file (ENOENT)",
			"/etc/my_init.d/4: its #! line names no interpreter",
			"/etc/my_init.pre_shutdown.d/hook: is not executable, and so not run; chmod +x it",
			"/etc/rc.local: is not executable, and so not run; chmod +x it",
			"/etc/service/web/run: is not run: no such file (ENOENT)",
			"/etc/container_environment/A=B is left out: no variable can have a name with =",
			"",
		]);
		expect(run.exitCode).toBe(1);
	});
});
