import { describe, expect, test } from "vitest";
import { runProgram } from "../../../init/src/main.ts";
import { exit, fork, on, say, sleep, sleepForever } from "../../simulation/actor.ts";
import { EPERM } from "../../simulation/errno.ts";
import { program } from "../../simulation/files.ts";
import { said, signalsTo } from "../../simulation/observe.ts";
import { overridden } from "../../simulation/overridden.ts";
import { CONT, HUP, INT, KILL, SEGV, TERM, TTOU, USR1 } from "../../simulation/signal_actions.ts";
import { INIT_PATH, type Run, World, type WorldOptions } from "../../simulation/world.ts";

const MAIN = 2;
const ELSEWHERE = { conditions: { isPid1: false } } as const;

function world(given: string[], options: WorldOptions = {}): World {
	return new World({ name: "/usr/bin/tini", arguments: given, main: [exit(5)], ...options });
}

function run(given: string[], options: WorldOptions = {}): Run {
	return world(given, options).run();
}

describe("tini", () => {
	test.each(["tini", "tini-static", "docker-init", "init", "/sbin/docker-init"])(
		"is what %s means",
		(name) => {
			expect(run(["--version"], { name }).stdout).toMatch(/^tini version \S+\n$/);
		},
	);

	test("starts the command and ends with its code, without a word", () => {
		expect(run(["--", "app"])).toMatchObject({ exitCode: 5, stdout: "", stderr: "" });
		expect(run(["app"])).toMatchObject({ exitCode: 5 });
	});

	test("ends with the main child, whoever is left", () => {
		const result = run(["app"], { main: [fork(sleepForever), sleep(10), exit(0)] });
		expect(result).toMatchObject({ exitCode: 0, endedAtMs: 10 });
		expect(signalsTo(result, 3)).toEqual([]);
	});

	test("forwards every signal, TERM again and again, and never kills", () => {
		const main = [on(TERM, say("asked")), sleepForever];
		const started = world(["app"], { main });
		for (let second = 1; second <= 20; second++) {
			started.at(second * 1_000, () => started.signal(TERM));
		}
		started.at(30_000, () => started.signal(KILL));
		const result = started.run();
		expect(said(result)).toHaveLength(20);
		expect(signalsTo(result, MAIN)).not.toContain(KILL);
	});

	test("keeps to itself what its own faults would raise, and the terminal's for the background", () => {
		const started = world(["app"], { main: [sleepForever] });
		started.at(10, () => {
			for (const signal of [SEGV, TTOU, USR1]) started.signal(signal);
		});
		started.at(20, () => started.signal(CONT));
		expect(signalsTo(started.run(), MAIN)).toEqual([USR1]);
	});

	test.each([
		[[], "a command is missing"],
		[["--"], "a command is missing"],
		[["-z"], "unknown option -z"],
		[["-p", "FOO", "app"], '-p: "FOO" is no signal such as SIGTERM'],
		[["-e", "300", "app"], '-e: "300" is no exit code from 0 to 255'],
		[["-e", "-1", "app"], '-e: "-1" is no exit code from 0 to 255'],
		[["-e"], "-e needs a value"],
	])("refuses %o with 1, on stderr", (given, text) => {
		const { exitCode, stdout, stderr } = run(given);
		expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
		expect(stderr).toContain(`*** error: ${text}\nusage: tini `);
	});

	test.each([
		["-h", /^usage: tini /],
		["-l", /MIT License/],
	])("answers %s on stdout", (option, text) => {
		const { exitCode, stdout, stderr } = run([option, "--", "app"]);
		expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
		expect(stdout).toMatch(text);
	});

	test("answers --version where it is the only argument, as Docker asks for it", () => {
		const { exitCode, stdout, stderr } = run(["--version"]);
		expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
		expect(stdout).toMatch(/^tini version \d/);
		expect(run(["--version", "--", "app"])).toMatchObject({ exitCode: 1, stdout: "" });
	});

	test.each([
		[["missing"], 127],
		[["/etc"], 127],
	])("ends with the shell's code for %o", (given, code) => {
		expect(run(given).exitCode).toBe(code);
	});

	test("-e makes an exit code 0, as often as it is given", () => {
		for (const [code, expected] of [
			[5, 0],
			[143, 0],
			[6, 6],
		] as const) {
			const main = [exit(code)];
			expect(run(["-e", "5", "-e143", "--", "app"], { main }).exitCode).toBe(expected);
		}
	});

	test("-g and TINI_KILL_PROCESS_GROUP send signals to the whole group", () => {
		const main = [
			fork(on(HUP, say("child heard")), sleep(50)),
			on(HUP, say("main heard")),
			sleep(99),
		];
		for (const [given, environment] of [
			[["-g", "app"], {}],
			[["app"], { TINI_KILL_PROCESS_GROUP: "" }],
		] as const) {
			const started = world([...given], { main, environment });
			started.at(10, () => started.signal(HUP));
			expect(said(started.run()).toSorted()).toEqual(["child heard", "main heard"]);
		}
	});

	test("-s and TINI_SUBREAPER adopt orphans elsewhere than at PID 1; without them it is said", () => {
		for (const [given, environment] of [
			[["-s", "app"], {}],
			[["app"], { TINI_SUBREAPER: "" }],
		] as const) {
			const started = world([...given], { ...ELSEWHERE, environment });
			expect(started.run().stderr).toBe("");
			expect(started.machine.init.isSubreaper).toBe(true);
		}
		const plain = world(["app"], ELSEWHERE);
		expect(plain.run().stderr).toMatch(
			/^\*\*\* warning: not PID 1, and not asked to adopt orphans/,
		);
		expect(plain.machine.init.isSubreaper).toBe(false);
	});

	test("-p asks for a signal when the parent dies", () => {
		const started = world(["-p", "SIGHUP", "app"]);
		started.run();
		expect(started.machine.init.parentDeathSignal).toBe(HUP);
	});

	test.each([
		[["-v", "app"], {}],
		[["app"], { TINI_VERBOSITY: "2" }],
		[["-vvgs", "app"], {}],
	])("says more with %o and %o", (given, environment) => {
		expect(run(given, { environment }).stderr).toContain("*** started PID 2\n");
	});

	test("says nothing but errors with TINI_VERBOSITY=0", () => {
		expect(run(["app"], { ...ELSEWHERE, environment: { TINI_VERBOSITY: "0" } }).stderr).toBe("");
	});

	test("-w names each orphan that it reaps", () => {
		const main = [fork(fork(sleep(10), exit(0)), exit(0)), sleep(50), exit(0)];
		expect(run(["-w", "app"], { main }).stderr).toMatch(
			/^(\*\*\* warning: reaped PID \d+, an orphan\n)+$/,
		);
		expect(run(["app"], { main }).stderr).toBe("");
	});

	test("waits for all when a variable says so, within a budget", () => {
		const main = [
			fork(on(TERM, sleep(30), say("flushed"), exit(0)), sleepForever),
			sleep(10),
			exit(0),
		];
		const result = run(["app"], { main, environment: { INIT_WAIT: "term" } });
		expect(said(result)).toEqual(["flushed"]);
		expect(result.endedAtMs).toBe(40);
	});

	test("starts itself, too, where that is its command: each keeps its own options", () => {
		const self = program([exit(7)]);
		const files = { [INIT_PATH]: self, "/bin/my_init": self };
		const result = run(["-e", "7", "--", "my_init", "--version"], { files });
		expect(result).toMatchObject({ exitCode: 0, stdout: "" });
	});

	test("lets an option win over its variable, and adds nothing to what the variable leaves alone", () => {
		const environment = {
			INIT_SIGNAL_SCOPE: "child",
			INIT_EXIT_REMAP: "5:7,6:8",
			INIT_LOG_LEVEL: "error",
		};
		const result = run(["-g", "-e", "5", "-vvv", "app"], { environment });
		expect(result.exitCode).toBe(0);
		expect(result.stderr).toContain("*** started PID 2\n");
		expect(run(["app"], { environment, main: [exit(6)] })).toMatchObject({
			exitCode: 8,
			stderr: "",
		});
		const grouped = world(["-g", "app"], { environment, main: [sleepForever] });
		grouped.at(10, () => grouped.signal(HUP));
		const ways = grouped.run().facts.filter((fact) => fact.type === "signalled");
		expect(ways.map(({ way }) => way)).toEqual(["killGroup"]);
	});

	test("keeps its own signals to itself when others are rewritten", () => {
		const environment = { INIT_REWRITE: "HUP:USR1,TTOU:USR1" };
		const started = world(["app"], { environment, main: [on(USR1), sleepForever] });
		started.at(10, () => started.signal(HUP));
		started.at(20, () => started.signal(SEGV));
		started.at(30, () => started.signal(TTOU));
		expect(signalsTo(started.run(), MAIN)).toEqual([USR1, USR1]);
	});

	test("asks for nobody else at the main child's end", () => {
		const result = run(["app"], { main: [fork(sleepForever), sleep(10), exit(0)] });
		const others = run(["app"]);
		for (const { facts } of [result, others]) {
			expect(facts.some(({ type }) => type === "kill-all" || type === "listed")).toBe(false);
		}
	});

	test("says that -p could not be kept, and starts the command all the same", () => {
		const started = world(["-p", "HUP", "app"]);
		const refusing = overridden(started.kernel, { setParentDeathSignal: () => -EPERM });
		expect(started.run(() => runProgram(refusing))).toMatchObject({
			exitCode: 5,
			stderr: "*** warning: -p cannot be kept: prctl: not permitted (EPERM)\n",
		});
	});

	test("takes INT for a signal like any other", () => {
		const started = world(["app"], { main: [on(INT, exit(3)), sleepForever] });
		started.at(10, () => started.signal(INT));
		expect(started.run()).toMatchObject({ exitCode: 3, endedAtMs: 10 });
	});
});

test.each([
	["", 0, 0],
	["", 3, 3],
	[" 3", 3, 0],
	["+3", 3, 0],
])("-e %j reads its number as tini does: %i becomes %i", (given, code, expected) => {
	const { exitCode } = run(["-e", given, "app"], { main: [exit(code)] });
	expect(exitCode).toBe(expected);
});
