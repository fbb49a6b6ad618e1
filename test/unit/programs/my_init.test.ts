import { describe, expect, test } from "vitest";
import { myInit } from "../../../init/src/programs/my_init.ts";
import { NAMES } from "../../../init/src/programs/program.ts";
import { exit, sleep, sleepForever } from "../../simulation/actor.ts";
import { EAGAIN } from "../../simulation/errno.ts";
import { plainFile, program, unstartable } from "../../simulation/files.ts";
import { sentAtMs } from "../../simulation/observe.ts";
import { overridden } from "../../simulation/overridden.ts";
import { KILL, TERM } from "../../simulation/signal_actions.ts";
import { INIT_PATH, type Run, World, type WorldOptions } from "../../simulation/world.ts";

const init = program([]);
const app = program([exit(5)]);
const FILES = { [INIT_PATH]: init, "/bin/my_init": init, "/bin/app": app };

function run(given: string[], options: WorldOptions = {}): Run {
	return new World({ arguments: given, files: FILES, ...options }).run();
}

describe("my_init", () => {
	test("starts the command and exits with its code", () => {
		expect(run(["app", "x"])).toMatchObject({ exitCode: 5, stderr: "", stdout: "" });
	});

	test.each([
		[["missing"], 127, '*** error: cannot start "missing": not found in PATH\n'],
		[["/bin/text"], 126, '*** error: cannot start "/bin/text": permission denied (EACCES)\n'],
		[
			["alien"],
			126,
			'*** error: cannot start "/bin/alien": it is built for another platform (ENOEXEC)\n',
		],
		[
			["--nonsense"],
			2,
			'*** error: unknown option --nonsense; "my_init --help" lists the options\n',
		],
		[
			["--log-level=loud", "app"],
			2,
			'*** error: --log-level: "loud" is not valid: expected one of error, warning, notice, info, debug; "my_init --help" lists the options\n',
		],
	])("ends %o with %i and says why", (given, exitCode, stderr) => {
		const files = { ...FILES, "/bin/text": plainFile(), "/bin/alien": unstartable(-8) };
		expect(run(given, { files })).toMatchObject({ exitCode, stderr, stdout: "" });
	});

	test("has nothing to start without a command, and says so at level info", () => {
		const idle = run(["--log-level=info"]);
		expect(idle).toMatchObject({ end: "asleep", exitCode: undefined });
		expect(idle.stderr).toBe("*** no command: reaping until a stop is asked for\n");
	});

	test("prints its help and its version to stdout alone", () => {
		expect(run(["--help"])).toMatchObject({ exitCode: 0, stderr: "" });
		expect(run(["-h"]).stdout).toMatch(/^usage: my_init /);
		expect(run(["--version"])).toMatchObject({ stdout: "my_init version 0.0.0-test\n" });
	});

	test("lets an option win over its variable, without a warning about the variable", () => {
		const world = new World({
			arguments: ["--stop-timeout=1s", "app"],
			environment: { INIT_STOP_TIMEOUT: "5s" },
			files: { ...FILES, "/bin/app": program([{ do: "ignore", signal: TERM }, sleepForever]) },
		});
		world.at(100, () => world.signal(TERM));
		expect(sentAtMs(world.run(), 2, KILL)).toBe(1_100);
	});

	test("is not kept from starting by a bad variable", () => {
		const { exitCode, stderr } = run(["app"], { environment: { INIT_STOP_ON: "KILL" } });
		expect(exitCode).toBe(5);
		expect(stderr).toMatch(/^\*\*\* warning: INIT_STOP_ON="KILL" is ignored: expected .*\n$/);
	});

	test("says which settings cannot be kept, once", () => {
		const { stderr } = run(["--rewrite", "TERM:drop", "app"], {
			environment: { INIT_STOP_DELAY: "20s", INIT_STOP_SIGNALS: "TERM, INT 1s" },
		});
		expect(stderr.split("\n")).toEqual([
			"*** warning: a stop delay of 20 s is cut to 6 s, the main child's share of the stop timeout",
			"*** warning: TERM is dropped by a rewrite, and so begins no stop",
			"*** warning: TERM is never sent: the stop timeout is over before",
			"",
		]);
	});

	test("says nothing of a bad variable at level error", () => {
		const environment = { INIT_STOP_ON: "KILL", INIT_LOG_LEVEL: "error" };
		expect(run(["app"], { environment }).stderr).toBe("");
	});

	test("refuses a value of more than 4,096 bytes", () => {
		const { stderr } = run(["app"], {
			environment: { INIT_STOP_ON: `TERM${",INT".repeat(1_100)}` },
		});
		expect(stderr).toMatch(/^\*\*\* warning: INIT_STOP_ON="TERM,INT/);
	});

	test("says that its options do not reach another name", () => {
		const nested = (given: string[]) =>
			new World({ arguments: given, files: { ...FILES, "/sbin/tini": init } }).run();
		expect(nested(["--stop-timeout", "20s", "tini", "--", "app"]).stderr).toMatch(
			/^\*\*\* warning: options before tini are not heeded/,
		);
		expect(nested(["--", "tini", "--", "app"]).stderr).toBe("");
	});

	test("takes its own log level from the variable", () => {
		const { stderr } = run(["app"], { environment: { INIT_LOG_LEVEL: "info" } });
		expect(stderr).toContain("*** started PID 2\n");
	});

	test("says nothing but errors at level error", () => {
		expect(run(["--log-level=error", "missing"]).stderr).toContain("*** error: ");
		const elsewhere = { conditions: { isPid1: false, hasSubreaper: false } };
		expect(run(["--log-level=error", "app"], elsewhere).stderr).toBe("");
	});

	test("gives up with 111 at the limit of processes", () => {
		const world = new World({ arguments: ["app"], files: FILES });
		const result = world.run((kernel) => myInit(overridden(kernel, { spawn: () => -EAGAIN }), 1));
		expect(result.exitCode).toBe(111);
	});

	test("becomes a subreaper only when it is not PID 1", () => {
		const asPid1 = new World({ arguments: ["app"], files: FILES });
		asPid1.run();
		expect(asPid1.machine.init.isSubreaper).toBe(false);
		const elsewhere = new World({
			...{ arguments: ["app"], files: FILES },
			conditions: { isPid1: false },
		});
		elsewhere.run();
		expect(elsewhere.machine.init.isSubreaper).toBe(true);
	});

	test("asks for no terminal when it starts nothing", () => {
		const world = new World({ main: null, conditions: { hasTerminal: true } });
		world.at(10, () => world.signal(TERM));
		world.run((kernel) =>
			myInit(
				overridden(kernel, {
					foregroundGroup() {
						throw new Error("asked for the terminal");
					},
				}),
				1,
			),
		);
	});
});

describe("a command that is my_init itself", () => {
	const commandLine = (given: string[], options: WorldOptions = {}): readonly string[] => {
		const result = run(given, options);
		return result.machine.main?.commandLine ?? [];
	};

	test("is parsed by the outer one, not started a second time", () => {
		const world = new World({
			arguments: ["--", "my_init", "--stop-timeout", "1s", "--", "app", "x"],
			files: { ...FILES, "/bin/app": program([{ do: "ignore", signal: TERM }, sleepForever]) },
		});
		world.at(100, () => world.signal(TERM));
		const result = world.run();
		expect(world.machine.main).toMatchObject({ pid: 2, commandLine: ["app", "x"] });
		expect(sentAtMs(result, 2, KILL)).toBe(1_100);
	});

	test("may be nested, by any path that leads to it", () => {
		expect(commandLine([INIT_PATH, "--", "/bin/my_init", "my_init", "app", "y"])).toEqual([
			"app",
			"y",
		]);
	});

	test("keeps what the outer options have set", () => {
		expect(run(["--log-level=info", "my_init", "app"]).stderr).toContain("*** started PID 2\n");
	});

	test("answers for the inner options too", () => {
		expect(run(["--", "my_init", "--version"]).stdout).toMatch(/^my_init version/);
		expect(run(["--", "my_init", "--nonsense"]).exitCode).toBe(2);
		expect(run(["--", "my_init", "missing"]).exitCode).toBe(127);
	});

	test("idles when nothing follows it", () => {
		expect(run(["--", "my_init"]).end).toBe("asleep");
	});
});

describe("my_init as NAME", () => {
	test.each([
		[["as", "my_init", "app"]],
		[["as", "my_init", "--", "app"]],
		[["as", "my_init", "my_init", "as", "my_init", "app"]],
	])("runs %o as the program of that name", (given) => {
		expect(run(given).exitCode).toBe(5);
	});

	test.each([
		[["as", "nobody", "app"], "nobody"],
		[["as", "no\nbody"], "no\\x0abody"],
		[["as"], "nothing"],
		[["as", ""], ""],
	])("refuses %o", (given, shown) => {
		const { exitCode, stderr } = run(given);
		expect(exitCode).toBe(2);
		expect(stderr).toBe(
			`*** error: "as" needs the name of a program that this binary is: ${NAMES.join(", ")}; got ${shown}\n`,
		);
	});

	test("takes as for a command after -- or an option", () => {
		const files = { ...FILES, "/bin/as": program([sleep(1), exit(9)]) };
		expect(run(["--", "as", "my_init"], { files }).exitCode).toBe(9);
		expect(run(["--stop-timeout=1s", "as", "x"], { files }).exitCode).toBe(9);
	});
});
