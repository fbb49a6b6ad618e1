import { describe, expect, test } from "vitest";
import type { Kernel } from "../../../init/src/kernel/kernel.ts";
import { myInit } from "../../../init/src/programs/my_init.ts";
import {
	type Actor,
	exit,
	fork,
	ignore,
	install,
	on,
	raise,
	say,
	sleep,
	sleepForever,
} from "../../simulation/actor.ts";
import { ENOENT } from "../../simulation/errno.ts";
import {
	directory,
	plainFile,
	program,
	type SimulatedFile,
	unstartable,
} from "../../simulation/files.ts";
import { said, sentSignals, signalsTo } from "../../simulation/observe.ts";
import { overridden } from "../../simulation/overridden.ts";
import { HUP, INT, KILL, TERM, TSTP } from "../../simulation/signal_actions.ts";
import { type Run, World, type WorldOptions } from "../../simulation/world.ts";

type Files = Record<string, SimulatedFile>;

function world(files: Files, options: WorldOptions = {}): World {
	return new World({ main: [say("main"), exit(3)], ...options, files });
}

function run(files: Files, options: WorldOptions = {}): Run {
	return world(files, options).run();
}

const script = (...actor: Actor): SimulatedFile => program(actor);
const SERVICE = "/etc/service/web/run";
const PRE = "/etc/my_init.pre_shutdown.d/1";
const POST = "/etc/my_init.post_shutdown.d/1";

function depthOfCalls(): number {
	const limit = Error.stackTraceLimit;
	Error.stackTraceLimit = Number.POSITIVE_INFINITY;
	const { stack = "" } = new Error();
	Error.stackTraceLimit = limit;
	return stack.split("\n").length;
}

/** A server that ends in order. */
const server = (name: string): Actor => [on(TERM, say(`${name} ends`), exit(0)), sleepForever];

describe("what comes later", () => {
	const hooks = { [PRE]: [say("pre")], [POST]: [say("post")] };
	const installs = (files: Record<string, Actor>): Actor =>
		Object.entries(files).map(([path, actor]) => install(path, ...actor));

	test("is found after the scripts that have made it", () => {
		const files = { [SERVICE]: [say("web"), ...server("web")], ...hooks };
		const result = run({ "/etc/my_init.d/1": script(...installs(files)) });
		expect(said(result)).toEqual(["web", "main", "pre", "web ends", "post"]);
		expect(result.exitCode).toBe(3);
	});

	test.each([true, false])(
		"into the folder of services while the main command runs is a service (scripts: %s)",
		(hasScripts) => {
			const comes = installs({ [SERVICE]: [say("web"), ...server("web")] });
			const result = run(
				{
					"/etc/service": directory(),
					...(hasScripts && { "/etc/my_init.d/1": script(exit(0)) }),
				},
				{ main: [say("main"), sleep(100), ...comes, sleep(1_000), exit(3)] },
			);
			expect(said(result)).toEqual(["main", "web", "web ends"]);
			expect(result.exitCode).toBe(3);
			expect(result.endedAtMs).toBe(1_100);
		},
	);

	test("into the folder of services during a stop is none", () => {
		const comes = installs({ [SERVICE]: [say("web"), ...server("web")] });
		const stopping = world(
			{ "/etc/service": directory() },
			{ main: [on(TERM, ...comes, sleep(100), exit(3)), sleepForever] },
		);
		stopping.at(50, () => stopping.signal(TERM));
		expect(said(stopping.run())).toEqual([]);
	});

	test("does not matter where nothing does: an empty folder changes nothing of a run", () => {
		const empty = run({ "/etc/service": directory() });
		const plain = run({});
		const seen = ({ exitCode, endedAtMs, stderr }: Run): object => ({
			exitCode,
			endedAtMs,
			stderr,
		});
		expect(seen(empty)).toEqual(seen(plain));
		expect(said(empty)).toEqual(said(plain));
	});

	test("is not looked for where services are left out", () => {
		const comes = installs({ [SERVICE]: [say("web"), sleepForever] });
		const result = run(
			{ "/etc/service": directory() },
			{ options: ["--skip-runit"], main: [...comes, sleep(100), exit(3)] },
		);
		expect(said(result)).toEqual([]);
	});
});

describe("start-up", () => {
	test("scripts one after the other in byte order, rc.local, services, and then the main command", () => {
		const result = run({
			"/etc/my_init.d/10": script(sleep(10), say("10"), exit(0)),
			"/etc/my_init.d/2": script(sleep(5), say("2"), exit(0)),
			"/etc/my_init.d/B": script(say("B"), exit(0)),
			"/etc/my_init.d/a": script(say("a"), exit(0)),
			"/etc/my_init.d/not-executable": plainFile(),
			"/etc/rc.local": script(say("rc.local"), exit(0)),
			[SERVICE]: script(say("web"), sleepForever),
		});
		expect(said(result)).toEqual(["10", "2", "B", "a", "rc.local", "web", "main"]);
		expect(result.exitCode).toBe(3);
	});

	test("is told in Phusion's words", () => {
		const { stderr } = run({
			"/etc/my_init.d/1": script(exit(0)),
			[SERVICE]: script(...server("web")),
		});
		expect(stderr.split("\n")).toEqual([
			"*** Running /etc/my_init.d/1...",
			"*** Running app...",
			"*** app exited with status 3.",
			"*** Shutting down web (PID 3)...",
			"*** Killing all processes...",
			"",
		]);
	});

	test("--quiet leaves warnings and errors; without anything of this nothing is said", () => {
		const files = { "/etc/my_init.d/1": script(exit(0)) };
		expect(run(files, { options: ["--quiet"] }).stderr).toBe("");
		expect(run({}).stderr).toBe("");
	});

	test("a failing script stops the container in order, with its code", () => {
		const result = run({
			"/etc/my_init.d/1": script(fork(...server("daemon")), exit(9)),
			"/etc/my_init.d/2": script(say("never"), exit(0)),
			[SERVICE]: script(say("never")),
			[PRE]: script(say("pre"), exit(0)),
			[POST]: script(say("post"), exit(0)),
		});
		expect(said(result)).toEqual(["pre", "post", "daemon ends"]);
		expect(result.exitCode).toBe(9);
		expect(result.stderr).toContain("*** error: /etc/my_init.d/1 failed with status 9\n");
	});

	test.each([
		[script(raise(TERM)), 143, "failed with status 143"],
		[
			unstartable(-ENOENT),
			127,
			'*** error: cannot start "/etc/my_init.d/1": the interpreter in its #! line',
		],
	])(
		"one that a signal ends, or that cannot be started, fails as well (%#)",
		(file, code, text) => {
			const result = run({ "/etc/my_init.d/1": file });
			expect(said(result)).toEqual([]);
			expect(result.exitCode).toBe(code);
			expect(result.stderr).toContain(text);
		},
	);

	test("--on-startup-failure=continue goes on", () => {
		const result = run(
			{ "/etc/my_init.d/1": script(exit(9)), "/etc/my_init.d/2": script(say("2"), exit(0)) },
			{ options: ["--on-startup-failure", "continue"] },
		);
		expect(said(result)).toEqual(["2", "main"]);
		expect(result.exitCode).toBe(3);
	});

	test("any number of scripts that cannot be started: none is started from within the last one", () => {
		const paths = Array.from({ length: 50 }, (_, index) => `/etc/my_init.d/${index}`);
		const started = world(Object.fromEntries(paths.map((path) => [path, unstartable(-ENOENT)])), {
			options: ["--on-startup-failure", "continue"],
		});
		const depths = new Set<number>();
		const result = started.run((kernel) => {
			const spawnProgram: Kernel["spawnProgram"] = (...how) => {
				depths.add(depthOfCalls());
				return kernel.spawnProgram(...how);
			};
			return myInit(overridden(kernel, { spawnProgram }), 1);
		});
		expect(said(result)).toEqual(["main"]);
		// From the loop's first actions, and from those that follow.
		expect(depths.size).toBe(1);
	});

	test("a script that takes long is named once, and killed at the end of its time", () => {
		const files = { "/etc/my_init.d/1": script(sleepForever) };
		const result = run(files, { options: ["--startup-timeout", "15s"] });
		const written = result.facts.filter(({ type }) => type === "wrote");
		expect(written.slice(0, 3).map(({ atMs }) => atMs)).toEqual([0, 10_000, 15_000]);
		expect(result).toMatchObject({ exitCode: 137, endedAtMs: 15_000 });
		expect(result.stderr.split("\n")).toEqual([
			"*** Running /etc/my_init.d/1...",
			"*** warning: still waiting for /etc/my_init.d/1 (PID 2) after 10 s",
			"*** warning: /etc/my_init.d/1 (PID 2) has not ended within 15 s. Forcing it to exit.",
			"*** error: /etc/my_init.d/1 failed with status 137",
			"*** Killing all processes...",
			"",
		]);
	});

	test("a stop meanwhile ends the script, starts nothing more, and runs the hooks", () => {
		const started = world({
			"/etc/my_init.d/1": script(on(TERM, say("script ends"), exit(4)), sleepForever),
			"/etc/my_init.d/2": script(say("never")),
			[SERVICE]: script(say("never")),
			[POST]: script(say("post"), exit(0)),
		});
		started.at(50, () => started.signal(HUP));
		started.at(100, () => started.signal(TERM));
		const result = started.run();
		expect(said(result)).toEqual(["script ends", "post"]);
		expect(signalsTo(result, 2)).toEqual([TERM]);
		expect(result).toMatchObject({ exitCode: 4, endedAtMs: 100 });
		expect(result.stderr).toContain("*** Shutting down /etc/my_init.d/1 (PID 2)...\n");
	});

	test("a main command that is not there is known after the scripts, and stops the container in order", () => {
		const result = run(
			{
				"/etc/my_init.d/1": script(say("1"), fork(...server("daemon")), exit(0)),
				[SERVICE]: script(...server("web")),
			},
			{ arguments: ["--", "no-such-command"] },
		);
		expect(said(result)).toEqual(["1", "web ends", "daemon ends"]);
		expect(result.exitCode).toBe(127);
		expect(result.stderr).toContain(
			'*** error: cannot start "no-such-command": not found in PATH\n',
		);
	});

	test("--skip-startup-files and --skip-runit leave out what they name", () => {
		const files = {
			"/etc/my_init.d/1": script(say("1"), exit(0)),
			"/etc/rc.local": script(say("rc.local"), exit(0)),
			[SERVICE]: script(say("web"), sleepForever),
			[PRE]: script(say("pre"), exit(0)),
		};
		expect(said(run(files, { options: ["--skip-startup-files"] }))).toEqual(["web", "main", "pre"]);
		expect(said(run(files, { options: ["--skip-runit"] }))).toEqual(["1", "rc.local", "main"]);
	});

	test("ENV_INIT_DIRECTORY names another folder", () => {
		const files = { "/opt/start/1": script(say("1"), exit(0)) };
		const environment = { ENV_INIT_DIRECTORY: "/opt/start" };
		expect(said(run(files, { environment }))).toEqual(["1", "main"]);
	});

	test("--enable-insecure-key runs the image's program for it, or says that there is none", () => {
		const options = ["--enable-insecure-key"];
		const files = { "/usr/sbin/enable_insecure_key": script(say("key"), exit(0)) };
		expect(said(run(files, { options }))).toEqual(["key", "main"]);
		expect(run({}, { options }).stderr).toContain("*** warning: no key is made: ");
	});
});

describe("services", () => {
	test("run in their folders, and not where there is a file `down` or no `run`", () => {
		const result = run({
			[SERVICE]: script(say("web"), sleepForever),
			"/etc/service/sshd/run": script(say("sshd"), sleepForever),
			"/etc/service/sshd/down": plainFile(""),
			"/etc/service/.hidden/run": script(say("hidden"), sleepForever),
			"/etc/service/empty/notes": plainFile(""),
		});
		expect(said(result)).toEqual(["web", "main"]);
		const executed = result.facts.filter((fact) => fact.type === "executed");
		expect(executed[0]?.commandLine).toEqual(["./run"]);
	});

	test("are started again, ever later, and at once after they have run for a while", () => {
		const started = world({ [SERVICE]: script(say("web"), exit(1)) }, { main: [sleepForever] });
		started.at(1_600, () => started.signal(TERM));
		const result = started.run();
		const starts = result.facts.filter((fact) => fact.type === "said").map(({ atMs }) => atMs);
		expect(starts).toEqual([0, 0, 100, 300, 700, 1_500]);
	});

	test("without a main command they are what the container is for", () => {
		const started = world({ [SERVICE]: script(...server("web")) }, { main: null });
		started.at(500, () => started.signal(TERM));
		const result = started.run();
		expect(said(result)).toEqual(["web ends"]);
		expect(result).toMatchObject({ exitCode: 0, endedAtMs: 500 });
	});

	test("are asked to end at once, all of them, once the main child has ended", () => {
		const slow = (name: string): Actor => [on(TERM, sleep(100), say(name), exit(0)), sleepForever];
		const started = world(
			{ "/etc/service/a/run": script(...slow("a")), "/etc/service/b/run": script(...slow("b")) },
			{ main: [on(TERM, sleep(200), say("main"), exit(5)), sleepForever] },
		);
		started.at(100, () => started.signal(TERM));
		const result = started.run();
		expect(said(result)).toEqual(["main", "a", "b"]);
		expect(result).toMatchObject({ exitCode: 5, endedAtMs: 400 });
	});

	test("one that does not obey is killed with its group, within the budget", () => {
		const started = world(
			{
				[SERVICE]: script(fork(ignore(TERM), sleepForever), ignore(TERM), sleepForever),
				[POST]: script(say("post"), exit(0)),
			},
			{ main: [on(TERM, exit(5)), sleepForever] },
		);
		started.at(1_000, () => started.signal(TERM));
		const result = started.run();
		expect(result).toMatchObject({ exitCode: 5, endedAtMs: 9_000 });
		expect(said(result)).toEqual(["post"]);
		expect(result.stderr).toContain(
			"*** warning: web (PID 2) did not shut down in time. Forcing it to exit.\n",
		);
		expect(
			sentSignals(result)
				.filter(({ signal }) => signal === KILL)
				.map(({ atMs }) => atMs),
		).toEqual([9_000, 9_000]);
	});
});

describe("a stop", () => {
	const hooks = { [PRE]: script(say("pre"), exit(0)), [POST]: script(say("post"), exit(0)) };

	test("main child, hooks, services, hooks, all others; the exit code is the main child's", () => {
		const result = run({
			...hooks,
			"/etc/my_init.d/1": script(fork(...server("daemon")), exit(0)),
			[SERVICE]: script(...server("web")),
		});
		expect(said(result)).toEqual(["main", "pre", "web ends", "post", "daemon ends"]);
		expect(result.exitCode).toBe(3);
		expect(result.stderr).not.toContain("failed");
	});

	test("a failing hook is named, skips nothing, and hides no exit code", () => {
		const result = run({
			[PRE]: script(exit(1)),
			"/etc/my_init.pre_shutdown.d/2": unstartable(-ENOENT),
			"/etc/my_init.pre_shutdown.d/3": script(say("third"), exit(0)),
			[POST]: script(raise(KILL)),
		});
		expect(said(result)).toEqual(["main", "third"]);
		expect(result.exitCode).toBe(3);
		expect(result.stderr).toContain(`*** warning: ${PRE} failed with status 1\n`);
		expect(result.stderr).toContain('*** warning: cannot start "/etc/my_init.pre_shutdown.d/2": ');
		expect(result.stderr).toContain(`*** warning: ${POST} failed with status 137\n`);
	});

	test("a hook that does not end is killed; no other begins in its stage, and the rest is done in time", () => {
		const result = run({
			...hooks,
			[PRE]: script(ignore(TERM), sleepForever),
			"/etc/my_init.pre_shutdown.d/2": script(say("too late")),
			[SERVICE]: script(...server("web")),
		});
		expect(said(result)).toEqual(["main", "web ends", "post"]);
		expect(result).toMatchObject({ exitCode: 3, endedAtMs: 7_000 });
		expect(result.stderr).toContain(
			`${PRE} (PID 4) did not shut down in time. Forcing it to exit.\n*** warning: left out, since the time of the hooks before them is over: /etc/my_init.pre_shutdown.d/2\n`,
		);
	});

	test("a main child that does not obey is killed at the end of its share, and the rest is done", () => {
		const started = world(
			{ ...hooks, [SERVICE]: script(...server("web")) },
			{ main: [ignore(TERM), sleepForever] },
		);
		started.at(1_000, () => started.signal(TERM));
		const result = started.run();
		expect(said(result)).toEqual(["pre", "web ends", "post"]);
		expect(result).toMatchObject({ exitCode: 137, endedAtMs: 7_000 });
		expect(result.stderr).toContain(
			"*** warning: app (PID 3) did not shut down in time. Forcing it to exit.\n",
		);
	});

	test("whatever everybody does, it ends within the budget", () => {
		const deaf = script(ignore(TERM), sleepForever);
		const started = world(
			{ [PRE]: deaf, [POST]: deaf, [SERVICE]: deaf },
			{ main: [ignore(TERM), sleepForever] },
		);
		started.at(1_000, () => started.signal(TERM));
		const result = started.run();
		expect(result).toMatchObject({ exitCode: 137, endedAtMs: 9_500 });
		expect(result.stderr).toContain("did not shut down in time. Forcing it to exit.\n");
		expect(result.stderr).not.toContain("after the last of the stop signals");
	});

	test("a second stop signal leaves two seconds", () => {
		const deaf = script(ignore(TERM), sleepForever);
		const started = world({ [PRE]: deaf, [POST]: deaf, [SERVICE]: deaf }, { main: [sleepForever] });
		started.at(1_000, () => started.signal(INT));
		started.at(1_100, () => started.signal(INT));
		const result = started.run();
		expect(result.endedAtMs).toBeLessThanOrEqual(3_100);
		expect(result.exitCode).toBe(130);
	});

	test("KILL_PROCESS_TIMEOUT is the main child's share, the budget the sum of both", () => {
		const stop = (environment: Record<string, string>): Run => {
			const started = world({ ...hooks }, { main: [ignore(TERM), sleepForever], environment });
			started.at(1_000, () => started.signal(TERM));
			return started.run();
		};
		expect(stop({ KILL_PROCESS_TIMEOUT: "2" }).endedAtMs).toBe(3_000);
		expect(stop({ KILL_PROCESS_TIMEOUT: "3", KILL_ALL_PROCESSES_TIMEOUT: "1" }).endedAtMs).toBe(
			4_000,
		);
		expect(stop({ KILL_ALL_PROCESSES_TIMEOUT: "5" }).endedAtMs).toBe(6_000);
		expect(stop({ KILL_PROCESS_TIMEOUT: "2", INIT_STOP_TIMEOUT: "30s" }).endedAtMs).toBeCloseTo(
			1_000 + 30_000 * (2 / 7),
			0,
		);
		const bad = stop({ KILL_PROCESS_TIMEOUT: "soon", KILL_ALL_PROCESSES_TIMEOUT: "-1" });
		expect(bad.endedAtMs).toBe(7_000);
		expect(bad.stderr.match(/is ignored: expected a whole number of seconds/g)).toHaveLength(2);
	});

	test("KILL_PROCESS_TIMEOUT=0 is no limit", () => {
		const started = world(hooks, {
			main: [on(TERM, sleep(60_000), exit(0)), sleepForever],
			environment: { KILL_PROCESS_TIMEOUT: "0" },
		});
		started.at(1_000, () => started.signal(TERM));
		const result = started.run();
		expect(said(result)).toEqual(["pre", "post"]);
		expect(result).toMatchObject({ exitCode: 0, endedAtMs: 61_000 });
	});

	test("--no-kill-all-on-exit leaves the others to the kernel, hooks and services do not", () => {
		const result = run(
			{
				...hooks,
				"/etc/my_init.d/1": script(fork(...server("daemon")), exit(0)),
				[SERVICE]: script(...server("web")),
			},
			{ options: ["--no-kill-all-on-exit"] },
		);
		expect(said(result)).toEqual(["main", "pre", "web ends", "post"]);
		expect(result.exitCode).toBe(3);
	});

	test("--wait all: hooks and the end come once nobody is left", () => {
		const result = run(
			{ ...hooks, "/etc/my_init.d/1": script(fork(sleep(700), say("background")), exit(0)) },
			{ options: ["--wait", "all"] },
		);
		expect(said(result)).toEqual(["main", "background", "pre", "post"]);
		expect(result).toMatchObject({ exitCode: 3, endedAtMs: 700 });
	});

	test.each([
		["default", 0, []],
		["--wait all", 0, ["--wait", "all"]],
		["--wait all, after others", 700, ["--wait", "all"]],
	])("nobody is asked to end where nobody is left (%s)", (_what, endedAtMs, options) => {
		const daemon = endedAtMs === 0 ? [] : [fork(sleep(endedAtMs))];
		const files = { "/etc/my_init.d/1": script(...daemon, exit(0)) };
		const result = run(files, { options });
		expect(result).toMatchObject({ exitCode: 3, endedAtMs });
		expect(result.stderr).toContain("*** app exited with status 3.\n");
		expect(result.stderr).not.toContain("Killing all processes");
	});

	test("what a script has left behind is asked to end where there is no main command", () => {
		const started = world(
			{ "/etc/my_init.d/1": script(fork(...server("daemon")), exit(0)) },
			{ main: null },
		);
		started.at(100, () => started.signal(TERM));
		expect(said(started.run())).toEqual(["daemon ends"]);
	});

	test("who outlasts it all is named and killed, as Phusion's init says it", () => {
		const { stderr } = run({
			"/etc/my_init.d/1": script(fork(ignore(TERM), sleepForever), exit(0)),
		});
		expect(stderr).toContain(
			"*** Not all processes have exited in time. Forcing them to exit.\n*** warning: killing PID 3 (/etc/my_init.d/1): still running at the end",
		);
	});

	test("--wait all: a main child that was the last of all leads to the hooks at once", () => {
		const result = run(hooks, { options: ["--wait", "all"] });
		expect(said(result)).toEqual(["main", "pre", "post"]);
		expect(result).toMatchObject({ exitCode: 3, endedAtMs: 0 });
	});

	test.each([
		[
			"after the last background process",
			{ "/etc/my_init.d/1": script(fork(sleep(700)), exit(0)) },
			700,
		],
		["after a main child that was the last of all", {}, 0],
	])("--wait all: a hook that does not end is killed, %s", (_when, files, stopAtMs) => {
		const result = run(
			{ ...files, [PRE]: script(sleepForever), [POST]: script(say("post"), exit(0)) },
			{ options: ["--wait", "all"] },
		);
		expect(said(result)).toEqual(["main", "post"]);
		expect(result).toMatchObject({ exitCode: 3, endedAtMs: stopAtMs + 7_000 });
		expect(result.stderr).toContain("did not shut down in time. Forcing it to exit.\n");
	});

	test("a look at processes from outside is not repeated while hooks and services end", () => {
		const slow = script(sleep(400), exit(0));
		const started = world(
			{ [PRE]: slow, [POST]: slow, "/etc/my_init.post_shutdown.d/2": slow },
			{ main: [sleep(100), exit(0)], conditions: { processDescriptors: "unknown" } },
		);
		started.at(50, () => started.enter([ignore(TERM), sleepForever]));
		const result = started.run();
		const hooksEndAtMs = 100 + 3 * 400;
		const looks = result.facts.filter(
			(fact) => fact.type === "slept" && fact.timeoutMs === 50 && fact.sinceMs < hooksEndAtMs,
		);
		expect(looks).toEqual([]);
		expect(result.endedAtMs).toBe(100 + 9_000);
	});

	test.each([
		["a failed script", { "/etc/my_init.d/1": script(exit(9)) }, [exit(3)]],
		["a main child that was the last of all", {}, [exit(3)]],
		["a hook that was stopped", { [`${PRE}.0`]: script(raise(TSTP), exit(0)) }, [exit(3)]],
	])("Ctrl-C comes to the init after %s", (_what, files, main: Actor) => {
		const started = world(
			{ ...files, [`${PRE}.1`]: script(sleepForever) },
			{ main, conditions: { hasTerminal: true } },
		);
		started.at(100, () => started.press(INT));
		started.at(200, () => started.press(INT));
		expect(started.run().endedAtMs).toBeCloseTo(200 + 2_000 * (7 / 9), 6);
	});

	test("Ctrl-C comes to the init where there is no main command", () => {
		const started = world(
			{ "/etc/my_init.d/1": script(exit(0)), [SERVICE]: script(...server("web")) },
			{ main: null, conditions: { hasTerminal: true } },
		);
		started.at(500, () => started.press(INT));
		expect(started.run()).toMatchObject({ end: "exited", endedAtMs: 500 });
	});

	test("signals that are no stop reach the main child while it runs, and nobody else", () => {
		const started = world(
			{
				...hooks,
				"/etc/my_init.d/1": script(sleep(100), exit(0)),
				[SERVICE]: script(...server("web")),
			},
			{ main: [on(HUP, say("reloaded")), sleep(1_000), exit(0)] },
		);
		started.at(50, () => started.signal(HUP));
		started.at(200, () => started.signal(HUP));
		const result = started.run();
		expect(said(result)[0]).toBe("reloaded");
		expect(sentSignals(result).filter(({ signal }) => signal === HUP)).toHaveLength(1);
	});
});
