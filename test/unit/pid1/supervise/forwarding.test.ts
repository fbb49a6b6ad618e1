import { describe, expect, test } from "vitest";
import { changeUser, exit, on, say, sleep, sleepForever } from "../../../simulation/actor.ts";
import { said, signalsTo } from "../../../simulation/observe.ts";
import { CATCHABLE, CHLD, RTMIN, TERM, USR1, USR2 } from "../../../simulation/signal_actions.ts";
import { runJudged } from "../../judged.ts";
import { countsBetweenSleeps } from "../between_sleeps.ts";
import { MAIN_PID } from "../state_in.ts";

const SIGPIPE = 13;

describe("supervise() forwards", () => {
	test.each(CATCHABLE.filter((signal) => signal !== CHLD))("signal %i", (signal) => {
		const run = runJudged({
			main: [on(signal, exit(5)), sleepForever],
			arrange: (world) => world.at(10, () => world.signal(signal)),
		});
		expect(signalsTo(run, MAIN_PID)).toEqual([signal]);
		expect(run).toMatchObject({ end: "exited", exitCode: 5, endedAtMs: 10 });
	});

	test("each real-time signal of a queue, a standard one once", () => {
		const run = runJudged({
			main: [on(RTMIN + 3, say("queued")), on(USR1, say("once")), on(TERM, exit(0)), sleepForever],
			arrange: (world) => {
				world.at(10, () => {
					for (const signal of [RTMIN + 3, USR1, RTMIN + 3, USR1, RTMIN + 3]) world.signal(signal);
				});
				world.at(20, () => world.signal(TERM));
			},
		});
		expect(said(run)).toEqual(["once", "queued", "queued", "queued"]);
	});

	test("a flood of signals without a loss, and looks at its children after 64 of them", () => {
		const flood = 200;
		const run = runJudged({
			main: [on(RTMIN, say("heard")), on(TERM, exit(0)), sleepForever],
			arrange: (world) => {
				world.at(10, () => {
					for (let sent = 0; sent < flood; sent++) world.signal(RTMIN);
				});
				world.at(20, () => world.signal(TERM));
			},
		});
		expect(said(run)).toHaveLength(flood);
		expect(countsBetweenSleeps(run, "received").slice(0, 4)).toEqual([64, 64, 64, 8]);
	});

	test("what a process of the container sends to PID 1", () => {
		const run = runJudged({
			main: [on(USR1, exit(9)), sleepForever],
			arrange: ({ machine, ...world }) => {
				machine.timeline.at(10, () => machine.send(machine.init, USR1, MAIN_PID));
				return world;
			},
		});
		expect(run.exitCode).toBe(9);
	});

	test("to the main child alone, not to its children", () => {
		const run = runJudged({
			main: [
				{ do: "fork", child: [sleepForever] },
				on(USR1, sleep(0)),
				on(TERM, exit(0)),
				sleepForever,
			],
			arrange: (world) => {
				world.at(10, () => world.signal(USR1));
				world.at(20, () => world.signal(USR2));
			},
		});
		expect(signalsTo(run, MAIN_PID)).toEqual([USR1, USR2]);
		expect(signalsTo(run, MAIN_PID + 1)[0]).toBe(TERM);
		expect(run.exitCode).toBe(128 + USR2);
	});
});

describe("supervise() does not forward", () => {
	test("SIGCHLD", () => {
		const run = runJudged({
			main: [sleep(20), exit(0)],
			arrange: (world) => world.at(10, () => world.signal(CHLD)),
		});
		expect(signalsTo(run, MAIN_PID)).toEqual([]);
	});

	test("a signal of its own, as SIGPIPE from a closed stderr", () => {
		const run = runJudged({
			main: [sleep(20), exit(0)],
			arrange: ({ machine }) =>
				machine.timeline.at(10, () => machine.send(machine.init, SIGPIPE, machine.init.pid)),
		});
		expect(signalsTo(run, MAIN_PID)).toEqual([]);
		expect(run.exitCode).toBe(0);
	});

	test("anything where there is no main child", () => {
		const run = runJudged({
			main: null,
			arrange: (world) => {
				world.at(10, () => world.signal(USR1));
				world.at(20, () => world.signal(TERM));
			},
		});
		expect(run.facts.filter(({ type }) => type === "signalled")).toEqual([]);
		expect(run).toMatchObject({ end: "exited", exitCode: 0, endedAtMs: 20 });
	});
});

describe("supervise() says", () => {
	test("what it received and sent, at level info", () => {
		const run = runJudged({
			options: ["--log-level=info"],
			main: [on(USR1, exit(3)), sleepForever],
			arrange: (world) => world.at(10, () => world.signal(USR1)),
		});
		expect(run.stderr).toBe(
			[
				"*** started PID 2",
				"*** received USR1",
				"*** sent USR1 to PID 2",
				"*** the main child, PID 2, exited with 3",
				"",
			].join("\n"),
		);
	});

	test("by which signal the main child was ended, at level info", () => {
		const run = runJudged({
			options: ["--log-level=info"],
			main: [sleepForever],
			arrange: (world) => world.at(10, () => world.signal(RTMIN + 1)),
		});
		expect(run.stderr).toContain("*** the main child, PID 2, was ended by RTMIN+1\n");
	});

	test("nothing at all of this by default", () => {
		const run = runJudged({
			main: [on(USR1, exit(3)), sleepForever],
			arrange: (world) => world.at(10, () => world.signal(USR1)),
		});
		expect(run.stderr).toBe("");
	});

	test("that a signal could not be sent, and goes on", () => {
		const run = runJudged({
			conditions: { isPrivileged: false },
			main: [changeUser, sleep(50), exit(4)],
			arrange: (world) => world.at(10, () => world.signal(USR1)),
		});
		expect(run.stderr).toBe("*** warning: cannot send USR1 to PID 2: not permitted (EPERM)\n");
		expect(run.exitCode).toBe(4);
	});
});
