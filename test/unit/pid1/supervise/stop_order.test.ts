import { describe, expect, test } from "vitest";
import {
	daemonize,
	exit,
	fork,
	forkMany,
	hang,
	ignore,
	newSession,
	on,
	raise,
	say,
	sleep,
	sleepForever,
	wait,
} from "../../../simulation/actor.ts";
import { said, sentAtMs, sentSignals, signalsTo } from "../../../simulation/observe.ts";
import {
	CONT,
	HUP,
	INT,
	KILL,
	QUIT,
	STOP,
	TERM,
	TSTP,
} from "../../../simulation/signal_actions.ts";
import type { World } from "../../../simulation/world.ts";
import { runJudged } from "../../judged.ts";
import { MAIN_PID } from "../state_in.ts";

const STOP_AT_MS = 1_000;
const BUDGET_MS = 9_000;
const stopAt =
	(ms: number, signal = TERM) =>
	(world: World) => {
		world.at(ms, () => world.signal(signal));
	};
const stubborn = [ignore(TERM), ignore(INT), sleepForever];

describe("a stop by a signal", () => {
	test("asks the main child alone, and the others when it has ended", () => {
		const run = runJudged({
			main: [
				fork(on(TERM, say("worker"), exit(0)), sleepForever),
				on(TERM, sleep(500), say("main"), exit(0)),
				sleepForever,
			],
			arrange: stopAt(STOP_AT_MS),
		});
		expect(said(run)).toEqual(["main", "worker"]);
		expect(sentAtMs(run, MAIN_PID + 1, TERM)).toBe(STOP_AT_MS + 500);
		expect(signalsTo(run, MAIN_PID)).toEqual([TERM]);
		expect(run).toMatchObject({ exitCode: 0, endedAtMs: STOP_AT_MS + 500 });
	});

	test("leaves a master's workers to the master", () => {
		const worker = [on(TERM, say("behind its back")), on(QUIT, exit(0)), sleepForever];
		const run = runJudged({
			main: [...forkMany(3, ...worker), on(TERM, sleep(2_000), exit(0)), sleepForever],
			arrange: (world) => {
				stopAt(STOP_AT_MS)(world);
				world.at(STOP_AT_MS + 100, () => {
					for (const child of world.machine.main?.children ?? []) {
						world.machine.send(child, QUIT, MAIN_PID);
					}
				});
			},
		});
		expect(said(run)).toEqual([]);
		expect(run.exitCode).toBe(0);
	});

	test("asks the others at two thirds of the budget when the main child goes on", () => {
		const run = runJudged({
			main: [fork(on(TERM, exit(0)), sleepForever), ignore(TERM), wait, exit(6)],
			arrange: stopAt(STOP_AT_MS),
		});
		expect(sentAtMs(run, MAIN_PID + 1, TERM)).toBe(STOP_AT_MS + 6_000);
		expect(signalsTo(run, MAIN_PID)).toEqual([TERM]);
		expect(run).toMatchObject({ exitCode: 6, endedAtMs: STOP_AT_MS + 6_000 });
	});

	test("kills what is left at the end of the budget, and names it", () => {
		const run = runJudged({
			main: [fork(...stubborn), ...stubborn],
			arrange: stopAt(STOP_AT_MS),
		});
		const why = "still running at the end of the stop budget of 9 s";
		expect(run.stderr).toBe(
			`*** warning: killing PID 2 (app): ${why}\n*** warning: killing PID 3 (app): ${why}\n`,
		);
		expect(sentAtMs(run, MAIN_PID, KILL)).toBe(STOP_AT_MS + BUDGET_MS);
		expect(run).toMatchObject({ exitCode: 137, endedAtMs: STOP_AT_MS + BUDGET_MS });
	});

	test("forwards a second stop signal, asks the others soon, and kills 2 s later", () => {
		const run = runJudged({
			main: [daemonize(...stubborn), ...stubborn],
			arrange: (world) => {
				stopAt(STOP_AT_MS)(world);
				stopAt(STOP_AT_MS + 500, INT)(world);
			},
		});
		const daemon = MAIN_PID + 2;
		expect(signalsTo(run, MAIN_PID)).toEqual([TERM, INT, KILL]);
		expect(sentAtMs(run, daemon, TERM)).toBeCloseTo(STOP_AT_MS + 500 + 2_000 * (2 / 3), 6);
		expect(sentAtMs(run, daemon, KILL)).toBe(STOP_AT_MS + 2_500);
		expect(run.stderr).toContain("(app): still running after the second stop signal\n");
	});

	test("forwards other signals while it lasts", () => {
		const run = runJudged({
			main: [ignore(TERM), on(HUP, say("reload")), sleepForever],
			arrange: (world) => {
				stopAt(STOP_AT_MS)(world);
				stopAt(STOP_AT_MS + 100, HUP)(world);
				stopAt(STOP_AT_MS + 7_000, HUP)(world);
			},
		});
		expect(said(run)).toEqual(["reload", "reload"]);
	});

	test("forwards nothing once it kills", () => {
		const run = runJudged({
			main: [ignore(TERM), hang(BUDGET_MS + 1_200), sleepForever],
			arrange: (world) => {
				stopAt(STOP_AT_MS)(world);
				stopAt(STOP_AT_MS + BUDGET_MS + 20, HUP)(world);
			},
		});
		expect(signalsTo(run, MAIN_PID)).not.toContain(HUP);
	});

	test("with a budget of 0 kills at once", () => {
		const run = runJudged({
			options: ["--stop-timeout=0"],
			orders: { budgetMs: 0 },
			main: [fork(...stubborn), ...stubborn],
			arrange: stopAt(STOP_AT_MS),
		});
		expect(signalsTo(run, MAIN_PID)).toEqual([TERM, KILL]);
		expect(run).toMatchObject({ exitCode: 137, endedAtMs: STOP_AT_MS });
	});

	test("ends an init without a command at once, with 0", () => {
		const run = runJudged({ main: null, arrange: stopAt(STOP_AT_MS) });
		expect(run).toMatchObject({ end: "exited", exitCode: 0, endedAtMs: STOP_AT_MS });
	});

	test("of an init without a command asks who has come from outside", () => {
		const run = runJudged({
			main: null,
			arrange: (world) => {
				world.at(10, () => world.enter([on(TERM, sleep(300), exit(0)), sleepForever]));
				stopAt(STOP_AT_MS)(world);
			},
		});
		expect(run).toMatchObject({ exitCode: 0, endedAtMs: STOP_AT_MS + 300 });
	});
});

describe("a stop by the main child's end", () => {
	test("is over at once when nobody is left, and signals nobody", () => {
		const run = runJudged({ main: [sleep(70), exit(42)] });
		expect(run).toMatchObject({ end: "exited", exitCode: 42, endedAtMs: 70 });
		expect(run.facts.filter((fact) => fact.type === "kill-all")).toMatchObject([{ signal: 0 }]);
	});

	test("asks all others at once by TERM and CONT, and waits for the last of them", () => {
		const worker = (ms: number) => [on(TERM, sleep(ms), say(`${ms}`), exit(0)), sleepForever];
		const run = runJudged({
			main: [daemonize(...worker(400)), fork(...worker(1_300)), sleep(100), exit(7)],
		});
		expect(said(run)).toEqual(["400", "1300"]);
		expect(run).toMatchObject({ exitCode: 7, endedAtMs: 1_400 });
		expect(
			sentSignals(run).filter(({ signal, way }) => signal === TERM && way !== "killAll"),
		).toEqual([]);
	});

	test("lets a stopped process obey", () => {
		const run = runJudged({
			main: [
				fork(on(TERM, say("obeyed"), exit(0)), raise(STOP), sleepForever),
				sleep(100),
				exit(0),
			],
		});
		expect(said(run)).toEqual(["obeyed"]);
		expect(run.endedAtMs).toBe(100);
	});

	test("kills what outlives the budget, and says so", () => {
		const run = runJudged({ main: [fork(...stubborn), sleep(100), exit(3)] });
		expect(run).toMatchObject({ exitCode: 3, endedAtMs: 100 + BUDGET_MS });
		expect(run.stderr).toContain("killing PID 3 (app)");
	});

	test("counts the budget from a signal that was only forwarded, as an image's STOPSIGNAL QUIT", () => {
		const run = runJudged({
			main: [fork(...stubborn), on(QUIT, sleep(3_000), exit(0)), sleepForever],
			arrange: stopAt(STOP_AT_MS, QUIT),
		});
		expect(sentAtMs(run, MAIN_PID + 1, TERM)).toBe(STOP_AT_MS + 3_000);
		expect(sentAtMs(run, MAIN_PID + 1, KILL)).toBe(STOP_AT_MS + BUDGET_MS);
	});

	test("hurries at the second stop signal that comes after it", () => {
		const run = runJudged({
			main: [fork(...stubborn), sleep(100), exit(0)],
			arrange: (world) => {
				stopAt(200)(world);
				stopAt(300)(world);
			},
		});
		expect(sentAtMs(run, MAIN_PID + 1, KILL)).toBe(2_300);
		expect(run.stderr).toContain("still running after the second stop signal");
	});

	test("hangs up a session leader with a terminal, but nobody else", () => {
		const shell = [ignore(TERM), sleepForever];
		const run = runJudged({
			main: [fork(newSession, ...shell), sleep(100), exit(0)],
			options: ["--stop-timeout=2s"],
			orders: { budgetMs: 2_000 },
			arrange: (world) => world.at(10, () => world.enter(shell, { withTerminal: true })),
		});
		expect(signalsTo(run, 3).filter((signal) => signal === HUP)).toEqual([]);
		expect(signalsTo(run, 4)).toEqual([HUP, TERM, CONT]);
	});

	test("ends at once although docker exec -it bash was forgotten", () => {
		const run = runJudged({
			main: [sleep(100), exit(0)],
			arrange: (world) =>
				world.at(10, () => world.enter([ignore(TERM), sleepForever], { withTerminal: true })),
		});
		expect(run.endedAtMs).toBeLessThan(110);
	});
});

describe("a stop with a stopped main child", () => {
	test("continues it, so that it can obey", () => {
		const run = runJudged({
			main: [on(TERM, say("obeyed"), exit(0)), raise(STOP), sleepForever],
			arrange: stopAt(STOP_AT_MS),
		});
		expect(signalsTo(run, MAIN_PID)).toEqual([TERM, CONT]);
		expect(said(run)).toEqual(["obeyed"]);
	});

	test("resumes it when it stops again", () => {
		const run = runJudged({
			main: [on(TERM, raise(TSTP), say("went on"), exit(0)), sleepForever],
			arrange: stopAt(STOP_AT_MS),
		});
		expect(signalsTo(run, MAIN_PID)).toEqual([TERM, CONT]);
		expect(run).toMatchObject({ exitCode: 0, endedAtMs: STOP_AT_MS });
	});
});

describe("a kill", () => {
	test("names twenty of the processes, and counts the others", () => {
		const run = runJudged({
			main: [...forkMany(23, ...stubborn), sleep(10), exit(0)],
		});
		const lines = run.stderr.trimEnd().split("\n");
		expect(lines).toHaveLength(21);
		expect(lines[0]).toContain("killing PID 3 (app)");
		expect(lines[19]).toContain("killing PID 22 (app)");
		expect(lines[20]).toMatch(/^\*\*\* warning: killing 3 more: still running/);
	});

	test("names twenty processes without counting when there are no others", () => {
		const run = runJudged({ main: [...forkMany(20, ...stubborn), sleep(10), exit(0)] });
		expect(run.stderr).not.toContain("more");
	});

	test("is repeated for those who were forked meanwhile", () => {
		const run = runJudged({
			main: [fork(ignore(TERM), hang(9_140), fork(...stubborn), sleepForever), sleep(10), exit(0)],
			conditions: { latencyMs: 60, isShuffled: true },
			seed: 3,
		});
		expect(run.end).toBe("exited");
		expect(run.endedAtMs).toBeLessThan(9_600);
	});

	test("gives up after 500 ms when not even that helps, and says so", () => {
		const run = runJudged({
			main: [fork(ignore(TERM), hang(60_000)), sleep(100), exit(3)],
		});
		expect(run).toMatchObject({ exitCode: 3, endedAtMs: 100 + BUDGET_MS + 500 });
		expect(run.stderr).toContain(
			"*** warning: some processes outlasted SIGKILL and are left to the kernel\n",
		);
		const kills = run.facts.filter((fact) => fact.type === "kill-all" && fact.signal === KILL);
		expect(kills).toHaveLength(10);
	});

	test("that the main child outlasts ends with 137", () => {
		const run = runJudged({ main: [ignore(TERM), hang(60_000)], arrange: stopAt(STOP_AT_MS) });
		expect(run.exitCode).toBe(137);
	});
});
