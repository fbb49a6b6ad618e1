import { describe, expect, test } from "vitest";
import { exit, fork, on, raise, say, sleep, sleepForever } from "../../simulation/actor.ts";
import { said, signalsTo } from "../../simulation/observe.ts";
import { HUP, KILL, QUIT, STOP, TERM, TSTP, USR1 } from "../../simulation/signal_actions.ts";
import { type Run, World, type WorldOptions } from "../../simulation/world.ts";

const MAIN = 2;

function world(given: string[], options: WorldOptions = {}): World {
	return new World({ name: "dumb-init", arguments: given, main: [exit(5)], ...options });
}

function run(given: string[], options: WorldOptions = {}): Run {
	return world(given, options).run();
}

const family = [
	fork(on(USR1, say("child heard")), sleep(50)),
	on(USR1, say("main heard")),
	sleep(99),
];

describe("dumb-init", () => {
	test("starts the command in a session of its own, and ends with its code", () => {
		const started = world(["app", "-x"]);
		expect(started.run()).toMatchObject({ exitCode: 5, stdout: "", stderr: "" });
		expect(started.machine.main).toMatchObject({ session: MAIN, group: MAIN });
	});

	test("sends signals to all of the group, and to the main child alone where it is told so", () => {
		for (const [given, environment, heard] of [
			[["app"], {}, ["child heard", "main heard"]],
			[["-c", "app"], {}, ["main heard"]],
			[["--single-child", "app"], {}, ["main heard"]],
			[["app"], { DUMB_INIT_SETSID: "0" }, ["main heard"]],
			[["app"], { DUMB_INIT_SETSID: "no" }, ["child heard", "main heard"]],
		] as const) {
			const started = world([...given], { main: family, environment });
			started.at(10, () => started.signal(USR1));
			expect(said(started.run()).toSorted()).toEqual(heard);
		}
	});

	test("without a group of its own the main child is the group", () => {
		const started = world(["app"], {
			main: family,
			environment: { DUMB_INIT_SETSID: "0", INIT_SIGNAL_SCOPE: "group" },
		});
		started.at(10, () => started.signal(USR1));
		const run = started.run();
		expect(said(run)).toEqual(["main heard"]);
		expect(run.stderr).toBe("");
	});

	test("-c: a main child that stops during a stop is continued", () => {
		const started = world(["-c", "app"], {
			main: [on(TERM, raise(STOP), say("resumed"), exit(5)), sleepForever],
			environment: { INIT_STOP_TIMEOUT: "3s" },
		});
		started.at(10, () => started.signal(TERM));
		const run = started.run();
		expect(said(run)).toEqual(["resumed"]);
		expect(run).toMatchObject({ exitCode: 5, endedAtMs: 10 });
	});

	test("adopts orphans, not as PID 1, where they shall be waited for", () => {
		const main = [fork(sleep(300)), exit(3)];
		for (const name of ["dumb-init", "tini"]) {
			const conditions = { isPid1: false };
			const run = world(["app"], {
				name,
				main,
				conditions,
				environment: { INIT_WAIT: "all" },
			}).run();
			expect(run).toMatchObject({ exitCode: 3, endedAtMs: 300, stderr: "" });
		}
	});

	test("asks its group to end once the main child has ended, and does not wait", () => {
		const main = [fork(on(TERM, say("asked")), sleepForever), sleep(10), exit(0)];
		const result = run(["app"], { main });
		expect(result).toMatchObject({ exitCode: 0, endedAtMs: 10 });
		expect(signalsTo(result, 3)).toEqual([TERM]);
		expect(signalsTo(run(["-c", "app"], { main }), 3)).toEqual([]);
	});

	test("rewrites signals, the later option first, and drops them", () => {
		const started = world(["-r", "15:3", "--rewrite", "1:0", "-r10:1", "-r", "10:15", "app"], {
			main: [on(QUIT), on(TERM), sleepForever],
		});
		started.at(10, () => started.signal(TERM));
		started.at(20, () => started.signal(HUP));
		started.at(30, () => started.signal(USR1));
		started.at(40, () => started.signal(KILL));
		expect(signalsTo(started.run(), MAIN)).toEqual([QUIT, TERM]);
	});

	test("rewrites what a variable says beside its own, and an option before it", () => {
		const environment = { INIT_REWRITE: "HUP:USR1,TERM:USR1", INIT_SIGNAL_SCOPE: "group" };
		const started = world(["-r", "15:3", "app"], {
			environment,
			main: [on(QUIT), on(USR1), sleepForever],
		});
		started.at(10, () => started.signal(HUP));
		started.at(20, () => started.signal(TERM));
		started.at(30, () => started.signal(TSTP));
		expect(signalsTo(started.run(), MAIN)).toEqual([USR1, QUIT, STOP]);
		const single = world(["-c", "app"], { environment, main: family });
		single.at(10, () => single.signal(USR1));
		expect(said(single.run())).toEqual(["main heard"]);
	});

	test("stops all of the session at the terminal's stop, which it cannot have itself", () => {
		const started = world(["app"], { main: [sleepForever] });
		started.at(10, () => started.signal(TSTP));
		expect(signalsTo(started.run(), MAIN)).toEqual([STOP]);
		const rewritten = world(["-r", "20:10", "app"], { main: [on(USR1), sleepForever] });
		rewritten.at(10, () => rewritten.signal(TSTP));
		expect(signalsTo(rewritten.run(), MAIN)).toEqual([USR1]);
	});

	test.each([
		[[], "a command is missing"],
		[["-z"], "unknown option -z"],
		[
			["-r", "99:1", "app"],
			'-r: "99:1" is no pair of signal numbers from 1 (HUP) to 31 such as 15:3',
		],
		[
			["-r", "0:1", "app"],
			'-r: "0:1" is no pair of signal numbers from 1 (HUP) to 31 such as 15:3',
		],
		[
			["-r", "15:32", "app"],
			'-r: "15:32" is no pair of signal numbers from 1 (HUP) to 31 such as 15:3',
		],
		[["-r", "15", "app"], '-r: "15" is no pair of signal numbers from 1 (HUP) to 31 such as 15:3'],
		[["-r", ":3", "app"], '-r: ":3" is no pair of signal numbers from 1 (HUP) to 31 such as 15:3'],
	])("refuses %o with 1", (given, text) => {
		const { exitCode, stdout, stderr } = run(given);
		expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
		expect(stderr).toContain(`*** error: ${text}\nusage: dumb-init `);
	});

	test.each(["-h", "--help", "-V", "--version"])("answers %s on stderr", (option) => {
		const { exitCode, stdout, stderr } = run([option]);
		expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "" });
		expect(stderr).toMatch(/^dumb-init v\S+\n/);
	});

	test("ends with 2 where the command cannot be started", () => {
		expect(run(["missing"])).toMatchObject({
			exitCode: 2,
			stderr: '*** error: cannot start "missing": not found in PATH\n',
		});
	});

	test.each([
		[["-v", "app"], {}],
		[["--verbose", "app"], {}],
		[["app"], { DUMB_INIT_DEBUG: "1" }],
	])("says what happens with %o and %o", (given, environment) => {
		expect(run(given, { environment }).stderr).toContain("*** started PID 2\n");
	});

	test("gives its terminal up, so that the main child can have it", () => {
		const started = world(["app"], { conditions: { hasTerminal: true } });
		started.run();
		expect(started.machine.init.terminal).toBeUndefined();
	});
});
