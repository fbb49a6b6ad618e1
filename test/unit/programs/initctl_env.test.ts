import { describe, expect, test } from "vitest";
import { runProgram } from "../../../init/src/main.ts";
import { EACCES, ENOEXEC } from "../../simulation/errno.ts";
import { directory, plainFile, program, unstartable } from "../../simulation/files.ts";
import { overridden } from "../../simulation/overridden.ts";
import { type Run, World, type WorldOptions } from "../../simulation/world.ts";

const FOLDER = "/etc/container_environment";
const FILES = {
	[FOLDER]: directory(),
	[`${FOLDER}/A`]: plainFile("of file\n"),
	[`${FOLDER}/X`]: plainFile("of file\n"),
	"/etc/container_environment.sh": plainFile("export A='of dump'\n"),
	"/bin/app": program([]),
};

function env(given: string[], options: WorldOptions = {}): World {
	return new World({
		...{
			name: "initctl",
			arguments: ["env", ...given],
			environment: { PATH: "/bin", X: "inherited" },
		},
		files: FILES,
		...options,
	});
}

function became({ facts }: Run): unknown {
	const executed = facts.find((fact) => fact.type === "executed");
	return executed && { commandLine: executed.commandLine, environment: executed.environment };
}

describe("initctl env", () => {
	test("becomes the command, with the container environment over what is inherited", () => {
		expect(became(env(["app", "-x"]).run())).toEqual({
			commandLine: ["app", "-x"],
			environment: ["PATH=/bin", "X=of file", "A=of file"],
		});
	});

	test("-i inherits nothing, and finds the command by the default PATH", () => {
		expect(became(env(["-i", "--", "app"]).run())).toEqual({
			commandLine: ["app"],
			environment: ["A=of file", "X=of file"],
		});
	});

	test("reads the dump where the folder is not for us", () => {
		const world = env(["app"]);
		const run = world.run(() =>
			runProgram(overridden(world.kernel, { listDirectory: () => -EACCES })),
		);
		expect(became(run)).toEqual({
			commandLine: ["app"],
			environment: ["PATH=/bin", "X=inherited", "A=of dump"],
		});
	});

	test("says where neither can be read", () => {
		const world = env(["app"]);
		const refused = { listDirectory: () => -EACCES, readRegularFile: () => -EACCES };
		const { exitCode, stderr } = world.run(() => runProgram(overridden(world.kernel, refused)));
		expect(exitCode).toBe(111);
		expect(stderr).toBe(
			"*** error: /etc/container_environment and /etc/container_environment.sh cannot be read: permission denied (EACCES)\n",
		);
	});

	test("an image without one adds nothing", () => {
		const run = env(["app"], { files: { "/bin/app": program([]) } }).run();
		expect(became(run)).toMatchObject({ environment: ["PATH=/bin", "X=inherited"] });
	});

	test("a script without #! is one of sh", () => {
		const files = {
			...{ "/bin/script": unstartable(-ENOEXEC, "app"), "/bin/sh": program([]) },
		};
		expect(became(env(["script", "x"], { files }).run())).toMatchObject({
			commandLine: ["/bin/sh", "/bin/script", "x"],
		});
	});

	test.each([
		[[], 2, "a command is missing; usage: initctl env "],
		[["-i"], 2, "a command is missing"],
		[["-x", "app"], 2, "unknown option -x"],
		[["missing"], 127, 'cannot start "missing": not found in PATH'],
		[["/etc/container_environment.sh"], 126, "permission denied"],
	])("%j ends with %d", (given, code, text) => {
		const run = env(given).run();
		expect(run.exitCode).toBe(code);
		expect(run.stderr).toContain(text);
	});
});
