import { describe, expect, test } from "vitest";
import { type Kernel, LEADS_GROUP } from "../../../init/src/kernel/kernel.ts";
import { type Log, openLog } from "../../../init/src/log/log.ts";
import { defaultSettings } from "../../../init/src/options/settings.ts";
import {
	askToEnd,
	killAgain,
	nameAndKill,
	nameAndKillMain,
} from "../../../init/src/pid1/end_processes.ts";
import { LastWords } from "../../../init/src/pid1/last_words.ts";
import type { State } from "../../../init/src/pid1/state.ts";
import { exec, fork, sleepForever } from "../../simulation/actor.ts";
import type { Conditions } from "../../simulation/conditions.ts";
import { ENOENT, EPERM, ESRCH } from "../../simulation/errno.ts";
import { signalsTo } from "../../simulation/observe.ts";
import { overridden } from "../../simulation/overridden.ts";
import { CONT, HUP, KILL, TERM } from "../../simulation/signal_actions.ts";
import { letPass } from "../../simulation/sleeping.ts";
import { type Run, World } from "../../simulation/world.ts";
import { stateIn } from "./state_in.ts";

/** A main child with two children, at rest; then the deed. */
function runDeed(
	conditions: Partial<Conditions>,
	changes: Partial<State>,
	deed: (kernel: Kernel, log: Log, state: State) => void,
): Run {
	const world = new World({
		main: [fork(sleepForever), fork(exec("w", sleepForever)), sleepForever],
		conditions,
	});
	return world.run((kernel) => {
		const isPid1 = conditions.isPid1 !== false;
		if (!isPid1) kernel.becomeSubreaper();
		const mainPid = kernel.spawn("/bin/app", 2, -1, "", LEADS_GROUP, false);
		letPass(world.machine, 10);
		deed(
			kernel,
			openLog(kernel, "warning"),
			stateIn("sweeping", { isPid1, mainPid, mainGroup: mainPid, ...changes }),
		);
		return 0;
	});
}

describe("askToEnd()", () => {
	test("looks no further where kill(-1) finds nobody", () => {
		const run = runDeed({}, { mainPid: 0 }, (kernel, log, state) =>
			askToEnd(overridden(kernel, { killAll: () => -ESRCH }), log, state),
		);
		expect(run.facts.some(({ type }) => type === "listed")).toBe(false);
		expect(signalsTo(run, 3)).toEqual([]);
	});

	test("goes on to the single processes where kill(-1) fails otherwise", () => {
		const run = runDeed({}, { mainPid: 0 }, (kernel, log, state) =>
			askToEnd(overridden(kernel, { killAll: () => -EPERM }), log, state),
		);
		expect(signalsTo(run, 3)).not.toEqual([]);
	});

	test("asks all at once as PID 1 without /proc, the main child too", () => {
		const run = runDeed({ proc: "none" }, {}, askToEnd);
		expect(signalsTo(run, 2)[0]).toBe(TERM);
		expect(signalsTo(run, 3)[0]).toBe(TERM);
		expect(run.stderr).toBe("");
	});

	test("asks nobody in particular without /proc, by whatever signal", () => {
		const run = runDeed({ proc: "none" }, {}, askToEnd);
		const ways = run.facts.filter((fact) => fact.type === "signalled").map(({ way }) => way);
		expect(new Set(ways)).toEqual(new Set(["killAll"]));
	});

	test("hangs up on other leaders of terminals, not on the main child", () => {
		const leads = (pid: number): string => `${pid} (sh) S 1 ${pid} ${pid} 34816 -1`;
		const run = runDeed({}, {}, (kernel, log, state) =>
			askToEnd(
				overridden(kernel, {
					readFile: (path, limit) =>
						path === "/proc/2/stat" || path === "/proc/4/stat"
							? leads(Number(path[6]))
							: kernel.readFile(path, limit),
				}),
				log,
				state,
			),
		);
		expect([2, 3, 4].map((pid) => signalsTo(run, pid))).toEqual([
			[],
			[TERM, CONT],
			[HUP, TERM, CONT],
		]);
	});

	test("asks once, not twice, as PID 1 without /proc and without a main child", () => {
		const run = runDeed({ proc: "none" }, { mainPid: 0 }, askToEnd);
		expect(signalsTo(run, 3).filter((signal) => signal === TERM)).toEqual([TERM]);
	});

	test("does not signal a process that got the pid of one that it has seen", () => {
		let looks = 0;
		const run = runDeed({ isPid1: false }, {}, (kernel, log, state) =>
			askToEnd(
				overridden(kernel, {
					readFile(path, limit) {
						const text = kernel.readFile(path, limit);
						if (path !== "/proc/43/stat" || typeof text === "number" || looks++ === 0) return text;
						// Another start time: the number just before the last 30.
						return text.replace(/ \d+((?: 1){30}\n)$/, " 999$1");
					},
				}),
				log,
				state,
			),
		);
		expect(signalsTo(run, 43)).toEqual([]);
		expect(signalsTo(run, 44)).toContain(TERM);
	});

	test("goes on to the next when one has ended since it was seen", () => {
		let looks = 0;
		const run = runDeed({ isPid1: false }, {}, (kernel, log, state) =>
			askToEnd(
				overridden(kernel, {
					readFile: (path, limit) =>
						path === "/proc/43/stat" && looks++ > 0 ? -ENOENT : kernel.readFile(path, limit),
				}),
				log,
				state,
			),
		);
		expect(signalsTo(run, 43)).toEqual([]);
		expect(signalsTo(run, 44)).toContain(TERM);
	});

	test("uses and closes a descriptor that has the number 0, as where stdin was closed", () => {
		const calls: unknown[][] = [];
		const noting =
			(name: string) =>
			(...given: unknown[]): number => {
				calls.push([name, ...given]);
				return 0;
			};
		runDeed({ isPid1: false }, {}, (kernel, log, state) =>
			askToEnd(
				overridden(kernel, {
					openProcess: (pid) => (pid === 44 ? 0 : -ESRCH),
					signalProcess: noting("signalProcess"),
					close: noting("close"),
				}),
				log,
				state,
			),
		);
		expect(calls).toEqual([
			["signalProcess", 0, TERM],
			["signalProcess", 0, CONT],
			["close", 0],
		]);
	});

	test("closes nothing where it got no descriptor", () => {
		const run = runDeed({ isPid1: false, processDescriptors: "unknown" }, {}, askToEnd);
		expect(signalsTo(run, 43)).toContain(TERM);
		expect(run.facts.filter(({ type }) => type === "closed")).toEqual([]);
	});
});

describe("nameAndKill()", () => {
	test("names each process by its command line, or by its name where that is empty", () => {
		const texts: Readonly<Record<string, string>> = {
			"/proc/2/cmdline": "app\0--serve\0",
			"/proc/2/comm": "other\n",
			"/proc/3/cmdline": "",
			"/proc/3/comm": "kworker\n",
		};
		const run = runDeed({}, {}, (kernel, log, state) => {
			const partly = overridden(kernel, {
				readFile: (path, limit) => texts[path] ?? kernel.readFile(path, limit),
			});
			nameAndKill(partly, log, state, "because", undefined);
		});
		expect(run.stderr).toBe(
			[
				"*** warning: killing PID 2 (app --serve): because",
				"*** warning: killing PID 3 (kworker): because",
				"*** warning: killing PID 4 (w): because",
				"",
			].join("\n"),
		);
	});

	test("shows no arguments where there are secrets, which may stand there", () => {
		const settings = { ...defaultSettings(), secretVariables: ["TOKEN"] };
		const run = runDeed({}, { settings }, (kernel, log, state) => {
			const partly = overridden(kernel, {
				readFile: (path, limit) =>
					path === "/proc/2/cmdline" ? "app\0--token=abc\0" : kernel.readFile(path, limit),
			});
			nameAndKill(partly, log, state, "because", undefined);
		});
		expect(run.stderr).toContain("killing PID 2 (app): because");
		expect(run.stderr).not.toContain("abc");
	});

	test("says of a process that ended between two looks that it is gone", () => {
		const run = runDeed({}, {}, (kernel, log, state) => {
			const partly = overridden(kernel, {
				readFile: (path, limit) => (path.endsWith("/stat") ? kernel.readFile(path, limit) : -ESRCH),
			});
			nameAndKill(partly, log, state, "because", undefined);
		});
		expect(run.stderr).toContain("killing PID 3 (gone meanwhile): because");
	});

	test("reads no more of a command line than it shows", () => {
		const limits: number[] = [];
		runDeed({}, {}, (kernel, log, state) => {
			const watching = overridden(kernel, {
				readFile(path, limit) {
					if (path.endsWith("/cmdline")) limits.push(limit);
					return kernel.readFile(path, limit);
				},
			});
			nameAndKill(watching, log, state, "because", undefined);
		});
		expect(limits).toEqual([256, 256, 256]);
	});

	test("says that it kills where nobody stays to be named", () => {
		const run = runDeed({}, {}, (kernel, log, state) => {
			const empty = overridden(kernel, { listProcesses: () => [] });
			nameAndKill(empty, log, state, "because", undefined);
		});
		expect(run.stderr).toBe(
			"*** warning: killing what is left (unknown: nobody stays to be named): because\n",
		);
	});

	test("names 20, and counts the others, in the last words too", () => {
		const pids = Array.from({ length: 23 }, (_, index) => index + 2);
		const run = runDeed({}, {}, (kernel, log, state) => {
			const crowded = overridden(kernel, {
				listProcesses: () => pids,
				readFile: (path) =>
					path.endsWith("/stat") ? "9 (w) S 1 7 8 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 5" : "w\0",
			});
			const words = new LastWords("/x", kernel);
			nameAndKill(crowded, log, state, "because", words);
			words.write(kernel, log, 0);
		});
		expect(run.stderr.split("\n").filter((line) => line.includes("killing PID"))).toHaveLength(20);
		expect(run.stderr).toContain("*** warning: killing 3 more: because\n");
		const file = run.facts.find((fact) => fact.type === "wrote-file");
		expect(JSON.parse(file?.bytes ?? "")).toMatchObject({ killedUnnamed: 3 });
	});

	test("kills nobody by group as PID 1", () => {
		const run = runDeed({ proc: "none" }, {}, (kernel, log, state) =>
			nameAndKill(kernel, log, state, "because", undefined),
		);
		const ways = run.facts.filter((fact) => fact.type === "signalled").map(({ way }) => way);
		expect(new Set(ways)).toEqual(new Set(["killAll"]));
	});
});

describe("nameAndKillMain()", () => {
	test.each([
		[false, "*** warning: killing PID 2 (app): still running after the last of the stop signals\n"],
		[true, ""],
	])(
		"kills it alone, names it in the last words, and says so unless that was said (%s)",
		(isSaid, said) => {
			const run = runDeed({}, {}, (kernel, log, state) => {
				const words = new LastWords("/x", kernel);
				nameAndKillMain(kernel, log, state, isSaid, words);
				words.write(kernel, log, 137);
			});
			expect(run.stderr).toBe(said);
			expect([2, 3, 4].map((pid) => signalsTo(run, pid))).toEqual([[KILL], [], []]);
			const file = run.facts.find((fact) => fact.type === "wrote-file");
			expect(JSON.parse(file?.bytes ?? "")).toMatchObject({ killed: ["PID 2 (app)"] });
		},
	);
});

describe("killAgain()", () => {
	test("says nothing, and as PID 1 does not look who is there", () => {
		const run = runDeed({}, {}, (kernel, _log, state) => killAgain(kernel, state));
		expect(run.stderr).toBe("");
		expect(run.facts.some(({ type }) => type === "listed")).toBe(false);
		expect(signalsTo(run, 2)).toEqual([KILL]);
	});

	test("elsewhere kills the descendants that it finds now", () => {
		const run = runDeed({ isPid1: false }, {}, (kernel, _log, state) => killAgain(kernel, state));
		expect([42, 43, 44].map((pid) => signalsTo(run, pid))).toEqual([[KILL], [KILL], [KILL]]);
	});

	test("elsewhere without /proc kills the main child's group, while there is a main child", () => {
		const conditions = { isPid1: false, proc: "none" } as const;
		const run = runDeed(conditions, {}, (kernel, _log, state) => killAgain(kernel, state));
		expect(signalsTo(run, 43)).toEqual([KILL]);
		const groups: number[] = [];
		runDeed(conditions, { mainPid: 0 }, (kernel, _log, state) =>
			killAgain(overridden(kernel, { killGroup: (group) => groups.push(group) }), state),
		);
		expect(groups).toEqual([]);
	});
});
