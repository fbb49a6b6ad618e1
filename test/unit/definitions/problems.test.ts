// What is wrong with services: what initctl check says of it, and where.

import { describe, expect, test } from "vitest";
import { RUN_FOLDERS } from "../../../init/src/control/protocol.ts";
import { directory, oldSocket, plainFile } from "../../simulation/files.ts";
import { ETC, initctl, problems, problemsOf } from "./machine.ts";

const DURATION =
	'write a duration of at most 7 days such as "500ms", "9s" or "1m30s" (a bare number is seconds)';

describe("a fault", () => {
	test.each([
		// Keys.
		['comand = "x"', '2:1: unknown key "comand"; did you mean "command"?'],
		["frobnicate = 1", '2:1: unknown key "frobnicate"; docs/services.md has all'],
		[
			"ports = []",
			'2:1: unknown key "ports"; it is about a container, and this is a service in one; take it out',
		],
		[
			"[healthcheck]\ntest = 'x'\nretrys = 1",
			'4:1: unknown key "healthcheck.retrys"; did you mean "retries"?',
		],
		["log = { fromat = 'json' }", '2:9: unknown key "log.fromat"; did you mean "format"?'],
		["ready = { tpc = 'a:1' }", '2:11: unknown key "ready.tpc"; did you mean "tcp"?'],
		["constructor = 1", '2:1: unknown key "constructor"; docs/services.md has all'],
		// Commands.
		["entrypoint = 1", "2:1: entrypoint is the number 1; write a list such as"],
		["entrypoint = [1]", "2:1: entrypoint has the number 1 in its list; write a list such as"],
		['pre_stop = "a \'b"', "2:1: pre_stop has a quote (') that is not closed; close it"],
		["pre_stop = 'sleep && sleep'", "2:1: pre_stop has the word &&, and there is no shell; write"],
		["post_start = []", "2:1: post_start names no program: its first word is empty; write one"],
		[
			"post_start = ['missing']",
			'2:1: post_start names "missing", which is not found in PATH; install it, or give its path',
		],
		[
			"post_start = ['/opt/plain']",
			'2:1: post_start names "/opt/plain", which is not executable; chmod +x it',
		],
		[
			"post_start = ['/opt/no']",
			'2:1: post_start names "/opt/no": no such file (ENOENT); install it, or correct the path',
		],
		[
			"post_start = ['/srv']",
			'2:1: post_start names "/srv": it is a directory (EISDIR); install it, or correct the path',
		],
		[
			"post_start = ['plain']\nenvironment.PATH = '/usr/bin:/opt'",
			'2:1: post_start names "plain", which is found in PATH: permission denied (EACCES); chmod +x it',
		],
		[
			'post_start = ["sleep", "\\u0000"]',
			"2:1: post_start has a NUL byte in it, which no program can be given; take it out",
		],
		[
			"post_start = ['sleeep']",
			'2:1: post_start names "sleeep", which is not found in PATH; did you mean "sleep"? If not, install it, or give its path',
		],
		[
			"post_start = ['tol']\nenvironment.PATH = '/nowhere::/usr/bin:/opt'",
			'2:1: post_start names "tol", which is not found in PATH; did you mean "tool"?',
		],
		// Identity.
		[
			"user = 'nobdy'",
			'2:1: user is wrong: there is no user "nobdy" in /etc/passwd; add it there, or give a number',
		],
		[
			"user = 'Rot'",
			'2:1: user is wrong: there is no user "Rot" in /etc/passwd; did you mean "root"?',
		],
		[
			"user = 'app:lgo'",
			'2:1: user is wrong: there is no group "lgo" in /etc/group; did you mean "log"?',
		],
		[
			"group_add = ['slsl']",
			'2:1: group_add is wrong: there is no group "slsl" in /etc/group; did you mean "ssl"?',
		],
		[
			"user = 'app:nogrp'",
			'2:1: user is wrong: there is no group "nogrp" in /etc/group; add it there, or give a number',
		],
		["user = true", '2:1: user is true; write "NAME", "UID", "USER:GROUP" or a number'],
		["user = ''", '2:1: user is ""; write "NAME"'],
		["user = -1", '2:1: user is wrong: there is no user "-1"'],
		[
			"group_add = ['none']",
			'2:1: group_add is wrong: there is no group "none" in /etc/group; add it there, or give a number',
		],
		["group_add = 'log'", '2:1: group_add is "log"; write a list of names and numbers of groups'],
		// Surroundings.
		["working_dir = 'srv'", '2:1: working_dir is "srv"; write an absolute path such as "/srv/app"'],
		[
			"working_dir = '/nowhere'",
			'2:1: working_dir is "/nowhere", which is not there; make it, or correct the path',
		],
		[
			"environment = 1",
			'2:1: environment is the number 1; write a table of NAME = "value", or a list of "NAME=value"',
		],
		["environment = ['A']", '2:1: environment has "A" in its list; write "NAME=value"'],
		["environment.A = true", '2:1: environment has true for "A"; write a string between quotes'],
		['environment."A=B" = "c"', '2:1: environment has the name "A=B"; write one without ='],
		["env_file = 'x.env'", '2:1: env_file is "x.env"; write an absolute path, or a list of them'],
		[
			"env_file = '/no.env'",
			'2:1: env_file names "/no.env", which is not there; make it, or correct the path',
		],
		[
			"env_file = '/srv'",
			'2:1: env_file names "/srv", which cannot be read: this kernel refuses it (EINVAL); name a file that can',
		],
		["umask = '9'", '2:1: umask is "9"; write octal digits between quotes such as "022"'],
		["umask = '7777'", '2:1: umask is "7777"; write octal'],
		["umask = 22", "2:1: umask is the number 22; write octal"],
		["ulimits.nofiles = 1", '2:1: unknown limit "nofiles"; did you mean "nofile"?'],
		[
			"ulimits.nofile = -2",
			"2:1: ulimits.nofile is the number -2; write a whole number, -1 for no limit, or {soft = N, hard = N}",
		],
		[
			"ulimits.nofile = { soft = 2, hard = 1 }",
			"2:1: ulimits.nofile has a soft limit over the hard one; make soft at most as high as hard",
		],
		["ulimits.nofile = { soft = -1, hard = 1 }", "2:1: ulimits.nofile has a soft limit over"],
		["ulimits.nofile = {}", "2:1: ulimits.nofile has no numbers; write {soft = N, hard = N}"],
		["ulimits = 5", "2:1: ulimits is the number 5; write a table such as"],
		[
			"oom_score_adj = 1001",
			"2:1: oom_score_adj is the number 1001; write a whole number from -1000 to 1000",
		],
		["nice = 0.5", "2:1: nice is the number 0.5; write a whole number from -20 to 19"],
		[
			"tty = true",
			"2:1: tty = true cannot be: the terminal belongs to the main command; take it out",
		],
		// Life.
		[
			"restart = 'alwys'",
			'2:1: restart is "alwys"; did you mean "always"? write one of no, always, on-failure, unless-stopped',
		],
		["restart = false", '2:1: restart is false; write "no", between quotes'],
		["restart = 'on-failure:x'", '2:1: restart is "on-failure:x"; '],
		["restart = 'always:3'", '2:1: restart is "always:3"; '],
		["restart_delay = 'fast'", `2:1: restart_delay is "fast"; ${DURATION}`],
		["restart_delay = -1", `2:1: restart_delay is the number -1; ${DURATION}`],
		[
			"restart_delay = '2m'",
			"2:1: restart_delay makes restart_delay longer than restart_max_delay; make it shorter",
		],
		["stop_grace_period = '8d'", `2:1: stop_grace_period is "8d"; ${DURATION}`],
		["stop_grace_period = 'toString'", `2:1: stop_grace_period is "toString"; ${DURATION}`],
		["stop_grace_period = 1979-05-27", `2:1: stop_grace_period is a date; ${DURATION}`],
		[
			"stop_signal = 'SIGNOPE'",
			'2:1: stop_signal is "SIGNOPE"; write a signal such as "SIGTERM", "INT" or 10',
		],
		["stop_signal = 'SIGTREM'", '2:1: stop_signal is "SIGTREM"; did you mean "SIGTERM"?'],
		["stop_signal = 'qiut'", '2:1: stop_signal is "qiut"; did you mean "QUIT"?'],
		["stop_signal = 65", "2:1: stop_signal is the number 65; write a signal"],
		["critical = 'yes'", '2:1: critical is "yes"; write true or false'],
		["scale = 0", "2:1: scale is the number 0; write a whole number from 1 to 100"],
		["scale = 101", "2:1: scale is the number 101; write"],
		[
			"schedule = '* * * *'",
			"2:1: schedule has 4 fields; write five: minute, hour, day of the month, month, day of the week",
		],
		["schedule = '0 0 30,31 feb *'", "2:1: schedule never comes: no month of it has such a day"],
		["schedule = '@reboot'", '2:1: schedule is "@reboot"; leave schedule out'],
		// Readiness and health.
		[
			"ready = 'notify'",
			'2:1: ready is "notify"; write "sd_notify", or a table with one of sd_notify = true, fd, tcp, unix, file, http, exec, and timeout',
		],
		[
			"ready = {}",
			"2:1: ready asks nothing; write one of sd_notify, fd, tcp, unix, file, http, exec",
		],
		[
			"ready = { tcp = 'a:1', unix = '/s' }",
			"2:1: ready asks in several ways; keep one of sd_notify, fd, tcp, unix, file, http, exec",
		],
		["ready.sd_notify = false", "2:1: ready.sd_notify is false; write true, or another way to ask"],
		[
			"ready = { sd_notify = 'yes' }",
			'2:11: ready.sd_notify is "yes"; write true, or another way to ask',
		],
		["ready = { timeout = '5m' }", "2:1: ready asks nothing; write one of sd_notify, fd,"],
		[
			"ready = { sd_notify = true, fd = 3 }",
			"2:1: ready asks in several ways; keep one of sd_notify, fd, tcp, unix, file, http, exec",
		],
		["ready.fd = 2", "2:1: ready.fd is the number 2; write a whole number from 3 to 255"],
		["ready.tcp = '5432'", '2:1: ready.tcp is "5432"; write HOST:PORT such as "127.0.0.1:5432"'],
		["ready.tcp = 'a:0'", '2:1: ready.tcp is "a:0"; write HOST:PORT'],
		["ready.tcp = '::1:80'", '2:1: ready.tcp is "::1:80"; write HOST:PORT'],
		["ready.unix = 's'", '2:1: ready.unix is "s"; write an absolute path'],
		[
			"ready.http = 'https://a/'",
			'2:1: ready.http is "https://a/"; write a URL such as "http://127.0.0.1:8080/health" (no https)',
		],
		["ready.http = 'http:///x'", '2:1: ready.http is "http:///x"; write a URL'],
		[
			"ready = { exec = ['missing'] }",
			'2:11: ready.exec names "missing", which is not found in PATH',
		],
		["ready = { fd = 3, timeout = 0 }", "2:19: ready.timeout is no time at all; write more than 0"],
		["healthcheck = 'x'", '2:1: healthcheck is "x"; write a table'],
		["healthcheck = {}", "2:1: healthcheck has no test; write one, or disable = true"],
		[
			"healthcheck.test = ['sleep']",
			'2:1: healthcheck.test is "sleep"; write ["CMD", "PROGRAM", "ARGUMENT"]',
		],
		["healthcheck.test = ['CMD']", '2:1: healthcheck.test is "CMD"; write'],
		[
			"healthcheck.test = ['CMD', 'missing']",
			'2:1: healthcheck.test names "missing", which is not found in PATH',
		],
		[
			"healthcheck.test = {}",
			"2:1: healthcheck.test asks nothing; write one of tcp, unix, file, http, exec",
		],
		[
			"healthcheck.test = { exec = 'a' }",
			'2:22: healthcheck.test.exec names "a", which is not found in PATH; install it, or give its path',
		],
		[
			"healthcheck.test = { command = 'a' }",
			'2:22: unknown key "healthcheck.test.command"; it has tcp, unix, file, http, exec',
		],
		[
			"healthcheck.test = { fd = 3 }",
			'2:22: unknown key "healthcheck.test.fd"; a service says so once, when it is ready; write a command, or a table with one of tcp, unix, file, http, exec',
		],
		[
			"healthcheck.test = { sd_notify = true }",
			'2:22: unknown key "healthcheck.test.sd_notify"; a service says so once',
		],
		[
			"healthcheck.test = 'sd_notify'",
			'2:1: healthcheck.test is "sd_notify"; a service says so once, when it is ready; write a command',
		],
		[
			"healthcheck = { test = 'x', interval = 0 }",
			"2:29: healthcheck.interval is no time at all; write more than 0",
		],
		[
			"healthcheck = { test = 'x', retries = 0 }",
			"2:29: healthcheck.retries is the number 0; write a whole number from 1 to 1000000",
		],
		[
			"healthcheck = { test = 'x', on_unhealthy = 'kill' }",
			'2:29: healthcheck.on_unhealthy is "kill"; write one of restart, fail, none',
		],
		// Logs.
		["log = 'json'", '2:1: log is "json"; write a table'],
		[
			"log.format = 'jsn'",
			'2:1: log.format is "jsn"; did you mean "json"? write one of inherit, prefix, json, none',
		],
		[
			"log = { format = 'none', file = '/l' }",
			'2:26: log.file and format = "none" contradict each other; write prefix or json, or take file out',
		],
		[
			"log.max_size = '1m'",
			"2:1: log.max_size is about a file, and there is none; write file, or take it out",
		],
		[
			"log = { file = '/l', max_size = '1x' }",
			'2:22: log.max_size is "1x"; write a size such as "64k", "10m" or "1g" (a bare number is bytes)',
		],
		// Contradictions.
		[
			"schedule = '@daily'\nready = 'sd_notify'",
			"3:1: ready and schedule contradict each other: a scheduled service ends when its work is done; take one out",
		],
		["schedule = '@daily'\nhealthcheck.test = 'x'", "3:1: healthcheck and schedule contradict"],
		[
			"schedule = '@daily'\nrestart = 'always'",
			'3:1: restart and schedule contradict each other: the clock starts it again; write restart = "no", or take one out',
		],
		[
			"allow_overlap = true",
			"2:1: allow_overlap is about a schedule, and there is none; write schedule, or take it out",
		],
		[
			"schedule = '@daily'\ncritical = true",
			"3:1: critical and schedule contradict each other: the clock starts it again, whatever comes of it, and so it never fails for good; take one out",
		],
		[
			"critical = true",
			'2:1: critical means nothing here: with restart = "always" it is started again whenever it ends, and so never fails for good; write restart = "no" or "on-failure:N", or take critical out',
		],
		[
			"restart = 'unless-stopped'\ncritical = true",
			'3:1: critical means nothing here: with restart = "unless-stopped" it is',
		],
		[
			"restart = 'on-failure'\ncritical = true",
			'3:1: critical means nothing here: with restart = "on-failure" it is',
		],
		[
			"critical = true\nhealthcheck = { test = 'x', on_unhealthy = 'restart' }",
			'2:1: critical means nothing here: with restart = "always" it is',
		],
		[
			"critical = true\ndepends_on.db.required = false",
			'2:1: critical means nothing here: with restart = "always" it is',
		],
		// Dependencies.
		[
			"depends_on = 'db'",
			'2:1: depends_on is "db"; write a list of services, or a table of NAME = {condition = "service_started"}',
		],
		[
			"depends_on.db = 'x'",
			'2:1: depends_on.db is no table; write {condition = "service_started"}',
		],
		["depends_on = ['dd']", '2:1: depends_on names "dd", which is no service; did you mean "db"?'],
		[
			"depends_on = ['postgres']",
			'2:1: depends_on names "postgres", which is no service; define it, or write required = false',
		],
		["depends_on = ['main']", '2:1: depends_on names "main", which nothing can depend on'],
		["depends_on.db.condition = 'service_ready'", "2:1: depends_on.db.condition is"],
		[
			"depends_on.db.condition = 'service_healthy'",
			'2:1: depends_on names "db", which has no healthcheck to become healthy by',
		],
		[
			"depends_on.db.condition = 'service_completed_successfully'",
			'2:1: depends_on names "db", which is started again whenever it ends; write restart = "no"',
		],
		[
			"depends_on.db.need = true",
			'2:1: unknown key "depends_on.db.need"; it has condition, restart, required',
		],
	])("in %j", (toml, expected) => {
		const found = problemsOf(toml, { db: 'command = ["sleep"]' });
		expect(found.length, found.join("\n")).toBeGreaterThan(0);
		expect(found[0]).toContain(`web.toml:${expected}`);
		expect(found[1]).toBeUndefined();
	});

	test.each([
		['environment = ["A=1"]', ": command is missing; write what is to be executed"],
		["command = []", ":1:1: command names no program; write one"],
		["command = ''", ":1:1: command names no program; write one"],
		["entrypoint = ['missing']\ncommand = ['x']", ':1:1: entrypoint names "missing", which is not'],
		["command = ['sleep", ":1:12: is no TOML: unfinished string; close the quote"],
	])("of a whole file: %j", (toml, expected) => {
		expect(problems({ web: toml })).toEqual([expect.stringContaining(`web.toml${expected}`)]);
	});

	test.each(
		[
			...["restart = 'no'", "restart_delay = 1", "restart_max_delay = 90", "critical = false"],
			...["scale = 1", "log = {}", "ready = 'sd_notify'", "healthcheck.disable = true"],
			...["schedule = '@daily'", "stop_signal = 'INT'", "stop_grace_period = 1"],
			...["pre_stop = ['sleep']", "post_start = ['sleep']"],
		].map((toml) => [toml, toml.split(/[ .]/)[0]]),
	)("of main: %j", (toml, key) => {
		expect(problems({ main: toml ?? "" })).toEqual([
			expect.stringMatching(
				`main.toml:1:1: ${key} means nothing for the main command: .*; take it out`,
			),
		]);
	});

	test("in a file of variables is named there", () => {
		expect(problemsOf("env_file = '/e'", { "/e": "A=1\noh no\n" })).toEqual([
			'/e:2:1: is no NAME=value: "oh no"; write it so, or # before a comment',
		]);
	});

	test.each([
		["a folder", directory(), "is no regular file; write one, or a link to /dev/null"],
		["a socket", oldSocket(), ""],
		[
			"too long a file",
			plainFile("#".repeat(70_000)),
			"has more than 65536 bytes; make it shorter",
		],
	])("of %s is named", (_what, file, expected) => {
		expect(problems({ web: file })[0] ?? "").toContain(
			expected === "" ? "" : `web.toml: ${expected}`,
		);
	});

	test("in a name is named", () => {
		expect(problems({ [`${ETC}/a b.toml`]: "x", [`${ETC}/-a.toml`]: "x" })).toEqual([
			'-a.toml: "-a" is no name of a service; write letters, digits, -, _ and . alone, no - first, 64 at most',
			'a b.toml: "a b" is no name of a service; write letters, digits, -, _ and . alone, no - first, 64 at most',
		]);
	});

	test("in the length of a name is named: the path of a socket has it, behind a folder", () => {
		const name = "n".repeat(64);
		expect(problems({ [name]: "command = ['sleep']\nscale = 100\n" })).toEqual([]);
		const [longest = ""] = [...RUN_FOLDERS].sort((a, b) => b.length - a.length);
		expect(`${longest}/notify/${name}-100`.length).toBeLessThanOrEqual(107);
		expect(problems({ [`${name}n`]: "command = ['sleep']\n" })).toEqual([
			`${name}n.toml: "${name}n" is no name of a service; write letters, digits, -, _ and . alone, no - first, 64 at most`,
		]);
	});
});

describe("initctl check", () => {
	const files = {
		b: "comand = 'x'\nnice = 99\n",
		a: "command = ['sleep']\n\nuser = 'nobdy'\n  umask = 1\n",
		"/etc/my_init.d/1": plainFile("#!/bin/sh\n"),
	};

	test("names all at once, start-up files first, then by file, line and column", () => {
		const { exitCode, stdout, stderr } = initctl(["check"], files);
		expect(stdout.split("\n").map((line) => line.replace(/: .*/, ""))).toEqual([
			...["/etc/my_init.d/1", `${ETC}/a.toml:3:1`, `${ETC}/a.toml:4:3`],
			...[`${ETC}/b.toml:1:1`, `${ETC}/b.toml:2:1`, ""],
		]);
		expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: "" });
	});

	test("does so in JSON", () => {
		const { exitCode, stdout } = initctl(["check", "--json"], files);
		expect(JSON.parse(stdout)).toMatchObject([
			{
				file: "/etc/my_init.d/1",
				line: 0,
				column: 0,
				text: "is not executable, and so not run; chmod +x it",
			},
			{ file: `${ETC}/a.toml`, line: 3, column: 1 },
			{ file: `${ETC}/a.toml`, line: 4, column: 3 },
			{
				file: `${ETC}/b.toml`,
				line: 1,
				column: 1,
				text: 'unknown key "comand"; did you mean "command"?',
			},
			{ file: `${ETC}/b.toml`, line: 2, column: 1 },
		]);
		expect(exitCode).toBe(1);
		expect(initctl(["check", "--json"])).toMatchObject({ exitCode: 0, stdout: "[]\n" });
	});

	test("finds nothing in good ones, and counts them", () => {
		const good = "command = ['sleep']";
		expect(initctl(["check"], { a: good })).toMatchObject({
			...{ exitCode: 0, stdout: "nothing is wrong with the start-up files and 1 service\n" },
		});
		expect(initctl(["check"], { a: good, b: good }).stdout).toContain(" and 2 services\n");
	});

	test.each([
		["critical = true\nrestart = 'no'", {}],
		["critical = true\nrestart = 'on-failure:0'", {}],
		["critical = true\nhealthcheck = { test = 'x', on_unhealthy = 'fail' }", {}],
		["ready.tcp = 'localhost:1'", {}],
		["ready.http = 'http://[::1]/'", {}],
		["ready.tcp = 'db:1'", { "/etc/hosts": plainFile("10.0.0.7\tdb # a name\n") }],
	])("has no warning of %j", (toml, files) => {
		const web = `command = ['sleep']\n${toml}`;
		expect(initctl(["check"], { web, ...files })).toMatchObject({ exitCode: 0, stderr: "" });
	});

	test.each([
		[
			"critical = true\ndepends_on = ['db']",
			`${ETC}/web.toml:2:1: critical is only about what it depends on: with restart = "always" it is started again whenever it ends, and so never fails for good; write restart = "no" or "on-failure:N"`,
		],
		[
			"ready.tcp = 'db.internal:5432'",
			`${ETC}/web.toml:2:1: ready.tcp names "db.internal", which is not in /etc/hosts, and DNS is not asked; give an address in numbers, or have the name in /etc/hosts when the container runs`,
		],
		[
			"healthcheck.test.http = 'http://api:80/x'",
			`${ETC}/web.toml:2:1: healthcheck.test.http names "api", which is not in /etc/hosts, and DNS is not asked; give`,
		],
	])("warns of %j, and fails not for it; the boot says the same", (toml, expected) => {
		const sleep = "command = ['sleep']\n";
		const files = { web: `${sleep}${toml}`, db: sleep };
		const { exitCode, stdout, stderr } = initctl(["check"], files);
		expect(stderr).toContain(`*** warning: ${expected}`);
		expect(stderr.split("\n")).toHaveLength(2);
		expect({ exitCode, stdout }).toEqual({
			...{ exitCode: 0, stdout: "nothing is wrong with the start-up files and 2 services\n" },
		});
		expect(initctl(["check", "--json"], files)).toMatchObject({ stdout: "[]\n", stderr });
		const compiled = initctl(["compile"], files);
		expect(compiled).toMatchObject({ exitCode: 0, stderr });
		expect(compiled.stdout.split("\n")).toHaveLength(3);
	});

	test("refuses other words", () => {
		expect(initctl(["check", "--jsn"])).toMatchObject({
			...{ exitCode: 2, stdout: "", stderr: '*** error: check takes --json alone; got "--jsn"\n' },
		});
	});
});
