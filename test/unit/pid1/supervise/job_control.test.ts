import { describe, expect, test } from "vitest";
import {
	exit,
	fork,
	ignore,
	on,
	raise,
	say,
	sleep,
	sleepForever,
} from "../../../simulation/actor.ts";
import { said, signalsTo } from "../../../simulation/observe.ts";
import type { Terminal } from "../../../simulation/process.ts";
import {
	CONT,
	HUP,
	INT,
	KILL,
	STOP,
	TERM,
	TSTP,
	TTIN,
	TTOU,
	WINCH,
} from "../../../simulation/signal_actions.ts";
import type { World } from "../../../simulation/world.ts";
import { type JudgedOptions, runJudged } from "../../judged.ts";
import { MAIN_PID } from "../state_in.ts";

const TERMINAL = { hasTerminal: true } as const;
const foreground = (world: World): number | undefined =>
	world.machine.init.terminal?.foregroundGroup;

describe("a terminal of PID 1 (docker run -it)", () => {
	test("has the main child's group in its foreground, so that Ctrl-C and sizes reach it alone", () => {
		const run = runJudged({
			conditions: TERMINAL,
			main: [on(WINCH, say("size")), on(INT, say("key"), exit(130)), sleepForever],
			arrange: (world) => {
				world.at(10, () => world.press(WINCH));
				world.at(20, () => world.press(INT));
			},
		});
		expect(said(run)).toEqual(["size", "key"]);
		expect(run.facts.filter((fact) => fact.type === "signalled")).toEqual([]);
		expect(run.exitCode).toBe(130);
	});

	test.each([TSTP, TTIN, TTOU])("does not leave the main child stopped by signal %i", (signal) => {
		const groups: (number | undefined)[] = [];
		const run = runJudged({
			conditions: TERMINAL,
			main: [sleep(20), raise(signal), say("went on"), sleep(20), exit(0)],
			arrange: (world) => world.at(30, () => groups.push(foreground(world))),
		});
		expect(said(run)).toEqual(["went on"]);
		expect(groups).toEqual([MAIN_PID]);
	});

	test("gives the foreground back to the main child that lost it by reading from behind", () => {
		const groups: (number | undefined)[] = [];
		runJudged({
			conditions: TERMINAL,
			main: [sleep(20), raise(TTIN), sleep(20), exit(0)],
			arrange: (world) => {
				world.at(10, () => {
					const { terminal } = world.machine.init;
					if (terminal !== undefined) terminal.foregroundGroup = 1;
				});
				world.at(30, () => groups.push(foreground(world)));
			},
		});
		expect(groups).toEqual([MAIN_PID]);
	});

	test("leaves the main child stopped when docker kill -s TSTP asked for it, until CONT", () => {
		const run = runJudged({
			conditions: TERMINAL,
			main: [sleep(100), say("went on"), exit(0)],
			arrange: (world) => {
				world.at(10, () => world.signal(TSTP));
				world.at(500, () => world.signal(CONT));
			},
		});
		expect(signalsTo(run, MAIN_PID)).toEqual([TSTP, CONT]);
		expect(run.endedAtMs).toBe(500);
	});

	test("is ours again when the main child has ended: Ctrl-C then hurries the stop", () => {
		const run = runJudged({
			conditions: TERMINAL,
			main: [fork(on(TERM, sleep(8_000), exit(0)), sleepForever), sleep(10), exit(0)],
			arrange: (world) => {
				world.at(100, () => world.press(INT));
				world.at(200, () => world.press(INT));
			},
		});
		expect(run.endedAtMs).toBe(2_200);
	});
});

describe("a stop of a main child on a terminal", () => {
	/** Ends by HUP alone. */
	const SHELL = [ignore(TERM), sleepForever];
	const signals = (options: JudgedOptions): number[] =>
		signalsTo(
			runJudged({
				conditions: TERMINAL,
				...options,
				arrange: (world) => {
					options.arrange?.(world);
					world.at(10, () => world.signal(TERM));
				},
			}),
			MAIN_PID,
		);
	const setTerminal =
		(changes: Partial<Terminal>) =>
		(world: World): void => {
			world.at(5, () => Object.assign(world.machine.init.terminal ?? {}, changes));
		};

	test("hangs up on a shell that edits its line", () => {
		const main = [on(TERM), sleepForever];
		expect(signals({ main, arrange: setTerminal({ readsKeys: true }) })).toEqual([TERM, HUP]);
	});

	test("hangs up on a shell that has put a job into the foreground", () => {
		const main = [on(TERM), sleepForever];
		expect(signals({ main, arrange: setTerminal({ foregroundGroup: 77 }) })).toEqual([TERM, HUP]);
	});

	test("hangs up on a shell that ignores TERM, and continues a stopped one", () => {
		expect(signals({ main: SHELL })).toEqual([TERM, HUP]);
		const main = [ignore(TERM), raise(STOP), sleepForever];
		expect(signals({ main })).toEqual([TERM, HUP, CONT]);
	});

	test("hangs up again when it is asked to stop again", () => {
		const main = [ignore(TERM), on(HUP), sleepForever];
		const arrange = (world: World): void => {
			world.at(500, () => world.signal(TERM));
		};
		expect(signals({ main, arrange }).slice(0, 4)).toEqual([TERM, HUP, TERM, HUP]);
	});

	test("takes nobody for one who ignores TERM because he ignores many others", () => {
		const others = [...Array.from({ length: 14 }, (_, index) => index + 1), 64];
		const ignored = others.filter((other) => other !== KILL).map(ignore);
		expect(signals({ main: [...ignored, on(TERM, exit(0)), sleepForever] })).toEqual([TERM]);
	});

	test("spares whoever only writes to it: HUP could end it in the middle of its work", () => {
		const main = [on(TERM, sleep(3_000), exit(0)), sleepForever];
		expect(signals({ main })).toEqual([TERM]);
	});

	test("spares the main child while the foreground is ours, or nobody's", () => {
		const main = [on(TERM, exit(0)), sleepForever];
		for (const foregroundGroup of [1, 0]) {
			expect(signals({ main, arrange: setTerminal({ foregroundGroup }) })).toEqual([TERM]);
		}
	});

	test("spares one of which /proc says nothing", () => {
		const conditions = { ...TERMINAL, proc: "none" } as const;
		expect(signals({ conditions, main: SHELL })[1]).not.toBe(HUP);
	});
});

describe("a main child without a terminal", () => {
	test("is not hung up on, whatever it ignores", () => {
		const run = runJudged({
			main: [ignore(TERM), sleepForever],
			arrange: (world) => world.at(10, () => world.signal(TERM)),
		});
		expect(signalsTo(run, MAIN_PID)).not.toContain(HUP);
	});

	test("stays stopped until somebody continues it", () => {
		const run = runJudged({
			main: [sleep(10), raise(STOP), say("went on"), exit(0)],
			arrange: (world) => world.at(700, () => world.signal(CONT)),
		});
		expect(run.endedAtMs).toBe(700);
		expect(signalsTo(run, MAIN_PID)).toEqual([CONT]);
	});

	test("is resumed by its group during a stop", () => {
		const run = runJudged({
			main: [
				fork(raise(STOP), say("child went on"), exit(0)),
				on(TERM, raise(STOP), sleep(10), exit(0)),
				sleepForever,
			],
			arrange: (world) => world.at(100, () => world.signal(TERM)),
		});
		expect(said(run)).toEqual(["child went on"]);
	});
});

describe("a terminal that a shell has lent us", () => {
	const SHELL = { hasTerminal: true, isPid1: false } as const;
	const initPid = 41;
	const mainPid = 42;

	/** What a shell does at `fg`. */
	const bringBack = ({ machine }: World): void => {
		if (machine.init.terminal !== undefined) {
			machine.init.terminal.foregroundGroup = machine.init.group;
		}
		machine.send(machine.init, CONT, 0);
	};

	test("shows Ctrl-Z to the shell: the init stops too, and at fg both go on", () => {
		const states: string[] = [];
		const groups: (number | undefined)[] = [];
		const run = runJudged({
			conditions: SHELL,
			main: [sleep(100), say("went on"), sleep(1_000), exit(0)],
			arrange: (world) => {
				world.at(10, () => world.press(TSTP));
				world.at(300, () => states.push(world.machine.init.state));
				world.at(500, () => bringBack(world));
				world.at(600, () => groups.push(foreground(world)));
			},
		});
		expect(states).toEqual(["stopped"]);
		expect(groups).toEqual([mainPid]);
		expect(said(run)).toEqual(["went on"]);
		expect(run.exitCode).toBe(0);
	});

	test("is not taken when the shell continues us in the background (bg)", () => {
		const groups: (number | undefined)[] = [];
		const run = runJudged({
			conditions: SHELL,
			main: [sleep(100), sleep(1_000), exit(0)],
			arrange: (world) => {
				world.at(10, () => world.press(TSTP));
				world.at(400, () => {
					if (world.machine.init.terminal !== undefined) {
						world.machine.init.terminal.foregroundGroup = 40;
					}
				});
				world.at(500, () => world.machine.send(world.machine.init, CONT, 0));
				world.at(600, () => groups.push(foreground(world)));
			},
		});
		expect(groups).toEqual([40]);
		expect(run.exitCode).toBe(0);
	});

	test.each([
		["a job of the main child, which is a shell then", 43, [TERM, HUP]],
		["the shell before us, after bg", 40, [TERM]],
		["a group that is gone", 77, [TERM]],
	])("at a stop, with %s in its foreground", (_what, foregroundGroup, expected) => {
		const run = runJudged({
			conditions: SHELL,
			main: [fork(sleepForever), on(TERM), on(HUP, exit(1)), sleep(2_000), exit(0)],
			arrange: (world) => {
				world.at(5, () => Object.assign(world.machine.init.terminal ?? {}, { foregroundGroup }));
				world.at(10, () => world.signal(TERM));
			},
		});
		expect(signalsTo(run, mainPid)).toEqual(expected);
	});

	test.each([
		["with others left", [fork(on(TERM, sleep(50), exit(0)), sleepForever), sleep(10), exit(0)]],
		["with nobody left", [sleep(10), exit(0)]],
	])("is returned at the end %s", (_what, main) => {
		const run = runJudged({ conditions: SHELL, main });
		expect(run.machine.init.terminal?.foregroundGroup).toBe(initPid);
	});

	test("stays with the shell that has put us in the background before the end", () => {
		const run = runJudged({
			conditions: SHELL,
			main: [fork(on(TERM, sleep(50), exit(0)), sleepForever), sleep(100), exit(0)],
			arrange: (world) => {
				world.at(50, () => {
					if (world.machine.init.terminal !== undefined) {
						world.machine.init.terminal.foregroundGroup = 40;
					}
				});
			},
		});
		expect(run.machine.init.terminal?.foregroundGroup).toBe(40);
	});

	test("is left alone when we were started in the background", () => {
		const groups: (number | undefined)[] = [];
		runJudged({
			conditions: SHELL,
			main: [sleep(100), exit(0)],
			arrange: (world) => {
				const { terminal } = world.machine.init;
				if (terminal !== undefined) terminal.foregroundGroup = 40;
				world.at(50, () => groups.push(foreground(world)));
			},
		});
		expect(groups).toEqual([40]);
	});
});
