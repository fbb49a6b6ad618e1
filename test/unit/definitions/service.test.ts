// What a service's keys become.
import { describe, expect, test } from "vitest";
import { plainFile, program } from "../../simulation/files.ts";
import { bytesOf, compile, compiled, ETC } from "./machine.ts";

const MB = 1_048_576;

describe("a definition", () => {
	test("of a command alone has everything decided", () => {
		expect(compiled("")).toEqual({
			...{ name: "web", file: `${ETC}/web.toml`, dependsOn: [] },
			launch: { words: ["sleep"], environment: [], directory: "", umask: -1, limits: [] },
			...{ restart: "always", mostRestarts: -1, restartDelayMs: 100, restartMaxDelayMs: 60_000 },
			...{ stableMs: 10_000, stopSignal: 15, stopGraceMs: 10_000, isCritical: false },
			isMain: false,
			...{ schedule: "", mayOverlap: false, isDown: false, runitFolder: "" },
			log: { format: "inherit", file: "", maxSize: 0, maxFiles: 0 },
		});
	});

	test.each([
		["command = 'sleep \"1 2\" 3'", ["sleep", "1 2", "3"]],
		['entrypoint = ["sleep"]', ["sleep"]],
		['entrypoint = "sleep -x"\ncommand = ["a", ""]', ["sleep", "-x", "a", ""]],
		['command = ["/opt/tool", "ü"]', ["/opt/tool", bytesOf("ü")]],
		['command = ["./tool"]\nworking_dir = "/opt"', ["./tool"]],
		['command = ["tool"]\nenvironment = { PATH = "/nowhere:/opt" }', ["tool"]],
	])("of %j executes %j", (toml, words) => {
		expect(compile({ web: toml })["web"]?.launch.words).toEqual(words);
	});

	test("depends on each of the others once, however often it says so", () => {
		const others = { a: 'command = ["sleep"]\n', b: 'command = ["sleep"]\n' };
		const toml = 'command = ["sleep"]\ndepends_on = ["a", "b", "a", "a"]\n';
		const names = compile({ ...others, web: toml })["web"]?.dependsOn.map(({ name }) => name);
		expect(names).toEqual(["a", "b"]);
	});

	const OF_APP = ["HOME=/home/app", "USER=app", "LOGNAME=app", "UID=1000", "SHELL=/bin/sh"];
	test.each([
		['user = "app"', { user: 1000, group: 1000, groups: [1000, 4, 50] }, OF_APP],
		['user = "1000"', { user: 1000, group: 1000, groups: [1000, 4, 50] }, OF_APP],
		["user = 1000", { user: 1000, group: 1000, groups: [1000, 4, 50] }, OF_APP],
		['user = "app:log"', { user: 1000, group: 4, groups: [4] }, OF_APP],
		[
			'user = "app:7"\ngroup_add = ["ssl", 9]',
			{ user: 1000, group: 7, groups: [7, 50, 9] },
			OF_APP,
		],
		[
			'user = "4000"',
			{ user: 4000, group: 0, groups: [0] },
			["HOME=/", "USER=4000", "LOGNAME=4000", "UID=4000", "SHELL=/bin/sh"],
		],
		['group_add = ["log"]', { user: 0, group: 0, groups: [0, 4] }, []],
		[
			'user = "app"\nenvironment = { HOME = "/x" }',
			{ user: 1000 },
			["HOME=/x", ...OF_APP.slice(1)],
		],
	])("with %j has %j", (toml, identity, environment) => {
		expect(compiled(toml).launch).toMatchObject({ identity, environment });
	});

	test("has variables of files, then of the table, and each once", () => {
		const files = { "/a.env": "A=1\nB=1\nC='x y'\n", "/b.env": "B=2\n" };
		const toml =
			'env_file = ["/a.env", "/b.env"]\nenvironment = { C = "3", D = 4.5, "E.F" = "ü=" }';
		expect(compiled(toml, files).launch.environment).toEqual([
			...["A=1", "B=2", "C=3", "D=4.5", bytesOf("E.F=ü=")],
		]);
		const list = 'env_file = "/b.env"\nenvironment = ["A=", "B=x=y"]';
		expect(compiled(list, files).launch.environment).toEqual(["B=x=y", "A="]);
	});

	test.each([
		['umask = "022"', { launch: { umask: 18 } }],
		['umask = "0777"', { launch: { umask: 511 } }],
		['working_dir = "/srv"', { launch: { directory: "/srv" } }],
		["oom_score_adj = -500\nnice = 5", { launch: { oomScoreAdj: -500, nice: 5 } }],
		[
			"ulimits = { nofile = 1024, core = { soft = 0, hard = -1 }, nproc = { hard = 9 }, as = -1 }",
			{
				launch: {
					limits: [
						{ resource: 7, soft: 1024, hard: 1024 },
						{ resource: 4, soft: 0, hard: -1 },
						{ resource: 6, soft: 9, hard: 9 },
						{ resource: 9, soft: -1, hard: -1 },
					],
				},
			},
		],
		["tty = false", { name: "web" }],
		['restart = "no"', { restart: "no", mostRestarts: -1 }],
		['restart = "unless-stopped"', { restart: "unless-stopped" }],
		['restart = "on-failure"', { restart: "on-failure", mostRestarts: -1 }],
		['restart = "on-failure:3"', { restart: "on-failure", mostRestarts: 3 }],
		[
			'restart_delay = "2s"\nrestart_max_delay = 5',
			{ restartDelayMs: 2000, restartMaxDelayMs: 5000 },
		],
		["stop_grace_period = 1.5", { stopGraceMs: 1500 }],
		['stop_grace_period = "1m30s"', { stopGraceMs: 90_000 }],
		['stop_signal = "SIGINT"', { stopSignal: 2 }],
		['stop_signal = "rtmin+3"', { stopSignal: 37 }],
		["stop_signal = 10", { stopSignal: 10 }],
		['pre_stop = "sleep 1"', { preStop: { words: ["sleep", "1"], isOurs: false } }],
		['post_start = ["sleep", "1"]', { postStart: { words: ["sleep", "1"], isOurs: false } }],
		['critical = true\nrestart = "no"', { isCritical: true }],
		['schedule = "@daily"', { schedule: "0 0 * * *", restart: "no" }],
		[
			'schedule = "*/5 * * jan sun"\nallow_overlap = true',
			{ schedule: "*/5 * * 1 0", mayOverlap: true },
		],
		['log.format = "json"', { log: { format: "json", file: "", maxSize: 10 * MB, maxFiles: 5 } }],
		[
			'log = { file = "/var/log/web", max_size = "64k", max_files = 2 }',
			{ log: { format: "prefix", file: "/var/log/web", maxSize: 65_536, maxFiles: 2 } },
		],
		[
			'log = { file = "/l", max_size = 0, format = "json" }',
			{ log: { format: "json", maxSize: 0 } },
		],
	])("with %j", (toml, expected) => {
		expect(compiled(toml)).toMatchObject(expected);
	});

	const AWAIT = ["await", "--timeout", "60000"];
	test.each([
		['ready = "sd_notify"', { kind: "sd_notify", timeoutMs: 60_000 }],
		["ready.sd_notify = true", { kind: "sd_notify", timeoutMs: 60_000 }],
		['ready = { sd_notify = true, timeout = "5m" }', { kind: "sd_notify", timeoutMs: 300_000 }],
		["ready = { fd = 3, timeout = 5 }", { kind: "fd", descriptor: 3, timeoutMs: 5000 }],
		['ready.tcp = "127.0.0.1:5432"', [...AWAIT, "tcp", "127.0.0.1:5432"]],
		['ready.tcp = "[::1]:80"', [...AWAIT, "tcp", "[::1]:80"]],
		['ready.unix = "/run/s"', [...AWAIT, "unix", "/run/s"]],
		['ready.file = "/run/f"', [...AWAIT, "file", "/run/f"]],
		[
			'ready.http = "http://localhost:8080/health"',
			[...AWAIT, "http", "http://localhost:8080/health"],
		],
		['ready.http = "http://[::1]/"', [...AWAIT, "http", "http://[::1]/"]],
		['ready.exec = "sleep 0"', [...AWAIT, "exec", "--", "sleep", "0"]],
	])("is ready by %j", (toml, expected) => {
		const program = { words: expected, isOurs: true };
		const ready = Array.isArray(expected)
			? { kind: "program", program, timeoutMs: 60_000 }
			: expected;
		expect(compiled(toml).ready).toEqual(ready);
	});

	test.each([
		['["CMD", "sleep", "0"]', ["sleep", "0"], false],
		['["CMD-SHELL", "a && b"]', ["/bin/sh", "-c", "a && b"], false],
		['"a | b"', ["/bin/sh", "-c", "a | b"], false],
		['{ tcp = "localhost:1" }', ["await", "--once", "tcp", "localhost:1"], true],
		['{ unix = "/s" }', ["await", "--once", "unix", "/s"], true],
		['{ file = "/f" }', ["await", "--once", "file", "/f"], true],
		['{ http = "http://a/" }', ["await", "--once", "http", "http://a/"], true],
	])("is healthy by %s", (toml, words, isOurs) => {
		expect(compiled(`healthcheck.test = ${toml}`).healthcheck).toEqual({
			...{ program: { words, isOurs }, intervalMs: 30_000, timeoutMs: 30_000, retries: 3 },
			...{ startPeriodMs: 0, startIntervalMs: 5000, onUnhealthy: "none" },
		});
	});

	test("has the numbers of its healthcheck, and none that is disabled", () => {
		const toml = `[healthcheck]\ntest = "x"\ninterval = "1m"\ntimeout = 2\nretries = 5\nstart_period = "10s"
start_interval = "500ms"\non_unhealthy = "restart"\n`;
		expect(compiled(toml).healthcheck).toMatchObject({
			...{ intervalMs: 60_000, timeoutMs: 2000, retries: 5, startPeriodMs: 10_000 },
			...{ startIntervalMs: 500, onUnhealthy: "restart" },
		});
		expect(compiled(`${toml}disable = true`).healthcheck).toBeUndefined();
		expect(compiled('healthcheck.test = ["NONE"]').healthcheck).toBeUndefined();
	});
});

describe("several", () => {
	test("come in order of their names, with dependencies by instance", () => {
		const files = {
			web: 'command = ["sleep"]\nscale = 2\nenvironment = { INSTANCE = "x", A = "1" }',
			app: `command = ["sleep"]\n[depends_on]\nweb = { restart = true }
gone = { required = false }\njob = { condition = "service_completed_successfully" }`,
			job: 'command = ["sleep"]\nrestart = "no"',
		};
		const definitions = compile(files);
		expect(Object.keys(definitions)).toEqual(["app", "job", "web-1", "web-2"]);
		const started = { condition: "service_started", isRequired: true };
		expect(definitions["app"]?.dependsOn).toEqual([
			{ name: "web-1", restarts: true, ...started },
			{ name: "web-2", restarts: true, ...started },
			{ name: "gone", restarts: false, ...started, isRequired: false },
			{ name: "job", restarts: false, ...started, condition: "service_completed_successfully" },
		]);
		expect(definitions["web-2"]?.launch.environment).toEqual(["A=1", "INSTANCE=2"]);
	});

	test("of which one has a fault are the others, without those that require it", () => {
		const files = {
			bad: 'command = ["missing"]',
			needs: 'command = ["sleep"]\ndepends_on = ["bad"]',
			further: 'command = ["sleep"]\ndepends_on = ["needs"]',
			may: 'command = ["sleep"]\ndepends_on.bad.required = false',
		};
		expect(Object.keys(compile(files))).toEqual(["may"]);
	});
});

describe("main", () => {
	const main = (toml: string, command: string[] = [], more = {}) =>
		compile({ main: toml, ...more }, command)["main"];

	test("has its command only where PID 1 has no arguments, and its entrypoint in front of either", () => {
		const toml = 'entrypoint = ["/opt/tool", "-e"]\ncommand = ["a"]';
		expect(main(toml)?.launch.words).toEqual(["/opt/tool", "-e", "a"]);
		expect(main(toml, ["b", "--c"])?.launch.words).toEqual(["/opt/tool", "-e", "b", "--c"]);
		expect(main('user = "app"')?.launch.words).toEqual([]);
		const more = { web: 'command = ["sleep"]' };
		expect(compile({ main: toml, ...more }, ["b"])["web"]?.launch.words).toEqual(["sleep"]);
		// What PID 1 is given it looks for itself, and says so if it is not there.
		expect(main('umask = "022"', ["missing"])?.launch.words).toEqual(["missing"]);
	});

	test("waits for all that start at boot, unless it says for whom", () => {
		const more = {
			a: 'command = ["sleep"]\nscale = 2',
			bad: 'command = ["missing"]',
			job: 'command = ["sleep"]\nschedule = "@daily"',
			z: 'command = ["sleep"]',
		};
		const waits = { condition: "service_started", restarts: false, isRequired: false };
		expect(main("nice = 1", [], more)?.dependsOn).toEqual([{ name: "*", ...waits }]);
		expect(main("depends_on = []", [], more)?.dependsOn).toEqual([]);
		expect(main('depends_on = ["z"]', [], more)?.dependsOn).toEqual([
			{ name: "z", ...waits, isRequired: true },
		]);
	});
});

test("a user who cannot change is whom it asks for, and is not changed", () => {
	// As root, the simulated machine's user, it is changed to root, whose groups may be others.
	const files = { web: 'command = ["sleep"]\nuser = "root"', "/usr/bin/x": program([]) };
	expect(compile(files)["web"]?.launch.identity).toEqual({ user: 0, group: 0, groups: [0] });
	expect(compile({ ...files, "/etc/passwd": plainFile("") })["web"]).toBeUndefined();
});
