import { describe, expect, test } from "vitest";
import { exit, fork, on, say, sleep, sleepForever } from "../../simulation/actor.ts";
import { said, signalsTo } from "../../simulation/observe.ts";
import { HUP, INT, TERM } from "../../simulation/signal_actions.ts";
import { type Run, World, type WorldOptions } from "../../simulation/world.ts";

function world(given: string[], options: WorldOptions = {}): World {
	return new World({ name: "catatonit", arguments: given, main: [exit(5)], ...options });
}

function run(given: string[], options: WorldOptions = {}): Run {
	return world(given, options).run();
}

describe("catatonit", () => {
	test.each(["catatonit", "/run/podman-init"])("is what %s means", (name) => {
		expect(run(["-V"], { name }).stdout).toMatch(/^tini version \S+_catatonit_\S+\n$/);
	});

	test("starts the command, ends with its code and with it alone", () => {
		const main = [fork(sleepForever), sleep(10), exit(7)];
		expect(run(["--", "app"], { main })).toMatchObject({ exitCode: 7, endedAtMs: 10, stderr: "" });
	});

	test("forwards to the main child, with -g to its group", () => {
		const main = [
			fork(on(HUP, say("child heard")), sleep(50)),
			on(HUP, say("main heard")),
			sleep(99),
		];
		for (const [given, heard] of [
			[["app"], ["main heard"]],
			[
				["-g", "app"],
				["child heard", "main heard"],
			],
		] as const) {
			const started = world([...given], { main });
			started.at(10, () => started.signal(HUP));
			expect(said(started.run()).toSorted()).toEqual(heard);
		}
	});

	test("becomes a subreaper where it is not PID 1", () => {
		const started = world(["app"], { conditions: { isPid1: false } });
		expect(started.run().stderr).toBe("");
		expect(started.machine.init.isSubreaper).toBe(true);
	});

	test.each([
		[["-h"], 0, "", /^usage: catatonit /],
		[["-L"], 0, /MIT License/, ""],
		[["--version"], 0, /^tini version /, ""],
		[[], 1, "", /a command is missing\nusage: catatonit /],
		[["-z"], 1, "", /unknown option -z\nusage: catatonit /],
		[["--help"], 1, "", /unknown option --help\n/],
		[["missing"], 1, "", /cannot start "missing": not found in PATH\n$/],
	])("answers %o with %i", (given, exitCode, stdout, stderr) => {
		const result = run(given);
		expect(result.exitCode).toBe(exitCode);
		expect(result.stdout).toMatch(stdout === "" ? /^$/ : stdout);
		expect(result.stderr).toMatch(stderr === "" ? /^$/ : stderr);
	});

	test.each([TERM, INT])("-P starts nothing, reaps, and ends with 0 at signal %i", (signal) => {
		const started = world(["-P"]);
		started.at(5, () => started.enter([fork(sleep(10), exit(0)), exit(0)]));
		started.at(100, () => started.signal(signal));
		const result = started.run();
		expect(result).toMatchObject({ exitCode: 0, endedAtMs: 100 });
		expect(result.facts.some((fact) => fact.type === "reaped" && fact.byInit)).toBe(true);
	});
});

describe("pause", () => {
	test("reaps, leaves others alone, and ends with 0 at TERM", () => {
		const started = new World({ name: "/pause", arguments: [] });
		started.at(5, () => started.enter([sleepForever]));
		started.at(50, () => started.signal(HUP));
		started.at(100, () => started.signal(TERM));
		const result = started.run();
		expect(result).toMatchObject({ exitCode: 0, endedAtMs: 100, stdout: "", stderr: "" });
		expect(signalsTo(result, 2)).toEqual([]);
	});

	test("waits for the others when a variable says so", () => {
		const started = new World({
			...{ name: "pause", arguments: [], environment: { INIT_WAIT: "term" } },
		});
		started.at(5, () => started.enter([on(TERM, sleep(300), say("saved"), exit(0)), sleepForever]));
		started.at(100, () => started.signal(TERM));
		const result = started.run();
		expect(said(result)).toEqual(["saved"]);
		expect(result).toMatchObject({ exitCode: 0, endedAtMs: 400 });
	});

	test("-v says its version", () => {
		const { exitCode, stdout } = new World({ name: "pause", arguments: ["-v"] }).run();
		expect(exitCode).toBe(0);
		expect(stdout).toMatch(/^pause \S+\n$/);
	});

	test("says where it is not PID 1", () => {
		const started = new World({ name: "pause", arguments: [], conditions: { isPid1: false } });
		started.at(10, () => started.signal(TERM));
		expect(started.run().stderr).toMatch(/^\*\*\* warning: not PID 1/);
	});
});
