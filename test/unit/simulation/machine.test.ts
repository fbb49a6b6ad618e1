// The simulated machine by itself. test/scenarios/ compares it with the real kernel.
import { describe, expect, test } from "vitest";
import { LEADS_GROUP } from "../../../init/src/kernel/kernel.ts";
import {
	type Actor,
	daemonize,
	exec,
	exit,
	fork,
	ignore,
	newGroup,
	newSession,
	on,
	raise,
	say,
	sleep,
	sleepForever,
	wait,
} from "../../simulation/actor.ts";
import type { Conditions } from "../../simulation/conditions.ts";
import { ECHILD, ESRCH } from "../../simulation/errno.ts";
import { said } from "../../simulation/observe.ts";
import { Random } from "../../simulation/random.ts";
import {
	CHLD,
	CONT,
	HUP,
	KILL,
	QUIT,
	RTMIN,
	SEGV,
	STOP,
	TERM,
	TSTP,
	USR1,
	USR2,
} from "../../simulation/signal_actions.ts";
import { letPass } from "../../simulation/sleeping.ts";
import { Timeline } from "../../simulation/timeline.ts";
import { World } from "../../simulation/world.ts";

/** Lets the actor run as the child of an init that does nothing, and returns the world at the time. */
function play(actor: Actor, untilMs: number, conditions: Partial<Conditions> = {}): World {
	const world = new World({ main: actor, conditions });
	world.run((kernel) => {
		kernel.spawn("/bin/app", 2, -1, "", LEADS_GROUP, false);
		letPass(world.machine, untilMs);
		return 0;
	});
	return world;
}

const lines = (world: World): string[] => said({ ...world.run(() => 0) });

describe("a simulated process", () => {
	test("becomes a zombie, and is reaped once", () => {
		const world = play([exit(3)], 10);
		expect([world.kernel.reap(), world.kernel.childStatus()]).toEqual([2, 3 << 8]);
		expect(world.kernel.reap()).toBe(-ECHILD);
		expect(world.kernel.kill(2, 0)).toBe(-ESRCH);
	});

	test("leaves its children to PID 1, zombies too", () => {
		const world = play([fork(exit(1)), fork(sleepForever), raise(KILL)], 10);
		const { init } = world.machine;
		expect([...init.children].map(({ pid, state }) => [pid, state])).toEqual([
			[2, "ended"],
			[3, "ended"],
			[4, "running"],
		]);
	});

	test("leaves its children to a subreaper where there is one", () => {
		const world = new World({
			conditions: { isPid1: false },
			main: [fork(fork(sleepForever), exit(0)), sleepForever],
		});
		world.run((kernel) => {
			kernel.becomeSubreaper();
			kernel.spawn("/bin/app", 2, -1, "", LEADS_GROUP, false);
			letPass(world.machine, 10);
			return 0;
		});
		expect(world.machine.processes.find(44)?.parent).toBe(world.machine.init);
	});

	test("waits for its own children", () => {
		const world = play([fork(sleep(50), exit(0)), fork(exit(0)), wait, say("alone")], 100);
		expect(lines(world)).toEqual(["alone"]);
		expect([world.kernel.reap(), world.kernel.childStatus()]).toEqual([2, 0]);
	});

	test("takes handled signals while it rests, and goes on with its sleep", () => {
		const world = new World({ main: [on(USR1, sleep(5), say("heard")), sleep(100), say("slept")] });
		world.at(10, () =>
			world.machine.send(world.machine.processes.all()[1] ?? world.machine.init, USR1, 0),
		);
		const run = world.run();
		expect(said(run)).toEqual(["heard", "slept"]);
		expect(run.endedAtMs).toBe(100);
	});

	test("does not hear what it ignores, and loses its handlers by exec, but not its deaf ear", () => {
		const main = [
			ignore(USR1),
			on(USR2, say("never")),
			exec("other", raise(USR1), say("deaf"), raise(USR2), say("never")),
		];
		const world = play(main, 10);
		expect(lines(world)).toEqual(["deaf"]);
		expect([world.kernel.reap(), world.kernel.childStatus()]).toEqual([2, USR2]);
	});

	test("hands handlers and a deaf ear on to its children", () => {
		const world = play(
			[
				on(USR1, say("child heard")),
				ignore(USR2),
				fork(raise(USR2), raise(USR1), sleep(1)),
				sleep(5),
			],
			10,
		);
		expect(lines(world)).toEqual(["child heard"]);
	});

	test("stops and is continued, and its parent hears of both", () => {
		const world = play([raise(STOP), say("went on"), sleepForever], 10);
		const { machine, kernel } = world;
		expect([kernel.reap(), kernel.childStatus()]).toEqual([2, (STOP << 8) | 0x7f]);
		expect(kernel.reap()).toBe(0);
		machine.init.pending.remove(() => true);
		kernel.kill(2, TERM);
		kernel.kill(2, CONT);
		expect(machine.init.pending.has(CHLD)).toBe(true);
		letPass(machine, 10);
		expect(lines(world)).toEqual([]);
		expect([kernel.reap(), kernel.childStatus()]).toEqual([2, TERM]);
	});

	test("is not stopped from a terminal when nobody could continue it", () => {
		const orphaned = [fork(newSession, newGroup, raise(TSTP), say("goes on")), sleepForever];
		expect(lines(play(orphaned, 10))).toEqual(["goes on"]);
		const looked = [fork(newGroup, raise(TSTP), say("goes on")), sleepForever];
		expect(lines(play(looked, 10))).toEqual([]);
	});

	test("is hung up when it is stopped and its group loses the last who could continue it", () => {
		const stopped = [on(HUP, say("hung up")), newGroup, raise(STOP), sleep(5)];
		const world = play(
			[newSession, fork(newSession, fork(...stopped), sleep(10)), sleepForever],
			50,
		);
		expect(lines(world)).toEqual(["hung up"]);
	});

	test("is a daemon after two forks: no parent but PID 1, a session of its own", () => {
		const world = play([daemonize(sleepForever), sleepForever], 10);
		const daemon = world.machine.processes.find(4);
		expect(daemon).toMatchObject({ parent: world.machine.init, session: 3, group: 3 });
	});
});

describe("signals to PID 1", () => {
	test("are kept for it, KILL and STOP from inside do nothing", () => {
		const { machine, kernel } = new World();
		for (const signal of [KILL, STOP, TERM, RTMIN, TERM, RTMIN, QUIT, SEGV]) {
			machine.send(machine.init, signal, 7);
		}
		const read: unknown[] = [];
		for (let next = kernel.waitSignal(0); next !== 0; next = kernel.waitSignal(0)) {
			read.push([next, kernel.signalSender()]);
		}
		expect(read).toEqual([SEGV, QUIT, TERM, RTMIN, RTMIN].map((signal) => [signal, 7]));
		expect(machine.init.state).toBe("running");
	});

	test("CONT and the stops drop each other", () => {
		const { machine } = new World();
		const { init } = machine;
		machine.send(init, TSTP, 0);
		machine.send(init, CONT, 0);
		expect([init.pending.has(TSTP), init.pending.has(CONT)]).toEqual([false, true]);
		machine.send(init, TSTP, 0);
		expect([init.pending.has(TSTP), init.pending.has(CONT)]).toEqual([true, false]);
	});
});

describe("pids", () => {
	test("are used again when they are free, but not while a group or session bears the number", () => {
		const conditions = { highestPid: 5 };
		const main = [
			fork(newSession, fork(sleepForever), exit(0)),
			sleep(10),
			fork(sleepForever),
			sleep(5),
		];
		const world = play(main, 12, conditions);
		const { machine, kernel } = world;
		letPass(machine, 10);
		while (kernel.reap() > 0);
		// 3 led the session of 4 and is gone; 2 was the main child, whose group has a member left.
		const pids = machine.processes.all().map(({ pid }) => pid);
		expect(pids).toEqual([1, 4, 5]);
		expect(machine.start({ parent: machine.init })).toBeUndefined();
	});
});

describe("Timeline", () => {
	test("lets things happen by their time, and in the order of entry at the same time", () => {
		const timeline = new Timeline(undefined);
		const seen: string[] = [];
		timeline.at(20, () => seen.push("c"));
		timeline.at(10, () => seen.push("a"));
		timeline.at(10, () => seen.push("b"));
		while (timeline.step(15));
		expect([seen.join(""), timeline.nowMs]).toEqual(["ab", 15]);
		expect(timeline.step(Number.POSITIVE_INFINITY)).toBe(true);
		expect([timeline.step(Number.POSITIVE_INFINITY), timeline.nowMs]).toEqual([false, 20]);
	});

	test("draws the order of what happens at the same time, if it is told to", () => {
		const orders = new Set<string>();
		for (let seed = 0; seed < 40; seed++) {
			const timeline = new Timeline(new Random(seed));
			let seen = "";
			for (const name of "abc") {
				timeline.at(1, () => {
					seen += name;
				});
			}
			while (timeline.step(1));
			orders.add(seen);
		}
		expect(orders.size).toBe(6);
	});
});
