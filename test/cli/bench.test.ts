// `baseimage bench`: its figures, and images of this checkout measured on a real engine.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { chart } from "../../cli/src/bench/chart.ts";
import { kibibytes, letter, milliseconds, render } from "../../cli/src/bench/render.ts";
import type { BenchReport } from "../../cli/src/bench/result.ts";
import { order, summarize } from "../../cli/src/bench/rounds.ts";
import type { Observed } from "../../cli/src/bench/subject.ts";
import type { Engine } from "../../cli/src/engine/connect.ts";
import { plainPaint } from "../../cli/src/terminal/paint.ts";
import { startCommand } from "./support/command.ts";
import { containersOf as containersIn, findTestEngine } from "./support/engine.ts";

vi.setConfig({ testTimeout: 180_000 });

const OURS = "baseimage-ts:alpine";
const WITHOUT_SHELL = "localhost/baseimage-ts/test-bench:no-shell";
/** Writes at once, goes on, and as PID 1 waits for nobody else. */
const TAIL = "/bin/busybox tail -f /etc/passwd";

const image = { reference: "app:1", standIn: false, platform: "linux/amd64" };
const run = (changes: Partial<Observed> = {}): Observed => ({
	pid1: "my_init",
	startMs: 300,
	stopMs: 100,
	exitCode: 143,
	rssKiB: 500,
	storm: { orphans: 100, zombies: 0 },
	...changes,
});

describe("summarize()", () => {
	test("gives medians with the lowest and the highest", () => {
		const runs = [
			run({ startMs: 300.04 }),
			run({ startMs: 500, stopMs: 1 }),
			run({ startMs: 200 }),
		];
		expect(summarize(image, runs)).toMatchObject({
			image: "app:1",
			pid1: "my_init",
			startMs: { median: 300, lowest: 200, highest: 500, values: [300, 500, 200] },
			stopMs: { median: 100, lowest: 1, highest: 100 },
			exitCodes: [143],
		});
		expect(summarize(image, runs.slice(0, 2)).startMs.median).toBe(400);
	});

	test("shows the storm that left most zombies, and all exit codes", () => {
		const runs = [
			run({ exitCode: 143 }),
			run({ exitCode: 0, storm: { orphans: 100, zombies: 7 } }),
			run({ storm: { unmeasured: "no shell" } }),
		];
		expect(summarize(image, runs)).toMatchObject({
			storm: { orphans: 100, zombies: 7 },
			stormUnmeasured: "no shell",
			exitCodes: [0, 143],
		});
	});

	test("leaves out what nobody could read", () => {
		const { rssKiB: _, ...blind } = run({ storm: { unmeasured: "why" } });
		expect(summarize(image, [blind])).toMatchObject({ rssKiB: null, storm: null });
	});
});

test("order() has whoever was first as the last in the next round", () => {
	expect([order(3, 0), order(3, 1), order(3, 2)]).toEqual([
		[0, 1, 2],
		[2, 1, 0],
		[0, 1, 2],
	]);
});

const report: BenchReport = {
	schema: 1,
	engine: "Docker 28",
	runs: 3,
	ready: "first byte on stdout",
	command: ["sh", "-c", "x"],
	images: [
		summarize(image, [run(), run({ startMs: 1_500 }), run()]),
		summarize(
			{ ...image, reference: "registry.test/a/very/long/name/<of>&an/image:latest", standIn: true },
			[
				run({
					exitCode: 137,
					stopMs: 10_040,
					storm: { orphans: 100, zombies: 100 },
					rssKiB: 20_480,
				}),
			],
		),
		summarize(image, [run({ storm: { unmeasured: "the image has no shell" } })]),
	],
};

test("render() fits on a terminal of 80 columns and marks stand-ins", () => {
	const text = render(report, plainPaint);
	for (const line of text.split("\n").filter((row) => /[│┌├└]/.test(row))) {
		expect(line.length, line).toBeLessThanOrEqual(100);
	}
	expect(text).toContain(
		"B  registry.test/a/very/long/name/<of>&an/image:latest (stand-in), PID 1: my_init",
	);
	expect(text).toContain("C: no storm of orphans: the image has no shell.");
	for (const cell of [
		"300 ms–1.50 s",
		"10.04 s",
		"20.0 MiB",
		"100 of 100",
		"137 (SIGKILL)",
		"unknown",
	]) {
		expect(text).toContain(cell);
	}
});

test("numbers are shown as people read them", () => {
	expect([milliseconds(0.4), milliseconds(999.4), milliseconds(1_000)]).toEqual([
		"0 ms",
		"999 ms",
		"1.00 s",
	]);
	expect([kibibytes(532), kibibytes(10_239), kibibytes(10_240)]).toEqual([
		"532 KiB",
		"10,239 KiB",
		"10.0 MiB",
	]);
	expect([0, 25, 26, 52].map(letter)).toEqual(["A", "Z", "A2", "A3"]);
});

describe("chart()", () => {
	test("is well-formed XML, whatever an image is called", async () => {
		const svg = chart(report);
		const parsed = await execa(
			"python3",
			["-c", "import sys, xml.dom.minidom as x; print(x.parse(sys.stdin).documentElement.tagName)"],
			{ input: svg, reject: false },
		);
		if (parsed.exitCode !== undefined) expect(parsed).toMatchObject({ stdout: "svg", exitCode: 0 });
		expect(svg).toContain("&#60;of&#62;&#38;an");
	});

	test("has a bar for each median, in proportion, and none where nothing was measured", () => {
		const [start = "", , , zombies = ""] = chart(report).split("<g ").slice(1);
		const widths = [...start.matchAll(/width="([\d.]+)" height="16"/g)].map(([, width]) =>
			Number(width),
		);
		expect(widths).toEqual([68, 68, 68]);
		expect(start).toContain('<path d="M328.0');
		expect(zombies.match(/not measured/g)).toHaveLength(1);
	});

	test("holds when all is zero", () => {
		const nothing = summarize(image, [run({ startMs: 0, stopMs: 0, rssKiB: 0 })]);
		expect(chart({ ...report, images: [nothing] })).not.toContain("NaN");
	});
});

let env: NodeJS.ProcessEnv = process.env;
let engine: Engine | undefined;
let reason = "";
let folder = "";

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), "baseimage-bench-"));
	const found = await findTestEngine();
	if ("reason" in found) {
		reason = found.reason;
		return;
	}
	[env, engine] = [found.env, found.connection];
	const dockerfile = `FROM ${OURS}\nRUN ["/bin/busybox", "rm", "/bin/sh"]\nENTRYPOINT []\nSTOPSIGNAL KILL\nCMD ["/bin/busybox", "tail", "-f", "/etc/passwd"]\n`;
	const args = [
		"buildx",
		"build",
		"--builder",
		"default",
		"--load",
		"--quiet",
		"--tag",
		WITHOUT_SHELL,
		"-",
	];
	await execa(found.engine.dockerPath, args, { env, input: dockerfile });
}, 120_000);

afterAll(() => {
	rmSync(folder, { recursive: true });
});

function start(...args: string[]) {
	return startCommand(["bench", ...args], { env, cwd: folder });
}

async function containersOf(pid: number | undefined): Promise<string[]> {
	return engine === undefined ? [] : await containersIn(engine, pid);
}

describe("on a real engine", () => {
	beforeEach(({ skip }) => {
		skip(reason !== "", reason);
	});

	test("images are measured side by side, with a chart", async () => {
		const { child, ended } = start(
			OURS,
			WITHOUT_SHELL,
			"--runs",
			"1",
			"--orphans",
			"30",
			"--command",
			TAIL,
			"--json",
			"--svg",
			"out.svg",
		);
		const { code, stdout, stderr } = await ended;
		expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
		const seen: BenchReport = JSON.parse(stdout);
		expect(seen).toMatchObject({
			schema: 1,
			runs: 1,
			ready: "first byte on stdout",
			command: TAIL.split(" "),
			images: [
				{ image: OURS, pid1: "my_init", storm: { orphans: 30, zombies: 0 }, exitCodes: [143] },
				// tail as PID 1 waits for nobody. It has no handler for TERM either: the image's STOPSIGNAL saves the ten seconds.
				{
					image: WITHOUT_SHELL,
					pid1: "busybox",
					storm: { orphans: 10, zombies: 10 },
					exitCodes: [137],
				},
			],
		});
		const [ours, plain] = seen.images;
		expect(ours?.startMs.values).toHaveLength(1);
		expect(ours?.stopMs.highest).toBeLessThan(9_000);
		expect(plain?.rssKiB?.median).toBeGreaterThan(100);
		expect(ours?.rssKiB?.median).toBeGreaterThan(100);
		expect(readFileSync(join(folder, "out.svg"), "utf8")).toContain("<svg ");
		expect(await containersOf(child.pid)).toEqual([]);
	});

	test("a port is what a start ends with", async () => {
		const command = "/bin/busybox httpd -f -p 8080";
		const { code, stdout } = await start(
			OURS,
			"--runs",
			"2",
			"--port",
			"8080",
			"--command",
			command,
			"--json",
		).ended;
		expect(code).toBe(0);
		expect(JSON.parse(stdout)).toMatchObject({ ready: "port 8080", images: [{ pid1: "my_init" }] });
	});

	test.each<[number, string, string[]]>([
		[4, "docker pull baseimage-ts:nonexistent", [OURS, "baseimage-ts:nonexistent"]],
		[
			111,
			"ended by itself with exit code 7; it wrote: bye",
			[OURS, "--command", "sh -c 'echo bye; exit 7'"],
		],
		[111, "ended by itself with exit code 127", [OURS, "--command", "/none"]],
	])("ends with %i: %s", async (code, why, args) => {
		const { child, ended } = start(...args);
		const seen = await ended;
		expect({ code: seen.code, stdout: seen.stdout }).toEqual({ code, stdout: "" });
		expect(seen.stderr).toContain(why);
		expect(await containersOf(child.pid)).toEqual([]);
	});

	test.each([300, 900, 2_000, 5_000])(
		"interrupted after %i ms it leaves nothing",
		async (delayMs) => {
			const { child, ended } = start(
				OURS,
				WITHOUT_SHELL,
				"--runs",
				"50",
				"--command",
				TAIL,
				"--svg",
				"never.svg",
			);
			await sleep(delayMs);
			child.kill("SIGINT");
			const { code, signal, stdout } = await ended;
			// Node.js itself ends it before the verb listens.
			expect({ isInterrupted: code === 130 || signal === "SIGINT", stdout }).toEqual({
				isInterrupted: true,
				stdout: "",
			});
			expect(await containersOf(child.pid)).toEqual([]);
			expect(existsSync(join(folder, "never.svg"))).toBe(false);
		},
	);
});

describe("a wrong command line ends with 2", () => {
	test.each([
		[[], "missing required argument 'image'"],
		[["x", "--runs", "0"], "from 1 to 1000"],
		[["x", "--port", "65536"], "from 1 to 65535"],
		[["x", "--orphans", "many"], "from 1 to 10000"],
		[["x", "--svg", "none/x.svg"], "cannot be written to"],
		[["x", "--command", "'"], "a quotation mark without its partner"],
		[["x", "--command", ""], "no words"],
	])("%j", async (args, why) => {
		const { code, stdout, stderr } = await start(...args).ended;
		expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
		expect(stderr).toContain(why);
	});

	test("and without an engine with 3", async () => {
		const before = env;
		env = { ...env, DOCKER_HOST: "unix:///nonexistent/engine.sock" };
		const { code, stderr } = await start("x").ended;
		env = before;
		expect(code).toBe(3);
		expect(stderr).toContain("no such file");
	});
});
