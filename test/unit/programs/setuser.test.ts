import { describe, expect, test } from "vitest";
import { runProgram } from "../../../init/src/main.ts";
import { EACCES, EPERM } from "../../simulation/errno.ts";
import { directory, plainFile, program, type SimulatedFile } from "../../simulation/files.ts";
import { overridden } from "../../simulation/overridden.ts";
import { type Run, World } from "../../simulation/world.ts";

const FILES: Record<string, SimulatedFile> = {
	"/etc/passwd": plainFile("root:x:0:0::/root:/bin/bash\napp:x:1000:1000::/home/app:/bin/zsh\n"),
	"/etc/group": plainFile("root:x:0:\napp:x:1000:\nweb:x:33:app\n"),
	"/bin/cmd": program([]),
};

function setuser(given: string[], files: Record<string, SimulatedFile> = {}): World {
	return new World({
		...{ name: "setuser", arguments: given, environment: { PATH: "/bin", HOME: "/root", A: "1" } },
		files: { ...FILES, ...files },
	});
}

function became(run: Run) {
	const user = run.facts.find((fact) => fact.type === "became");
	const executed = run.facts.find((fact) => fact.type === "executed");
	return {
		user: user && [user.user, user.group, user.groups],
		commandLine: executed?.commandLine,
		environment: executed?.environment,
	};
}

describe("setuser", () => {
	test("becomes the command as the user, with its groups and its environment", () => {
		expect(became(setuser(["app", "cmd", "-x"]).run())).toEqual({
			user: [1000, 1000, [1000, 33]],
			commandLine: ["cmd", "-x"],
			environment: [
				...["PATH=/bin", "HOME=/home/app", "A=1"],
				...["USER=app", "LOGNAME=app", "UID=1000", "SHELL=/bin/zsh"],
			],
		});
	});

	test.each([
		[
			["1000", "--", "cmd"],
			[1000, 1000, [1000, 33]],
		],
		[
			["app:web", "cmd"],
			[1000, 33, [33]],
		],
		[
			["app:44", "cmd"],
			[1000, 44, [44]],
		],
		[
			["4321", "cmd"],
			[4321, 0, [0]],
		],
		[
			["4321:web", "cmd"],
			[4321, 33, [33]],
		],
	])("%j", (given, user) => {
		const run = setuser(given).run();
		expect(became(run)).toMatchObject({ user, commandLine: ["cmd"] });
	});

	test("a number without an entry has the home /", () => {
		const { environment } = became(setuser(["4321", "cmd"]).run());
		expect(environment).toContain("HOME=/");
		expect(environment).toContain("USER=4321");
	});

	test("oneself is become without any right, somebody else is not", () => {
		const asApp = (given: string[]): Run => {
			const world = setuser(given);
			const kernel = overridden(world.kernel, {
				userId: () => 1000,
				groupId: () => 1000,
				becomeUser: () => -EPERM,
			});
			return world.run(() => runProgram(kernel));
		};
		expect(became(asApp(["app", "cmd"])).commandLine).toEqual(["cmd"]);
		const refused = asApp(["root", "cmd"]);
		expect(refused).toMatchObject({
			...{ exitCode: 1, stderr: "*** error: cannot become root: not permitted (EPERM)\n" },
		});
	});

	test.each([
		[["nobody", "cmd"], {}, 1, "there is no user nobody\n"],
		[["app:nogroup", "cmd"], {}, 1, "there is no group nogroup\n"],
		[["app"], {}, 1, "a user and a command are needed; usage: setuser USER[:GROUP]"],
		[[], {}, 1, "a user and a command are needed"],
		[["app", "missing"], {}, 127, "not found in PATH"],
		[["app", "/etc/passwd"], {}, 126, "permission denied"],
		[["app", "cmd"], { "/etc/passwd": directory() }, 1, "there is no user app: /etc/passwd: "],
		[["app", "cmd"], { "/etc/passwd": plainFile("x".repeat(1_100_000)) }, 1, "/etc/passwd: "],
	])("%j ends with its reason", (given, files, code, text) => {
		const run = setuser(given, files).run();
		expect(run.exitCode).toBe(code);
		expect(run.stderr).toContain(text);
		if (code === 1) expect(became(run).commandLine).toBeUndefined();
	});

	test("a passwd that cannot be read leaves numbers", () => {
		const world = setuser(["1000:1000", "cmd"]);
		const kernel = overridden(world.kernel, { readRegularFile: () => -EACCES });
		expect(became(world.run(() => runProgram(kernel))).user).toEqual([1000, 1000, [1000]]);
	});

	test("--help", () => {
		expect(setuser(["--help"]).run()).toMatchObject({ exitCode: 0, stderr: "" });
	});
});
