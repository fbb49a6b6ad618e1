// Not PID 1: as a subreaper under --pid=host, in a pod's shared namespace, or started by hand.
import { describe, expect, test } from "vitest";
import { myInit } from "../../../../init/src/programs/my_init.ts";
import {
	daemonize,
	exit,
	fork,
	hang,
	ignore,
	on,
	say,
	sleep,
	sleepForever,
} from "../../../simulation/actor.ts";
import { ESRCH } from "../../../simulation/errno.ts";
import { said, sentSignals, signalsTo } from "../../../simulation/observe.ts";
import { overridden } from "../../../simulation/overridden.ts";
import { CONT, HUP, KILL, TERM } from "../../../simulation/signal_actions.ts";
import { World } from "../../../simulation/world.ts";
import { runJudged } from "../../judged.ts";

const ELSEWHERE = { isPid1: false } as const;
const MAIN_PID = 42;
const stubborn = [ignore(TERM), sleepForever];
const stopAt = (ms: number) => (world: World) => {
	world.at(ms, () => world.signal(TERM));
};

describe("an init that is not PID 1", () => {
	test("adopts and reaps the orphans of its descendants", () => {
		const run = runJudged({
			conditions: ELSEWHERE,
			main: [daemonize(sleep(50), exit(0)), sleep(500), exit(3)],
		});
		expect(run.facts.filter((fact) => fact.type === "reaped" && fact.byInit)).toHaveLength(3);
		expect(run).toMatchObject({ exitCode: 3, endedAtMs: 500 });
	});

	test("never calls kill(-1), and asks and kills its descendants alone, by descriptors", () => {
		const run = runJudged({
			conditions: ELSEWHERE,
			main: [
				daemonize(...stubborn),
				fork(on(TERM, say("asked"), exit(0)), sleepForever),
				sleep(10),
			],
		});
		expect(run.facts.filter(({ type }) => type === "kill-all")).toEqual([]);
		expect(said(run)).toEqual(["asked"]);
		expect(new Set(sentSignals(run).map(({ way }) => way))).toEqual(new Set(["signalProcess"]));
		expect(run.stderr).toContain("killing PID 45 (app): still running");
		expect(run.endedAtMs).toBe(9_010);
		const bystanders = run.machine.processes.all().filter(({ isAlive }) => isAlive);
		expect(bystanders.map(({ pid }) => pid)).toEqual([1, 20, 21, 30, 40, 41]);
	});

	test("closes every descriptor of a process again", () => {
		const run = runJudged({
			conditions: ELSEWHERE,
			main: [fork(...stubborn), fork(...stubborn), sleep(10), exit(0)],
		});
		const open = run.facts.map((fact) => (fact.type === "slept" ? fact.openDescriptors : 0));
		expect(Math.max(...open)).toBe(0);
	});

	test("leaves the main child out while it asks the others at two thirds", () => {
		const run = runJudged({
			conditions: ELSEWHERE,
			main: [fork(...stubborn), ...stubborn],
			arrange: stopAt(100),
		});
		expect(signalsTo(run, MAIN_PID)).toEqual([TERM, KILL]);
		expect(signalsTo(run, MAIN_PID + 1)).toEqual([TERM, CONT, KILL]);
	});

	test.each([
		["without descriptors for processes", { processDescriptors: "unknown" }],
		["where the engine refuses them", { processDescriptors: "refused" }],
		[
			"where the engine lets them be opened, but not signalled",
			{ processDescriptors: "not signalled" },
		],
	] as const)("signals by pid %s", (_what, conditions) => {
		const run = runJudged({
			conditions: { ...ELSEWHERE, ...conditions },
			main: [fork(on(TERM, say("asked"), exit(0)), sleepForever), sleep(10), exit(0)],
		});
		expect(said(run)).toEqual(["asked"]);
		expect(sentSignals(run).map(({ way, signal }) => [way, signal])).toEqual([
			["kill", TERM],
			["kill", CONT],
		]);
	});

	test("signals nobody whom it can get no descriptor for", () => {
		const run = runJudged({
			conditions: { ...ELSEWHERE, descriptorLimit: 3 },
			main: [fork(sleep(500), exit(0)), sleep(10), exit(0)],
		});
		expect(sentSignals(run)).toEqual([]);
		expect(run.endedAtMs).toBe(500);
	});

	test("does not signal by pid who is gone already", () => {
		const world = new World({
			conditions: ELSEWHERE,
			main: [fork(sleep(500), exit(0)), sleep(10), exit(0)],
		});
		const run = world.run((kernel) =>
			myInit(overridden(kernel, { signalProcess: () => -ESRCH }), 1),
		);
		expect(sentSignals(run)).toEqual([]);
		expect(run.endedAtMs).toBe(500);
	});

	test("waits for its descendants without /proc, but cannot ask them, and says so", () => {
		const run = runJudged({
			conditions: { ...ELSEWHERE, proc: "none" },
			main: [fork(sleep(500), exit(0)), sleep(10), exit(0)],
		});
		expect(sentSignals(run)).toEqual([]);
		expect(run.endedAtMs).toBe(500);
		expect(run.stderr).toBe(
			"*** warning: /proc cannot be read: the other descendants are waited for, but not asked to end\n",
		);
	});

	test("believes no /proc of another namespace", () => {
		const run = runJudged({
			conditions: { ...ELSEWHERE, proc: "foreign" },
			main: [fork(sleep(500), exit(0)), sleep(10), exit(0)],
		});
		expect(sentSignals(run)).toEqual([]);
		expect(run.facts.filter(({ type }) => type === "missed")).toEqual([]);
	});

	test("kills the main child's group at the end of the budget without /proc", () => {
		const run = runJudged({
			conditions: { ...ELSEWHERE, proc: "none" },
			main: [fork(...stubborn), ...stubborn],
			arrange: stopAt(100),
		});
		expect(signalsTo(run, MAIN_PID)).toEqual([TERM, KILL]);
		expect(signalsTo(run, MAIN_PID + 1)).toEqual([KILL]);
		expect(run).toMatchObject({ exitCode: 137, endedAtMs: 9_100 });
	});

	test("kills again, every 50 ms, who is still there", () => {
		const run = runJudged({
			conditions: ELSEWHERE,
			main: [fork(ignore(TERM), hang(9_080), ...stubborn), sleep(10), exit(0)],
		});
		expect(signalsTo(run, MAIN_PID + 1)).toEqual([TERM, CONT, KILL, KILL]);
		expect(run.endedAtMs).toBe(9_080);
	});

	test("hangs up a session leader with a terminal among its descendants", () => {
		const run = runJudged({
			conditions: ELSEWHERE,
			main: [fork({ do: "new-session" }, ignore(TERM), sleepForever), sleep(10), exit(0)],
			arrange: ({ machine }) =>
				machine.timeline.at(5, () => {
					const shell = machine.processes.find(MAIN_PID + 1);
					if (shell === undefined) return;
					shell.terminal = { device: 34_818, foregroundGroup: shell.pid, readsKeys: false };
				}),
		});
		expect(signalsTo(run, MAIN_PID + 1)).toEqual([HUP, TERM, CONT]);
	});

	test("works without being a subreaper, and says what that means", () => {
		const run = runJudged({
			conditions: { ...ELSEWHERE, hasSubreaper: false },
			main: [fork(sleep(20), exit(0)), sleep(50), exit(4)],
		});
		expect(run.exitCode).toBe(4);
		expect(run.stderr).toBe(
			"*** warning: not PID 1, and cannot become a child subreaper either (this kernel refuses it (EINVAL)): orphans will be adopted by another process\n",
		);
	});

	test("does not wait for others of the machine", () => {
		const run = runJudged({ conditions: ELSEWHERE, main: [sleep(50), exit(0)] });
		expect(run.endedAtMs).toBe(50);
	});
});
