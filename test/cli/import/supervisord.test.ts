// Sections of supervisord.conf as services.
import { describe, expect, test } from "vitest";
import type { Imported, ImportedService } from "../../../cli/src/import/model.ts";
import { importSupervisord } from "../../../cli/src/import/supervisord/config.ts";
import { type Texts, treeOf } from "./memory.ts";

const FILE = "/etc/supervisord.conf";

async function read(texts: Texts, directory = "/srv"): Promise<Imported> {
	return await importSupervisord(treeOf(texts), { files: [FILE], directory });
}

/** The one service of a program with these options. */
async function program(...options: string[]): Promise<ImportedService> {
	const text = ["[program:web]", "command=/bin/web", ...options].join("\n");
	const { services, problems } = await read({ [FILE]: text });
	expect(problems).toEqual([]);
	expect(services).toHaveLength(1);
	const [service] = services;
	if (service === undefined) throw new RangeError("no service");
	return service;
}

test("a program with a command alone has supervisord's defaults", async () => {
	expect(await program()).toEqual({
		name: "web",
		origin: "supervisord",
		place: { file: FILE, line: 1 },
		stage: "service",
		program: { kind: "command", words: [["/bin/web"]] },
		companions: [],
		workingDirectory: ["/srv"],
		environment: [],
		restart: { kind: "unless-expected", exitCodes: [0] },
		enabled: true,
		stopSignal: "TERM",
		stopsGroup: false,
		dependencies: [],
		logs: { stdout: { kind: "container" }, stderr: { kind: "container" } },
		losses: [],
	});
});

describe("an option", () => {
	test.each([
		["user=www-data", { user: "www-data" }],
		["user=1000", { user: "1000" }],
		["directory=/app", { workingDirectory: ["/app"] }],
		["directory=%(here)s/%(program_name)s", { workingDirectory: ["/etc/web"] }],
		["directory=app", { workingDirectory: ["/srv/", "app"] }],
		["umask=027", { umask: 0o27 }],
		["umask=7027", { umask: 0o27 }],
		["autostart=false", { enabled: false }],
		["autostart=no", { enabled: false }],
		["autostart=On", { enabled: true }],
		["autorestart=true", { restart: { kind: "always" }, losses: [] }],
		["autorestart=false", { restart: { kind: "never" }, losses: [] }],
		["autorestart=unexpected", { restart: { kind: "unless-expected", exitCodes: [0] } }],
		["exitcodes=0, 2", { restart: { kind: "unless-expected", exitCodes: [0, 2] } }],
		["startsecs=0", { restart: { kind: "unless-expected", exitCodes: [0] } }],
		["startretries=10", { restart: { mostRestarts: 10 }, losses: [] }],
		["autorestart=true\nexitcodes=0", { restart: { kind: "always" } }],
		["stopsignal=QUIT", { stopSignal: "QUIT" }],
		["stopsignal=SIGINT", { stopSignal: "INT" }],
		["stopsignal=10", { stopSignal: "USR1" }],
		["stopwaitsecs=30", { stopGraceMs: 30_000 }],
		["stopasgroup=true", { stopsGroup: true }],
		[
			"environment=A=\"1\",B='2'",
			{
				environment: [
					{ name: "A", value: ["1"] },
					{ name: "B", value: ["2"] },
				],
			},
		],
		[
			"redirect_stderr=true",
			{ logs: { stdout: { kind: "container" }, stderr: { kind: "stdout" } } },
		],
		[
			"stdout_logfile=NONE",
			{ logs: { stdout: { kind: "nowhere" }, stderr: { kind: "container" } } },
		],
		["stdout_logfile=/dev/fd/1", { logs: { stdout: { kind: "container" } } }],
		["stdout_logfile=/dev/stdout", { logs: { stdout: { kind: "container" } } }],
		["stdout_logfile=AUTO", { logs: { stdout: { kind: "container" } } }],
		["stderr_logfile=/dev/null", { logs: { stderr: { kind: "nowhere" } } }],
		[
			"stdout_logfile=/l/%(program_name)s.log",
			{ logs: { stdout: { kind: "file", path: ["/l/web.log"] } } },
		],
		["stdout_logfile=web.log", { logs: { stdout: { kind: "file", path: ["/srv/", "web.log"] } } }],
		[
			"stdout_logfile=/x.log",
			{ logs: { rotation: { maxBytes: 52_428_800, oldFiles: 10 } }, losses: [] },
		],
		[
			"stdout_logfile=/x.log\nstdout_logfile_maxbytes=10KB\nstdout_logfile_backups=3",
			{ logs: { rotation: { maxBytes: 10_240, oldFiles: 3 } } },
		],
		["process_name=%(program_name)s-x", { name: "web-x" }],
	])("%s is understood", async (option, expected) => {
		expect(await program(option)).toMatchObject(expected);
	});

	test.each([
		["startretries=10", "startretries=10", "never given up"],
		["startsecs=5", "startsecs=5", "counts as started at once"],
		["stderr_logfile=/x.log", "stderr_logfile=/x.log", "nothing rotates"],
		["stdout_events_enabled=true", "stdout_events_enabled=true", "events"],
		["serverurl=AUTO", "serverurl=AUTO", "no HTTP server"],
		["frobnicate=1", "frobnicate=1", "no such option either"],
	])("%s is lost", async (option, what, why) => {
		const { losses } = await program("autorestart=true", option);
		expect(losses).toEqual([
			{ place: { file: FILE, line: 4 }, what, why: expect.stringContaining(why) },
		]);
	});

	test("stdout_logfile_maxbytes=0 is no loss", async () => {
		const options = ["autorestart=true", "stdout_logfile=/x", "stdout_logfile_maxbytes=0"];
		const { losses, logs } = await program(...options);
		expect(losses).toEqual([]);
		expect(logs).not.toHaveProperty("rotation");
	});

	test.each([
		["autostart=maybe", "not one of yes, true"],
		["numprocs=two", "not a whole number"],
		["exitcodes=0,256", "256 is no exit code"],
		["stopsignal=STOPP", "not a signal of Linux"],
		["umask=9", "not an octal number"],
		["stopwaitsecs=-1", "less than 0"],
		["stdout_logfile_backups=-1\nstdout_logfile=/x", "less than 0"],
		["stdout_logfile_maxbytes=1TB", "not a size such as"],
		["environment=A", "no list of KEY"],
		["directory=~/x", "a home folder (~) is not looked up"],
		["user=%(ENV_U)s", "only the start knows"],
		["process_name=%(x)s", "%(x)s is unknown here"],
	])("%s is wrong, and told with its line", async (option, why) => {
		const text = `[program:web]\ncommand=/bin/web\n${option}\n`;
		const { problems } = await read({ [FILE]: text });
		expect(problems).toEqual([
			{
				place: { file: FILE, line: 3 },
				what: expect.stringContaining(why),
				remedy: expect.any(String),
			},
		]);
	});
});

describe("numprocs", () => {
	const many = ["[program:w]", "command=w %(process_num)s of %(numprocs)s", "numprocs=3"];

	test("makes a service of each process", async () => {
		const text = [...many, "process_name=%(program_name)s_%(process_num)02d"].join("\n");
		const { services } = await read({ [FILE]: text });
		expect(services.map(({ name }) => name)).toEqual(["w_00", "w_01", "w_02"]);
		expect(services.map(({ program: found }) => found)).toMatchObject([
			{ words: [["w"], ["0"], ["of"], ["3"]] },
			{ words: [["w"], ["1"], ["of"], ["3"]] },
			{ words: [["w"], ["2"], ["of"], ["3"]] },
		]);
	});

	test("makes one service, so many times, of processes that are alike but for their names", async () => {
		const text = "[program:w]\ncommand=w\nnumprocs=3\nprocess_name=w-%(process_num)d\n";
		const { services } = await read({ [FILE]: text });
		expect(services).toMatchObject([{ name: "w", scale: 3 }]);
	});

	test("counts from numprocs_start", async () => {
		const text = [...many, "process_name=p%(process_num)d", "numprocs_start=7"].join("\n");
		const { services } = await read({ [FILE]: text });
		expect(services.map(({ name }) => name)).toEqual(["p7", "p8", "p9"]);
	});

	test("without names of their own is wrong, and so are too many", async () => {
		const { services, problems } = await read({ [FILE]: many.join("\n") });
		expect(services).toEqual([]);
		expect(problems).toMatchObject([{ what: expect.stringContaining("is the same for all") }]);
		const far = await read({ [FILE]: "[program:w]\ncommand=w\nnumprocs=1001\n" });
		expect(far.problems).toMatchObject([
			{ place: { line: 3 }, what: "numprocs=1001: from 1 to 1000 processes are imported" },
		]);
	});

	test.each([0, -3])("of %i is wrong", async (count) => {
		const { problems } = await read({ [FILE]: `[program:w]\ncommand=w\nnumprocs=${count}\n` });
		expect(problems).toMatchObject([{ place: { line: 3 } }]);
	});

	test("tells what is wrong in them once", async () => {
		const text = [...many, "process_name=%(process_num)d", "user=%(ENV_X)s"].join("\n");
		expect((await read({ [FILE]: text })).problems).toHaveLength(1);
	});
});

describe("sections", () => {
	test("[supervisord] gives its environment and its user to all programs", async () => {
		const text =
			"[supervisord]\nuser=app\nenvironment=A=1,B=1\n[program:w]\ncommand=w\nenvironment=B=2\n";
		const { services } = await read({ [FILE]: text });
		expect(services).toMatchObject([
			{
				user: "app",
				environment: [
					{ name: "A", value: ["1"] },
					{ name: "B", value: ["2"] },
				],
			},
		]);
	});

	test.each(["root", "0"])("[supervisord] user=%s changes nobody", async (user) => {
		const { services } = await read({
			[FILE]: `[supervisord]\nuser=${user}\n[program:w]\ncommand=w\n`,
		});
		expect(services[0]?.user).toBeUndefined();
	});

	test("[group:x] names the group of its programs", async () => {
		const text =
			"[program:a]\ncommand=%(group_name)s\n[program:b]\ncommand=%(group_name)s\n[group:g]\nprograms=b\n";
		const { services } = await read({ [FILE]: text });
		expect(services.map(({ program: found }) => found)).toMatchObject([
			{ words: [["a"]] },
			{ words: [["g"]] },
		]);
	});

	test("[group:x] with a program that is not there is wrong", async () => {
		const { problems } = await read({ [FILE]: "[group:g]\nprograms=b\n" });
		expect(problems).toMatchObject([
			{ place: { line: 2 }, what: "programs=b: there is no [program:b]" },
		]);
	});

	test("[eventlistener:x] and [fcgi-program:x] are missed, supervisorctl's are not", async () => {
		const text =
			"[eventlistener:e]\ncommand=e\n[fcgi-program:f]\ncommand=f\n[unix_http_server]\nfile=/x\n[rpcinterface:supervisor]\n[supervisorctl]\n[what]\n";
		const { leftOut, services } = await read({ [FILE]: text });
		expect(services).toEqual([]);
		expect(leftOut.map(({ name, isMissed }) => [name, isMissed])).toEqual([
			["[eventlistener:e]", true],
			["[fcgi-program:f]", true],
			["[unix_http_server]", false],
			["[rpcinterface:supervisor]", false],
			["[supervisorctl]", false],
			["[what]", false],
		]);
	});

	test.each(["[program:a b]", "[program:a/b]", "[program:]"])("%s is wrong", async (header) => {
		const { problems } = await read({ [FILE]: `${header}\ncommand=x\n` });
		expect(problems).toMatchObject([{ place: { file: FILE, line: 1 } }]);
	});

	test("a program without a command is wrong", async () => {
		const { problems } = await read({ [FILE]: "\n[program:a]\nuser=x\n" });
		expect(problems).toMatchObject([
			{ place: { file: FILE, line: 2 }, what: "[program:a] has no command" },
		]);
	});
});

describe("priority", () => {
	const named = (name: string, ...options: string[]) =>
		[`[program:${name}]`, `command=${name}`, ...options, ""].join("\n");
	const order = async (...programs: string[]) => {
		const { services } = await read({ [FILE]: programs.join("") });
		return Object.fromEntries(services.map(({ name, after }) => [name, after]));
	};

	test("has each behind those of the next lower number, whoever has none behind all that have", async () => {
		const found = await order(
			named("z"),
			...[named("a", "priority=1"), named("b", "priority=1"), named("c", "priority=20")],
		);
		expect(found).toEqual({ a: undefined, b: undefined, c: ["a", "b"], z: ["c"] });
	});

	test("of one that is started by hand means nothing", async () => {
		const found = await order(named("a", "priority=1", "autostart=false"), named("b"));
		expect(found).toEqual({ a: undefined, b: undefined });
	});

	test("that is the same for all is no order", async () => {
		expect(await order(named("a"), named("b", "priority=999"))).toEqual({
			...{ a: undefined, b: undefined },
		});
	});
});

describe("[include]", () => {
	const include = (files: string) => `[include]\nfiles=${files}\n`;
	const named = (name: string) => `[program:${name}]\ncommand=%(here)s/x\n`;

	test("reads files beside it and elsewhere, by patterns, in the order of their names", async () => {
		const { services } = await read({
			[FILE]: include("conf.d/*.conf /opt/[ab]?.ini %(here)s/one.conf"),
			"/etc/conf.d/z.conf": named("z"),
			"/etc/conf.d/a.conf": named("a"),
			"/etc/conf.d/.hidden.conf": named("hidden"),
			"/etc/conf.d/b.txt": named("txt"),
			"/opt/b1.ini": named("b1"),
			"/opt/c1.ini": named("c1"),
			"/etc/one.conf": named("one"),
		});
		expect(services.map(({ name }) => name)).toEqual(["a", "z", "b1", "one"]);
		expect(services[0]).toMatchObject({
			place: { file: "/etc/conf.d/a.conf", line: 1 },
			program: { words: [["/etc/conf.d/x"]] },
		});
	});

	test("follows links inside of the source, and no pattern without files is an error", async () => {
		const { services, problems } = await read({
			[FILE]: include("/none/*.conf link/*.conf"),
			"/etc/link": "→ /opt/there",
			"/opt/there/a.conf": named("a"),
		});
		expect(services.map(({ name }) => name)).toEqual(["a"]);
		expect(problems).toEqual([]);
	});

	test("an included file includes nothing", async () => {
		const { services } = await read({
			[FILE]: include("a.conf"),
			"/etc/a.conf": `${include("b.conf")}${named("a")}`,
			"/etc/b.conf": named("b"),
		});
		expect(services.map(({ name }) => name)).toEqual(["a"]);
	});

	test("what is wrong in an included file is told with its name", async () => {
		const { problems } = await read({ [FILE]: include("a.conf"), "/etc/a.conf": "\nnonsense\n" });
		expect(problems).toMatchObject([{ place: { file: "/etc/a.conf", line: 2 } }]);
	});
});
