// `baseimage import` as scripts meet it: a folder of this machine, without an engine.
import { spawnSync } from "node:child_process";
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { configurationOf } from "../../../cli/src/import/read.ts";
import { type Report, reportOf } from "../../../cli/src/import/report.ts";
import { importPath } from "../../../cli/src/import/run.ts";
import { planFiles } from "../../../cli/src/import/write/folders.ts";

const MAIN = join(import.meta.dirname, "..", "..", "..", "cli", "src", "main.ts");
const NOWHERE = "unix:///nonexistent/engine.sock";
const PROGRAM = "[program:web]\ncommand=web\nautorestart=true\n";
const RUN = "#!/bin/sh\nexec prog\n";

// Each process of its own loads the command: on a busy machine that takes seconds.
vi.setConfig({ testTimeout: 180_000 });

let folder = "";
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "baseimage-import-"));
});
afterEach(() => {
	rmSync(folder, { recursive: true });
});

function put(name: string, text: string): string {
	const file = join(folder, name);
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(file, text);
	return file;
}

function baseimage(...args: string[]) {
	const env = { ...process.env, DOCKER_HOST: NOWHERE };
	const options = { env, encoding: "utf8", cwd: folder } as const;
	const { status, stdout, stderr } = spawnSync(
		process.execPath,
		[MAIN, "import", ...args],
		options,
	);
	return { status, stdout, stderr };
}

/** What the verb prints with --json, without a process of its own. */
async function report(source: string): Promise<Report> {
	const found = await importPath(join(folder, source));
	const plan = planFiles(found.imported);
	const shown = (path: string) => relative(folder, found.shown(path));
	return reportOf({ ...found, shown, folder: null, plan });
}

describe("a source is", () => {
	test.each([
		["a root file system", ".", "etc/supervisor/conf.d/a.conf"],
		["its etc", "etc", "etc/supervisor/conf.d/a.conf"],
		["a supervisord.conf", "x/my.conf", "x/my.conf"],
		["a folder of parts", "parts", "parts/a.ini"],
		["a folder that is called as in /etc", "supervisor", "supervisor/conf.d/a.conf"],
	])("%s", async (_name, source, file) => {
		put(file, PROGRAM);
		expect(await report(source)).toMatchObject({
			schema: 1,
			source: { kind: "path", name: join(folder, source) },
			folder: null,
			services: [
				{
					name: "web",
					source: `${join(file)}:1`,
					became: ["etc/my_init/services/web.toml"],
					losses: [],
				},
			],
			passed: true,
		});
	});

	test.each([
		["services.d", "services.d/x/run", "s6"],
		["anything", "anything/x/run", "runit"],
		["service", "service/x/run", "runit"],
	])("a folder of services, %s", async (source, file, origin) => {
		put(file, RUN);
		expect((await report(source)).services).toMatchObject([{ name: "x", origin, source: file }]);
	});

	test("definitions of s6-rc", async () => {
		put("defs/a/type", "oneshot");
		put("defs/a/up", "echo a");
		expect((await report("defs")).services).toMatchObject([
			{ name: "a", origin: "s6-rc", stage: "startup" },
		]);
	});

	test("a configuration whose includes lie beside it", async () => {
		put("x/my.conf", "[include]\nfiles=more/*.conf\n");
		put("x/more/a.conf", PROGRAM);
		put("x/services.d/y/run", RUN);
		expect((await report("x/my.conf")).services).toMatchObject([{ source: "x/more/a.conf:1" }]);
	});
});

test("links lead nowhere out of the source", async () => {
	const secret = put("secret/run", "#!/bin/sh\n# secret\n");
	mkdirSync(join(folder, "root/etc/service"), { recursive: true });
	symlinkSync(dirname(secret), join(folder, "root/etc/service/absolute"));
	symlinkSync("../../../secret", join(folder, "root/etc/service/relative"));
	symlinkSync("loop", join(folder, "root/etc/service/loop"));
	put("root/etc/service/real/run", RUN);
	const { services } = await report("root");
	expect(services.map(({ name }) => name)).toEqual(["real"]);
});

describe("a crontab", () => {
	const JOB = "0 3 * * * root /bin/job\n";

	test.each([
		["in a root file system", ".", "etc/cron.d/job", "root", JOB],
		["of a user in its folder", ".", "var/spool/cron/crontabs/app", "app", "@daily /bin/job\n"],
		["that is named, of the system's format", "etc/cron.d/job", "etc/cron.d/job", "root", JOB],
		["that is named, of the users' format", "jobs", "jobs", undefined, "0 3 * * * /bin/job\n"],
		["that is named, whatever it is", "x/crontab", "x/crontab", undefined, "@daily job\n"],
	])("%s is read", async (_name, source, file, user, text) => {
		put(file, text);
		const { services, passed } = await report(source);
		expect(services).toMatchObject([{ origin: "cron", source: `${file}:1` }]);
		expect(services[0]?.user).toBe(user === "root" ? undefined : user);
		expect(passed).toBe(true);
	});

	test("is noted alone where a whole system has no cron", async () => {
		put("etc/cron.d/job", JOB);
		put("bin/sh", "");
		put("etc/supervisord.conf", PROGRAM);
		const { services, notes } = await report(".");
		expect(services.map(({ name }) => name)).toEqual(["web"]);
		expect(notes).toEqual(["/etc/cron.d/job: nothing in the source runs it, since it has no cron"]);
	});
});

test("-o writes the files, and says how to use them", () => {
	put("etc/supervisord.conf", PROGRAM);
	const { status, stdout, stderr } = baseimage(".", "-o", "out/deep");
	expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
	expect(stdout).toContain("path .: 1 imported, written to out/deep\n");
	expect(stdout).toContain("  COPY out/deep/ /\n");
	const file = join(folder, "out/deep/etc/my_init/services/web.toml");
	expect(readFileSync(file, "utf8")).toBe(
		'# Imported from /etc/supervisord.conf:1.\ncommand = [ "web" ]\nworking_dir = "/"\nrestart = "always"\n',
	);
	expect(statSync(file).mode & 0o777).toBe(0o644);
});

test("the table fits, shows each loss, and has no colours where there is no terminal", () => {
	put("etc/supervisord.conf", `${PROGRAM}startretries=7\n[eventlistener:e]\ncommand=e\n`);
	const { status, stdout } = baseimage(".");
	expect(status).toBe(1);
	expect(stdout).toContain("startretries=7");
	expect(stdout).toContain("[eventlistener:e]");
	expect(stdout).not.toContain("\x1b");
	for (const line of stdout.split("\n").filter((text) => /^[│┌├└]/.test(text))) {
		expect(line.length, line).toBeLessThanOrEqual(100);
	}
});

test("texts of the source that are UTF-8 are shown as such, and written byte for byte", () => {
	put("etc/supervisord.conf", "[program:web]\ncommand=web 'größer → ✓'\nautorestart=true\n");
	const { services } = JSON.parse(baseimage(".", "--json", "-o", "out").stdout);
	expect(services).toMatchObject([{ command: "web 'größer → ✓'" }]);
	expect(readFileSync(join(folder, "out/etc/my_init/services/web.toml"), "utf8")).toContain(
		'command = [ "web", "größer → ✓" ]\n',
	);
});

test("nothing of a source controls the terminal", () => {
	put("etc/supervisord.conf", `\x1b[31mred\n${PROGRAM}x\x1b]0;title\x07=1\n`);
	const { stdout, stderr } = baseimage(".");
	expect(stderr).toContain("red");
	expect(stdout).toContain("title");
	expect(stdout + stderr).not.toMatch(/(?!\n)\p{Cc}/u);
});

describe("what is wrong ends with", () => {
	test("1 and FILE:LINE, and the rest is imported", () => {
		put("etc/supervisord.conf", `${PROGRAM}[program:b]\ncommand=b 'c\nuser=x\n`);
		const { status, stdout, stderr } = baseimage(".", "--json", "-o", "out");
		expect(status).toBe(1);
		expect(stderr).toBe(
			"etc/supervisord.conf:5: command=b 'c: a quotation mark or a backslash at its end has no partner. supervisord refuses it too.\n",
		);
		expect(JSON.parse(stdout)).toMatchObject({ services: [{ name: "web" }], passed: false });
		expect(existsSync(join(folder, "out/etc/my_init/services/web.toml"))).toBe(true);
	});

	test.each<[number, string, string[]]>([
		[1, "nothing to import was found in .", ["."]],
		[1, "nothing to import was found in ./etc/motd", ["./etc/motd"]],
		[2, "there is no file or folder ./none", ["./none"]],
		[2, "is not empty (it has etc)", [".", "-o", "."]],
		[2, "ENOTDIR", [".", "-o", "etc/motd"]],
		[2, "missing required argument 'path|image'", []],
		[2, "too many arguments", ["a", "b"]],
		[2, "unknown option", [".", "--frobnicate"]],
		[3, `${NOWHERE} (DOCKER_HOST): no such file`, ["some/image:latest"]],
	])("%i: %s", (code, why, args) => {
		put("etc/motd", "");
		const { status, stdout, stderr } = baseimage(...args);
		expect({ status, stdout }).toEqual({ status: code, stdout: "" });
		expect(stderr).toContain(why);
		expect(readdirSync(folder)).toEqual(["etc"]);
	});

	test("111 where the folder cannot be made", () => {
		put("etc/supervisord.conf", PROGRAM);
		const { status, stderr } = baseimage(".", "-o", "/proc/none/x");
		expect(status).toBe(111);
		expect(stderr).toContain("writing /proc/none/x");
	});
});

test("--force replaces files, and leaves others", () => {
	put("etc/supervisord.conf", PROGRAM);
	put("out/etc/my_init/services/web.toml", "old");
	put("out/mine", "mine");
	expect(baseimage(".", "-o", "out").status).toBe(2);
	expect(baseimage(".", "-o", "out", "--force").status).toBe(0);
	expect(readFileSync(join(folder, "out/etc/my_init/services/web.toml"), "utf8")).toContain(
		'"web"',
	);
	expect(readFileSync(join(folder, "out/mine"), "utf8")).toBe("mine");
});

test("--help has its exit codes and examples", () => {
	const { status, stdout } = baseimage("--help");
	expect(status).toBe(0);
	for (const word of ["--output", "--force", "--json", "Ends with 0", "Examples:"]) {
		expect(stdout).toContain(word);
	}
});

test.each([
	[["supervisord", "-n", "-c", "/x.conf"], "/x.conf"],
	[["supervisord", "-nc", "/x.conf"], "/x.conf"],
	[["/usr/bin/supervisord", "--configuration=/x.conf"], "/x.conf"],
	[["/usr/bin/supervisord", "--configuration", "/x.conf", "-n"], "/x.conf"],
	[["/bin/sh", "-c", "exec supervisord -c /x.conf -n"], "/x.conf"],
	[["supervisord", "-n"], undefined],
	[["sh", "-c", "true"], undefined],
])("configurationOf(%j)", (command, expected) => {
	expect(configurationOf(command)).toBe(expected);
});
