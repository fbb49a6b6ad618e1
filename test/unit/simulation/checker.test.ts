// A checker that finds nothing proves nothing: each of its rules is broken here once, by an init or a kernel
// that does what must not be done.
import { describe, expect, test } from "vitest";
import { type Kernel, LEADS_GROUP } from "../../../init/src/kernel/kernel.ts";
import { myInit } from "../../../init/src/programs/my_init.ts";
import { exit, fork, ignore, on, sleep, sleepForever } from "../../simulation/actor.ts";
import { type CHECKS, findViolations } from "../../simulation/checker.ts";
import { overridden } from "../../simulation/overridden.ts";
import { CONT, KILL, TERM } from "../../simulation/signal_actions.ts";
import { World, type WorldOptions } from "../../simulation/world.ts";

interface Sabotage {
	readonly options?: WorldOptions;
	/** The init's program. */
	readonly run: (kernel: Kernel, world: World) => number;
}

const stubborn = [ignore(TERM), sleepForever];
const MAIN_PID = 2;
const ELSEWHERE = { conditions: { isPid1: false } } as const;

/** The real init with some calls of its kernel broken. */
const broken =
	(breakIt: (kernel: Kernel, world: World) => Partial<Kernel>) => (kernel: Kernel, world: World) =>
		myInit(overridden(kernel, breakIt(kernel, world)), 1);

const SABOTAGES: Record<keyof typeof CHECKS, Sabotage> = {
	reapsBeforeSleeping: { run: broken(() => ({ reap: () => 0 })) },
	reapsEachOnce: {
		options: { main: [fork(exit(0)), sleep(50), exit(0)] },
		run: (kernel) => {
			kernel.spawn("/bin/app", 2, -1, "", LEADS_GROUP, false);
			kernel.waitSignal(-1);
			kernel.reap();
			return 0;
		},
	},
	killsAllOnlyAsPid1: {
		options: ELSEWHERE,
		run: (kernel) => {
			kernel.killAll(TERM);
			return myInit(kernel, 1);
		},
	},
	sparesBystanders: {
		options: ELSEWHERE,
		run: (kernel) => {
			kernel.kill(20, TERM);
			return myInit(kernel, 1);
		},
	},
	neverSignalsReaped: {
		run: (kernel) => {
			const code = myInit(kernel, 1);
			kernel.kill(MAIN_PID, TERM);
			return code;
		},
	},
	forwardsToMain: { run: broken(() => ({ kill: () => 0 })) },
	continuesWhomItAsks: {
		options: { main: [fork(on(TERM, sleep(10), exit(0)), sleepForever), sleep(10), exit(0)] },
		run: broken((kernel) => ({
			kill: (pid, signal) => (signal === CONT ? 0 : kernel.kill(pid, signal)),
			killAll: (signal) => (signal === CONT ? 0 : kernel.killAll(signal)),
		})),
	},
	exitsWithMainsCode: { run: (kernel) => myInit(kernel, 1) + 1 },
	stopsInTime: {
		options: { main: stubborn },
		run: broken((kernel) => ({
			waitSignal: (timeoutMs) => kernel.waitSignal(timeoutMs * 2),
		})),
	},
	asksMainFirst: {
		options: { main: [fork(sleepForever), on(TERM, sleep(100), exit(0)), sleepForever] },
		run: broken((kernel) => ({
			kill: (pid, signal) => (pid === MAIN_PID ? kernel.killAll(signal) : kernel.kill(pid, signal)),
		})),
	},
	asksBeforeKilling: {
		options: { main: [fork(...stubborn), sleep(10), exit(0)] },
		run: broken((kernel) => ({
			killAll: (signal) => (signal === TERM ? 0 : kernel.killAll(signal)),
		})),
	},
	leavesNobody: {
		options: { main: [fork(...stubborn), sleep(10), exit(0)] },
		run: broken((kernel) => ({
			reap() {
				const pid = kernel.reap();
				return pid === 0 ? -10 : pid;
			},
			killAll: () => -3,
		})),
	},
	makesProgress: {
		options: { main: stubborn },
		run: broken((kernel) => ({ waitSignal: () => kernel.waitSignal(-1) })),
	},
	sleepsUntilSomethingHappens: {
		run: broken((kernel) => ({
			waitSignal: (timeoutMs) => kernel.waitSignal(timeoutMs < 0 ? 1_000 : timeoutMs),
		})),
	},
	wakesWithCause: {
		options: { main: [on(TERM, sleep(500), exit(0)), sleepForever] },
		run: broken((kernel) => ({
			waitSignal: (timeoutMs) =>
				kernel.waitSignal(timeoutMs < 0 ? timeoutMs : Math.min(timeoutMs, 100)),
		})),
	},
	holdsFewDescriptors: {
		run: (kernel) => {
			for (let opened = 0; opened < 70; opened++) kernel.openProcess(1);
			return myInit(kernel, 1);
		},
	},
	keepsStdoutClean: {
		run: (kernel) => {
			kernel.write(1, "hello\n");
			return myInit(kernel, 1);
		},
	},
};

function worldFor(options: WorldOptions | undefined): World {
	const world = new World({ main: [on(TERM, exit(0)), sleepForever], ...options });
	world.at(2_000, () => world.signal(TERM));
	return world;
}

describe("the checker", () => {
	test.each(Object.entries(SABOTAGES))("finds a breach of %s", (rule, { options, run }) => {
		const world = worldFor(options);
		const violations = findViolations(world.run((kernel) => run(kernel, world)));
		expect(violations.map((violation) => violation.split(":")[0])).toContain(rule);
	});

	test.each(Object.entries(SABOTAGES))(
		"finds nothing in the world of %s without it",
		(_rule, { options }) => {
			expect(findViolations(worldFor(options).run())).toEqual([]);
		},
	);

	test("finds a kill before the budget's end, and a signal to a bystander by group", () => {
		const world = worldFor({
			main: [fork(...stubborn), ...stubborn],
			options: ["--stop-timeout=1s"],
		});
		expect(findViolations(world.run()).join("\n")).toContain("stopsInTime: it killed at");
		const elsewhere = worldFor(ELSEWHERE);
		const run = elsewhere.run((kernel) => {
			kernel.killGroup(40, KILL);
			return myInit(kernel, 1);
		});
		expect(findViolations(run).join("\n")).toContain("sparesBystanders");
	});
});
