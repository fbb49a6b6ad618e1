// A checker that finds nothing proves nothing: each of its rules is broken here once, by an init or a kernel
// that does what must not be done.
import { describe, expect, test } from "vitest";
import { type Kernel, LEADS_GROUP } from "../../../init/src/kernel/kernel.ts";
import { myInit } from "../../../init/src/programs/my_init.ts";
import { type Actor, exit, fork, ignore, on, sleep, sleepForever } from "../../simulation/actor.ts";
import { type CHECKS, findViolations } from "../../simulation/checker.ts";
import type { Orders } from "../../simulation/checks/evidence.ts";
import { program } from "../../simulation/files.ts";
import { overridden } from "../../simulation/overridden.ts";
import { CONT, HUP, KILL, TERM } from "../../simulation/signal_actions.ts";
import type { StageOrders } from "../../simulation/stage_orders.ts";
import { World, type WorldOptions } from "../../simulation/world.ts";

interface Sabotage {
	readonly options?: WorldOptions;
	/** What is done beside the main command. */
	readonly stages?: StageOrders;
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

const SCRIPTS = ["/etc/my_init.d/1", "/etc/my_init.d/2"] as const;
const SERVICE = "/etc/service/web/run";
const PRE = "/etc/my_init.pre_shutdown.d/1";
const POST = "/etc/my_init.post_shutdown.d/1";

/** A world with two scripts, a service and two hooks, and what is to be changed in it. */
function staged(changed: Record<string, Actor> = {}): Pick<Sabotage, "options" | "stages"> {
	const soon: Actor = [sleep(10), exit(0)];
	const actors: Record<string, Actor> = {
		...{ [SCRIPTS[0]]: soon, [SCRIPTS[1]]: soon, [PRE]: soon, [POST]: soon },
		...{ [SERVICE]: [on(TERM, exit(0)), sleepForever], ...changed },
	};
	const files = Object.entries(actors).map(([path, actor]) => [path, program(actor)]);
	return {
		options: { files: Object.fromEntries(files) },
		stages: {
			...{ programs: Object.keys(actors), hasMain: true, wait: "term", mainShare: 2 / 3 },
			...{ continuesAfterFailure: false, startupTimeoutMs: 0 },
		},
	};
}

/** An init that does something beside when it starts what lies at the path. */
const startingBadly = (path: string, start: (kernel: Kernel, spawn: () => number) => number) =>
	broken((kernel) => ({
		spawnProgram: (words, directory, ...how) => {
			const spawn = () => kernel.spawnProgram(words, directory, ...how);
			return `${directory}${words[0]}`.endsWith(path) ? start(kernel, spawn) : spawn();
		},
		launch: (request) => {
			const launch = () => kernel.launch(request);
			return request.path.endsWith(path) ? start(kernel, launch) : launch();
		},
	}));

/** An init that does not find what lies in the folder. */
const overlooking = (folder: string) =>
	broken((kernel) => ({
		listDirectory: (path, limit) => (path === folder ? [] : kernel.listDirectory(path, limit)),
	}));

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
			poll: (descriptors, timeoutMs) => kernel.poll(descriptors, timeoutMs * 2),
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
	outstaysNobody: {
		run: (kernel) => {
			const code = myInit(kernel, 1);
			kernel.waitSignal(100);
			return code;
		},
	},
	givesTheTerminalBack: {
		options: { conditions: { isPid1: false, hasTerminal: true } },
		run: broken(() => ({ setForegroundGroup: () => 0 })),
	},
	runsOneAtATime: {
		...staged(),
		run: startingBadly("/run", (_kernel, spawn) => Math.max(spawn(), spawn())),
	},
	startsInOrder: {
		...staged(),
		run: broken((kernel) => ({
			spawnProgram: ([path = ""], ...how) =>
				kernel.spawnProgram([path === SCRIPTS[0] ? SCRIPTS[1] : path], ...how),
		})),
	},
	startsNothingAfterStop: {
		...staged(),
		run: broken((kernel) => ({
			kill: (pid, signal) => {
				kernel.spawnProgram([SCRIPTS[0]], "", -1, LEADS_GROUP, false);
				return kernel.kill(pid, signal);
			},
		})),
	},
	restartsWithBackOff: {
		...staged({ [SERVICE]: [sleep(50), exit(1)] }),
		run: broken((kernel) => ({
			waitSignal: (timeoutMs) => kernel.waitSignal(timeoutMs * 2),
			poll: (descriptors, timeoutMs) => kernel.poll(descriptors, timeoutMs * 2),
		})),
	},
	runsEveryScript: { ...staged(), run: overlooking("/etc/my_init.d") },
	runsEveryHook: { ...staged(), run: overlooking("/etc/my_init.post_shutdown.d") },
	exitsWithTheOneInChargesCode: { ...staged(), run: (kernel) => myInit(kernel, 1) + 1 },
	stopsInTimeBeside: {
		...staged({ [POST]: stubborn }),
		run: broken((kernel) => ({
			waitSignal: (timeoutMs) => kernel.waitSignal(timeoutMs * 2),
			poll: (descriptors, timeoutMs) => kernel.poll(descriptors, timeoutMs * 2),
		})),
	},
	killsNobodyEarly: {
		...staged(),
		run: startingBadly(PRE, (kernel, spawn) => {
			const pid = spawn();
			kernel.killGroup(pid, KILL);
			return pid;
		}),
	},
	asksAllBeforeKilling: {
		...staged({ [SCRIPTS[0]]: [fork(...stubborn), fork(...stubborn), exit(0)] }),
		run: broken((kernel, { machine }) => ({
			killAll: (signal) => {
				if (signal !== TERM) return kernel.killAll(signal);
				const last = machine.processes.all().at(-1)?.pid ?? 0;
				return Math.max(kernel.kill(last, signal), kernel.kill(last, CONT));
			},
		})),
	},
	tellsEachItsOwn: {
		...staged(),
		run: startingBadly("/run", (kernel, spawn) => {
			const pid = spawn();
			kernel.kill(pid, HUP);
			return pid;
		}),
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

const ordersOf = (stages: StageOrders | undefined): Partial<Orders> =>
	stages === undefined ? {} : { stages };

describe("the checker", () => {
	test.each(Object.entries(SABOTAGES))("finds a breach of %s", (rule, { options, stages, run }) => {
		const world = worldFor(options);
		const violations = findViolations(
			world.run((kernel) => run(kernel, world)),
			ordersOf(stages),
		);
		expect(violations.map((violation) => violation.split(":")[0])).toContain(rule);
	});

	test.each(Object.entries(SABOTAGES))(
		"finds nothing in the world of %s without it",
		(_rule, { options, stages }) => {
			expect(findViolations(worldFor(options).run(), ordersOf(stages))).toEqual([]);
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
