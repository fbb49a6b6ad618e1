import { describe, expect, test } from "vitest";
import { runProgram } from "../../../init/src/main.ts";
import { EINVAL, ENOENT, ENOMEM, EPERM } from "../../simulation/errno.ts";
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

const LARGE = plainFile("x\n".repeat(4_200_000));
const MANY = plainFile(Array.from({ length: 65_536 }, (_, i) => `g:x:${i + 2000}:app\n`).join(""));

/** As the user 1000 of some group. */
function withoutRight(whom: string, ownGroup: number, result = -EPERM): Run {
	const world = setuser([whom, "cmd"]);
	const kernel = overridden(world.kernel, {
		userId: () => 1000,
		groupId: () => ownGroup,
		becomeUser: () => result,
	});
	return world.run(() => runProgram(kernel));
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
			exitCode: 1,
			stderr:
				'*** error: cannot become "root" (uid 0, gid 0): not permitted (EPERM) to uid 1000, gid 1000; it takes root with CAP_SETUID and CAP_SETGID\n',
		});
	});

	test.each([
		["app", 0],
		["1000", 0],
		["app:app", 1000],
		["app:1000", 1000],
		["1000:web", 33],
	])("without any right oneself is become as %s where the own group is %d", (whom, own) => {
		expect(withoutRight(whom, own)).toMatchObject({ exitCode: undefined, stderr: "" });
	});

	test.each([
		["app:app", 0],
		["app:web", 1000],
		["1001", 1000],
		["0", 0],
	])("without any right %s is not become where the own group is %d", (whom, own) => {
		const run = withoutRight(whom, own);
		expect(run.exitCode).toBe(1);
		expect(run.stderr).toContain(`not permitted (EPERM) to uid 1000, gid ${own}; it takes root`);
	});

	test("other failures are failures for oneself too", () => {
		const run = withoutRight("app", 1000, -EINVAL);
		expect(run.exitCode).toBe(1);
		expect(run.stderr).toContain(
			'cannot become "app" (uid 1000, gid 1000): this user namespace lacks one of its numbers (EINVAL)',
		);
		expect(withoutRight("app", 1000, -ENOMEM).stderr).toContain(": out of memory (ENOMEM)\n");
	});

	test.each([
		[["nobody", "cmd"], {}, 1, 'there is no user "nobody" in /etc/passwd; add it there, or '],
		[["", "cmd"], {}, 1, 'there is no user "" in /etc/passwd'],
		[["a\nb\x1b", "cmd"], {}, 1, 'there is no user "a\\x0ab\\x1b" in /etc/passwd'],
		[["4294967295", "cmd"], {}, 1, 'there is no user "4294967295" in /etc/passwd'],
		[["app:nogroup", "cmd"], {}, 1, 'there is no group "nogroup" in /etc/group; add it there, or '],
		[["app:", "cmd"], {}, 1, 'there is no group "" in /etc/group'],
		[["app:web:web", "cmd"], {}, 1, 'there is no group "web:web" in /etc/group'],
		[["app"], {}, 1, "a user and a command are needed; usage: setuser USER[:GROUP]"],
		[["app", "--"], {}, 1, "a user and a command are needed"],
		[[], {}, 1, "a user and a command are needed"],
		[["app", "missing"], {}, 127, "not found in PATH"],
		[["app", "/etc/passwd"], {}, 126, "permission denied"],
		[["app", "cmd"], { "/etc/passwd": directory() }, 1, 'look up user "app": /etc/passwd is no '],
		[["1000", "cmd"], { "/etc/passwd": directory() }, 1, 'look up user "1000": /etc/passwd is no '],
		[["4:web", "cmd"], { "/etc/passwd": directory() }, 1, 'look up user "4": /etc/passwd is no '],
		[["app", "cmd"], { "/etc/passwd": LARGE }, 1, "/etc/passwd has more than 8 MiB, or a line of"],
		[["app", "cmd"], { "/etc/group": directory() }, 1, 'groups of "app": /etc/group is no regular'],
		[["app:web", "cmd"], { "/etc/group": directory() }, 1, 'group "web": /etc/group is no regular'],
		[["app", "cmd"], { "/etc/group": MANY }, 1, "in more groups than the 65536 that Linux lets a "],
	])("%j ends with its reason", (given, files, code, text) => {
		const run = setuser(given, files).run();
		expect(run.exitCode).toBe(code);
		expect(run.stderr).toContain(text);
		if (code === 1) expect(became(run)).toMatchObject({ user: undefined, commandLine: undefined });
	});

	test("two numbers mean themselves, whatever lies in place of the files", () => {
		const files = { "/etc/passwd": directory(), "/etc/group": directory() };
		expect(became(setuser(["1000:1000", "cmd"], files).run()).user).toEqual([1000, 1000, [1000]]);
	});

	test("an image without the files has numbers", () => {
		const world = setuser(["1000", "cmd"]);
		const kernel = overridden(world.kernel, { openRegularFile: () => -ENOENT });
		expect(became(world.run(() => runProgram(kernel))).user).toEqual([1000, 0, [0]]);
	});

	test("a number without an entry is no group's member", () => {
		const files = { "/etc/group": plainFile("web:x:33:4321\n") };
		expect(became(setuser(["4321", "cmd"], files).run()).user).toEqual([4321, 0, [0]]);
		expect(became(setuser(["004321", "cmd"], files).run()).environment).toContain("USER=4321");
	});

	test("--help", () => {
		expect(setuser(["--help"]).run()).toMatchObject({ exitCode: 0, stderr: "" });
	});
});
