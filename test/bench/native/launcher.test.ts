// The launcher in C, as subreaper: for that it needs no privileges. Times are not judged.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { untilIdle } from "../../../bench/measurements/proc.ts";
import { parseStarts, timeStarts, Unmeasurable } from "../../../bench/native/launcher.ts";
import { compileTools, type Tools } from "../../../bench/native/tools.ts";
import { findProgram } from "../../../scripts/engine/toolchain.ts";

/** Not static: a static libc is not on every machine, and no time is judged here. */
const COMPILER = { libc: "glibc", program: "gcc", before: [], after: [] } as const;
const NAP_NS = 50_000_000;

const hasCompiler = process.platform === "linux" && findProgram("gcc") !== undefined;

// Each starts programs; a busy machine takes its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

describe("parseStarts()", () => {
	test("gives each command its samples, round by round", () => {
		expect(parseStarts("0 0 1000 10\n0 1 2000 20\n1 0 1001 11\n1 1 2001 21\n", 2, 2)).toEqual([
			[
				{ durationNs: 1_000, faults: 10 },
				{ durationNs: 1_001, faults: 11 },
			],
			[
				{ durationNs: 2_000, faults: 20 },
				{ durationNs: 2_001, faults: 21 },
			],
		]);
	});

	test.each([
		["a round left out", "0 0 1 1\n2 0 1 1"],
		["a round told twice", "0 0 1 1\n0 0 1 1"],
		["a command that there is not", "0 7 1 1"],
		["a number missing", "0 0 1"],
		["words", "some warning"],
		["no number where one belongs", "0 0 fast 1"],
		["nothing", ""],
	])("refuses %s", (_what, text) => {
		expect(() => parseStarts(text, 1, 2)).toThrow("a line that does not fit");
	});

	test("refuses fewer rounds than were asked for", () => {
		expect(() => parseStarts("0 0 1 1", 1, 2)).toThrow("fewer than 2 rounds");
	});
});

describe("launch.c", () => {
	let folder = "";
	let tools: Tools;

	beforeAll(async () => {
		if (!hasCompiler) return;
		folder = await mkdtemp(join(tmpdir(), "bench-test-"));
		tools = await compileTools(folder, COMPILER);
	});

	afterAll(async () => {
		if (folder !== "") await rm(folder, { recursive: true });
	});

	beforeEach(({ skip }) => skip(!hasCompiler, "the launcher is for Linux, and needs gcc"));

	function time(rounds: number, ...commands: string[][]) {
		return timeStarts(tools.launch, { place: "subreaper", warmup: 0, rounds, commands });
	}

	test("starts each command once in each round, and measures each start", async () => {
		const samples = await time(3, [tools.true], [tools.floor, "--", tools.true]);
		expect(samples.map((list) => list.length)).toEqual([3, 3]);
		for (const { durationNs, faults } of samples.flat()) {
			expect(durationNs).toBeGreaterThan(0);
			expect(faults).toBeGreaterThan(0);
		}
		// The floor's faults, and those of the child that it has waited for.
		const [alone = [], floor = []] = samples;
		expect(floor[2]?.faults).toBeGreaterThan(alone[2]?.faults ?? Number.NaN);
	});

	test("books a time on the command that took it, in whichever order they came", async () => {
		const nap = ["/bin/sh", "-c", "sleep 0.05"];
		const [, naps = []] = await time(4, [tools.true], nap);
		for (const { durationNs } of naps) expect(durationNs).toBeGreaterThanOrEqual(NAP_NS);
	});

	test("changes the order from round to round, so that nobody always follows the same one", async () => {
		const log = join(folder, "order");
		const noting = (name: string) => ["/bin/sh", "-c", `printf ${name} >> ${log}`];
		await timeStarts(tools.launch, {
			place: "subreaper",
			warmup: 1,
			rounds: 5,
			commands: ["a", "b", "c"].map(noting),
		});
		const orders = (await readFile(log, "latin1")).match(/.{3}/g);
		expect(orders).toEqual(["abc", "bca", "cab", "cba", "bac", "acb"]);
	});

	test("hands on nothing of the user's environment that an init might read", async () => {
		process.env["INIT_LOG_LEVEL"] = "debug";
		try {
			await time(1, ["/bin/sh", "-c", 'test -z "$INIT_LOG_LEVEL" && test -n "$PATH"']);
		} finally {
			delete process.env["INIT_LOG_LEVEL"];
		}
	});

	test.each([
		["fails", ["/bin/sh", "-c", "exit 3"], "launch: sh ended with wait status 0x300"],
		["is killed", ["/bin/sh", "-c", "kill -9 $$"], "launch: sh ended with wait status 0x9"],
		["is not there", ["/nowhere/init"], "launch: init ended with wait status 0x7f00"],
	])(
		"a command that %s is not measured, and no folder is named",
		async (_what, command, reason) => {
			const failing = time(1, [tools.true], command);
			await expect(failing).rejects.toThrow(new Unmeasurable(reason));
		},
	);

	test.each([
		["nothing", []],
		["a verb that it has not", ["fly", "1", "2", "3", "4", "5"]],
		["no command", ["time", "subreaper", "0", "1", "::"]],
		["no rounds", ["time", "subreaper", "0", "0", "::", "/bin/true"]],
		["a word for a number", ["time", "subreaper", "0", "many", "::", "/bin/true"]],
		["too many commands", ["time", "subreaper", "0", "1", ...Array(17).fill(["::", "/bin/true"])]],
		["no inits", ["run", "0", "/bin/true"]],
	])("ends with 2 when it is given %s", (_what, words) => {
		const { status, stdout } = spawnSync(tools.launch, words.flat(), { encoding: "utf8" });
		expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
	});

	test("orphans.c ends with 2 when a number is none", () => {
		for (const words of [
			["1", "1"],
			["0", "1", "0"],
			["1", "x", "0"],
			["1", "1", "99999999"],
		]) {
			expect(spawnSync(tools.orphans, words).status, words.join(" ")).toBe(2);
		}
	});

	test("idle.c says that it is ready, sleeps, and ends with its stdin", async () => {
		const idle = spawn(tools.idle, { stdio: ["pipe", "pipe", "inherit"] });
		const ended = once(idle, "exit");
		const [said] = await once(idle.stdout, "data");
		expect(`${said}`).toBe("ready\n");
		idle.stdin.write("go on\n");
		await untilIdle(idle.pid ?? 0);
		idle.stdin.end();
		expect(await ended).toEqual([0, null]);
	});

	test("floor.c ends with the exit code of its command", () => {
		expect(spawnSync(tools.floor, ["--", "/bin/sh", "-c", "exit 42"]).status).toBe(42);
		expect(spawnSync(tools.floor, ["--", "/nowhere/app"]).status).toBe(127);
		expect(spawnSync(tools.floor).status).toBe(2);
	});
});
