// Services as folders of runit's, scripts and hooks, and the scripts among them in a real shell.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${X} is the shell's notation
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
	chmodSync,
	existsSync,
	lstatSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	readlinkSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Imported, ImportedService } from "../../../cli/src/import/model.ts";
import { nothingImported } from "../../../cli/src/import/model.ts";
import { assertWritable, writeAll } from "../../../cli/src/import/write/disk.ts";
import { planFiles } from "../../../cli/src/import/write/folders.ts";
import { findShellcheck, WHY_NO_SHELLCHECK } from "../../../scripts/shellcheck.ts";
import { sampleService } from "./sample.ts";

const service = (changes: Partial<ImportedService> = {}): ImportedService =>
	sampleService({ origin: "runit", ...changes });

function plan(...services: ImportedService[]) {
	const imported: Imported = { ...nothingImported(), services };
	return planFiles(imported);
}

/** The lines of the first file without comments. */
function lines(changes: Partial<ImportedService>): string[] {
	const [file] = plan(service(changes)).outcomes[0]?.files ?? [];
	if (file?.content.kind !== "file") throw new RangeError("no file");
	const text = file.content.bytes.toString("latin1");
	return text.split("\n").filter((line) => line !== "" && !/^# /.test(line));
}

function paths(...services: ImportedService[]): string[] {
	return plan(...services).outcomes.flatMap(({ files }) => files.map(({ path }) => path));
}

const FILE = { kind: "file", content: Buffer.from("#!/bin/bash\necho x\n"), notes: [] } as const;
const BINARY = {
	kind: "file",
	content: Buffer.from([0x7f, 0x45, 0x4c, 0x46, 255]),
	notes: [],
} as const;

describe("a command becomes", () => {
	const A = { variable: "A", splits: false };
	test.each<[string, Partial<ImportedService>, string[]]>([
		["an exec", {}, ["#!/bin/sh", "exec prog 'a b'"]],
		["setuser", { user: "www-data" }, ["#!/bin/sh", "exec setuser www-data -- prog 'a b'"]],
		[
			"cd and umask",
			{ workingDirectory: ["/x y"], umask: 0o22 },
			["#!/bin/sh", "umask 022", "cd '/x y' || exit 111", "exec prog 'a b'"],
		],
		[
			"export",
			{ environment: [{ name: "A", value: ["1 2"] }] },
			["#!/bin/sh", "export A='1 2'", "exec prog 'a b'"],
		],
		[
			"env behind setuser, which would set them itself",
			{
				user: "u",
				environment: [
					{ name: "HOME", value: ["/h"] },
					{ name: "B", value: ["1"] },
				],
			},
			["#!/bin/sh", "export B=1", "exec setuser u -- env HOME=/h prog 'a b'"],
		],
		[
			"env for names that no shell has",
			{ environment: [{ name: "a.b", value: ["1"] }] },
			["#!/bin/sh", "exec env a.b=1 prog 'a b'"],
		],
		[
			"variables",
			{ program: { kind: "command", words: [["p"], ["--x=", A]] } },
			["#!/bin/sh", "set -u # a variable that is missing is an error", 'exec p --x="${A}"'],
		],
		[
			"redirections",
			{ logs: { stdout: { kind: "file", path: ["/l o"] }, stderr: { kind: "stdout" } } },
			["#!/bin/sh", "exec >>'/l o' 2>&1", "exec prog 'a b'"],
		],
		[
			"silence",
			{ logs: { stdout: { kind: "nowhere" }, stderr: { kind: "nowhere" } } },
			["#!/bin/sh", "exec >/dev/null 2>/dev/null", "exec prog 'a b'"],
		],
		[
			"a passer of signals",
			{ stopSignal: "QUIT", user: "u" },
			["#!/bin/sh", "exec setuser u -- /sbin/my_init as dumb-init -c -r 15:3 -- prog 'a b'"],
		],
		[
			"a passer of signals to its group",
			{ stopsGroup: true },
			["#!/bin/sh", "exec /sbin/my_init as dumb-init -- prog 'a b'"],
		],
	])("%s", (_name, changes, expected) => {
		expect(lines(changes)).toEqual(expected);
	});
});

describe("a file", () => {
	test("is kept, with comments behind its first line", () => {
		const [outcome] = plan(
			service({
				program: FILE,
				losses: [{ place: { file: "/f" }, what: "x=1", why: "no\x1b[1mno" }],
			}),
		).outcomes;
		expect(outcome?.files).toEqual([
			{
				path: "etc/service/web/run",
				content: {
					kind: "file",
					mode: 0o755,
					bytes: Buffer.from(
						"#!/bin/bash\n# Imported from /etc/x.conf:3.\n# Not here: x=1: no [1mno.\necho x\n",
					),
				},
			},
		]);
	});

	test.each([
		["a program of the machine", BINARY.content],
		["node", Buffer.from("#!/usr/bin/env node\n")],
		["python", Buffer.from("#!/usr/bin/python3\n# -*- coding: latin-1 -*-\n")],
	])("of %s is kept byte for byte", (_name, content) => {
		const [outcome] = plan(service({ program: { kind: "file", content, notes: [] } })).outcomes;
		expect(outcome?.files[0]?.content).toMatchObject({ bytes: content });
	});

	test("has the descriptor open on which it tells that it is ready", () => {
		const readiness = { notificationFd: 3 };
		expect(lines({ program: FILE, readiness })).toEqual([
			"#!/bin/bash",
			"exec 3>/dev/null",
			"echo x",
		]);
		expect(lines({ program: BINARY, readiness })).toEqual([
			"#!/bin/sh",
			"exec 3>/dev/null",
			"exec ./run.program",
		]);
	});

	test("lies beside the script that gives it another signal", () => {
		const changes = { program: FILE, stopSignal: "INT" };
		expect(lines(changes)).toEqual([
			"#!/bin/sh",
			"exec /sbin/my_init as dumb-init -c -r 15:2 -- ./run.program",
		]);
		expect(paths(service(changes))).toEqual(["etc/service/web/run", "etc/service/web/run.program"]);
	});
});

describe("names", () => {
	test("stay apart, are never hidden, and never lead elsewhere", () => {
		expect(
			paths(
				service(),
				service(),
				service(),
				service({ name: "../../x y" }),
				service({ name: ".hidden" }),
				service({ name: ".." }),
			),
		).toEqual([
			"etc/service/web/run",
			"etc/service/web-runit/run",
			"etc/service/web-2/run",
			"etc/service/x-y/run",
			"etc/service/_hidden/run",
			"etc/service/_/run",
		]);
	});

	test("of scripts have numbers that keep their order", () => {
		const startup = (name: string) => service({ name, stage: "startup", program: FILE });
		expect(paths(startup("99-z"), startup("a"), startup("10_b.sh"))).toEqual([
			"etc/my_init.d/10_z",
			"etc/my_init.d/11_a",
			"etc/my_init.d/12_b.sh",
		]);
		const many = paths(...Array.from({ length: 95 }, (_, index) => startup(`s${index}`)));
		expect(many).toEqual([...many].sort());
		expect(many[0]).toBe("etc/my_init.d/010_s0");
	});

	test("of hooks are in the folders of their stages", () => {
		const hook = (stage: ImportedService["stage"]) => service({ name: "x", stage, program: FILE });
		expect(paths(hook("pre-shutdown"), hook("post-shutdown"))).toEqual([
			"etc/my_init.pre_shutdown.d/10_x",
			"etc/my_init.post_shutdown.d/10_x-runit",
		]);
	});
});

test("a service that is started by hand has a file that keeps it down", () => {
	expect(paths(service({ enabled: false }))).toEqual([
		"etc/service/web/run",
		"etc/service/web/down",
	]);
});

describe("what these folders cannot say is lost", () => {
	test("an order among services, and readiness", () => {
		const { outcomes } = plan(
			service({ name: "db", readiness: { notificationFd: 4 } }),
			service({ dependencies: ["db", "init"] }),
			service({ name: "init", stage: "startup", program: FILE }),
		);
		expect(outcomes.map(({ losses }) => losses.map(({ what }) => what))).toEqual([
			["notification-fd 4"],
			["depends on db"],
			[],
		]);
	});

	test.each([
		[8_000, []],
		[8_001, [{ variable: "INIT_STOP_TIMEOUT", value: "10s" }]],
		[30_000, [{ variable: "INIT_STOP_TIMEOUT", value: "34s" }]],
	])("a stop of %i ms is a setting where the default is too short", (stopGraceMs, expected) => {
		const { settings } = plan(service({ stopGraceMs }), service({ stopGraceMs: 1_000 }));
		expect(settings).toMatchObject(expected);
		expect(settings).toHaveLength(expected.length);
	});
});

describe("on the disk", () => {
	let folder = "";
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), "baseimage-import-"));
	});
	afterEach(() => {
		rmSync(folder, { recursive: true });
	});

	const file = (path: string, text: string, mode = 0o755) => ({
		path,
		content: { kind: "file" as const, bytes: Buffer.from(text), mode },
	});

	test("files and links are written with their modes, whatever the umask", () => {
		const before = process.umask(0o077);
		try {
			const link = { path: "a/l", content: { kind: "link" as const, target: "/x" } };
			writeAll(join(folder, "new", "out"), [file("a/b", "1"), file("a/c", "2", 0o644), link]);
		} finally {
			process.umask(before);
		}
		const out = join(folder, "new", "out", "a");
		expect(lstatSync(join(out, "b")).mode & 0o7777).toBe(0o755);
		expect(lstatSync(join(out, "c")).mode & 0o7777).toBe(0o644);
		expect(readlinkSync(join(out, "l"))).toBe("/x");
	});

	test("a folder that is not empty is refused without --force", () => {
		writeFileSync(join(folder, "mine"), "");
		expect(() => assertWritable(folder, false)).toThrow("is not empty (it has mine)");
		expect(() => assertWritable(folder, true)).not.toThrow();
		expect(() => assertWritable(join(folder, "none"), false)).not.toThrow();
		expect(() => assertWritable(join(folder, "mine"), false)).toThrow("ENOTDIR");
	});

	test("when something fails, nothing of it stays, and what was there does", () => {
		mkdirSync(join(folder, "x"));
		writeFileSync(join(folder, "x", "mine"), "");
		writeFileSync(join(folder, "b"), "");
		expect(() => writeAll(folder, [file("a/1", ""), file("x/2", ""), file("b/3", "")])).toThrow();
		expect(existsSync(join(folder, "a"))).toBe(false);
		expect(existsSync(join(folder, "x", "2"))).toBe(false);
		expect(existsSync(join(folder, "x", "mine"))).toBe(true);
	});

	test("nothing is written through a link", () => {
		mkdirSync(join(folder, "elsewhere"));
		mkdirSync(join(folder, "out"));
		symlinkSync(join(folder, "elsewhere"), join(folder, "out", "etc"));
		expect(() => writeAll(join(folder, "out"), [file("etc/x", "")])).toThrow("is a link");
		expect(existsSync(join(folder, "elsewhere", "x"))).toBe(false);
	});

	test("every script is sound POSIX shell", async ({ skip }) => {
		const part = { variable: "A", splits: true };
		const services = [
			service(),
			service({ name: "a", user: "u", stopSignal: "QUIT", restart: { kind: "never" } }),
			service({ name: "b", restart: { kind: "unless-expected", exitCodes: [0, 2] } }),
			service({ name: "c", environment: [{ name: "X", value: [part] }], workingDirectory: [part] }),
			service({ name: "d", program: { kind: "command", words: [["p"], ["it's"], [part]] } }),
		];
		writeAll(
			folder,
			plan(...services).outcomes.flatMap(({ files }) => files),
		);
		const scripts = services.map(({ name }) => join(folder, "etc/service", name, "run"));
		for (const script of scripts) execFileSync("sh", ["-n", script]);
		const shellcheck = await findShellcheck();
		if (shellcheck === undefined) return skip(WHY_NO_SHELLCHECK);
		// SC2086: a variable that is to become several words.
		execFileSync(shellcheck, ["--exclude=SC2086", ...scripts], { encoding: "utf8" });
	});
});

describe("the script of a service that may stay ended", () => {
	let folder = "";
	let running: ChildProcess | undefined;
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), "baseimage-import-"));
	});
	afterEach(() => {
		if (running?.pid !== undefined) spawnSync("kill", ["-KILL", "--", `-${running.pid}`]);
		rmSync(folder, { recursive: true });
	});

	/** Starts it with a program of these lines, and with a stand-in for the binary of the images. */
	function start(restart: ImportedService["restart"], program: string): ChildProcess {
		const words = [["./prog"]];
		const [script] =
			plan(service({ restart, program: { kind: "command", words } })).outcomes[0]?.files ?? [];
		if (script?.content.kind !== "file") throw new RangeError("no script");
		const put = (name: string, text: string) => {
			writeFileSync(join(folder, name), text);
			chmodSync(join(folder, name), 0o755);
		};
		// Everything behind -- in its own place, which is what the signals go to.
		put("init", '#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done\nshift\nexec "$@"\n');
		put("run", script.content.bytes.toString("latin1").replaceAll("/sbin/my_init", "./init"));
		put("prog", `#!/bin/sh\n${program}\n`);
		running = spawn("./run", { cwd: folder, stdio: "ignore", detached: true });
		return running;
	}
	const seen = async (name: string) =>
		await vi.waitUntil(() => existsSync(join(folder, name)), { timeout: 5_000, interval: 10 });
	const commandOf = (pid: number | undefined) =>
		readFileSync(`/proc/${pid}/cmdline`, "latin1").split("\0")[0];

	test("ends with a code that is not expected", async () => {
		const child = start({ kind: "unless-expected", exitCodes: [0, 2] }, "exit 3");
		expect(await once(child, "exit")).toEqual([3, null]);
	});

	test.each([
		[{ kind: "unless-expected", exitCodes: [0, 2] } as const, 2],
		[{ kind: "unless-expected", exitCodes: [0] } as const, 0],
		[{ kind: "never" } as const, 1],
	])(
		"stays with %j when its program ends with %i, until it is told to end",
		async (restart, code) => {
			const child = start(restart, `touch ran; exit ${code}`);
			await seen("ran");
			await vi.waitUntil(() => commandOf(child.pid) === "tail", { timeout: 5_000, interval: 10 });
			child.kill("SIGTERM");
			expect(await once(child, "exit")).toEqual([null, "SIGTERM"]);
		},
	);

	test("passes TERM on, waits for the end and gives its code, however often it is told", async () => {
		const child = start(
			{ kind: "unless-expected", exitCodes: [0] },
			"trap 'touch told; sleep 0.2; exit 7' TERM\ntouch ready\nwhile :; do sleep 0.05; done",
		);
		await seen("ready");
		child.kill("SIGTERM");
		await seen("told");
		child.kill("SIGTERM");
		expect(await once(child, "exit")).toEqual([7, null]);
	});

	test("a stop is no reason to stay, even with an expected code", async () => {
		const child = start(
			{ kind: "never" },
			"trap 'exit 0' TERM\ntouch ready\nwhile :; do sleep 0.05; done",
		);
		await seen("ready");
		child.kill("SIGTERM");
		expect(await once(child, "exit")).toEqual([0, null]);
	});
});
