import { describe, expect, test } from "vitest";
import { executeCommand } from "../../../init/src/boot/execute_command.ts";
import { openLog } from "../../../init/src/log/log.ts";
import { EACCES, ENOENT } from "../../simulation/errno.ts";
import { plainFile, program, type SimulatedFile, unstartable } from "../../simulation/files.ts";
import { World } from "../../simulation/world.ts";

const E2BIG = 7;
const ENOEXEC = 8;

function execute(command: string, files: Record<string, SimulatedFile>) {
	const environment = { PATH: "/a:/b:/c" };
	const world = new World({ files, environment, arguments: [command, "-v"] });
	const run = world.run(() => executeCommand(world.kernel, openLog(world.kernel, "warning"), 1));
	const executed = run.facts.filter((fact) => fact.type === "executed");
	return { code: run.exitCode, stderr: run.stderr, executed: executed.map((e) => e.commandLine) };
}

const noInterpreter = unstartable(-ENOENT);
const refused = unstartable(-EACCES);

describe("executeCommand()", () => {
	test("becomes the first match in PATH", () => {
		const { executed } = execute("x", { "/b/x": program([]), "/c/x": program([]) });
		expect(executed).toEqual([["x", "-v"]]);
	});

	test.each([
		["whose interpreter is missing", noInterpreter],
		["that execve refuses", refused],
		["that is not executable", plainFile()],
	])("goes on past a file %s", (_what, file) => {
		const { executed, stderr } = execute("x", { "/a/x": file, "/b/x": file, "/c/x": program([]) });
		expect({ executed, stderr }).toEqual({ executed: [["x", "-v"]], stderr: "" });
	});

	test("does not search for a name with a slash", () => {
		const files = { "/a/x": noInterpreter, "/b/x": program([]) };
		expect(execute("/a/x", files)).toMatchObject({ code: 127, executed: [] });
	});

	test.each([
		[{}, 127, 'cannot start "x": not found in PATH'],
		[{ "/b/x": noInterpreter }, 127, 'cannot start "/b/x": the interpreter in its #! line, '],
		[{ "/a/x": noInterpreter, "/b/x": noInterpreter }, 127, 'cannot start "/a/x": '],
		[{ "/a/x": noInterpreter, "/b/x": refused }, 126, 'cannot start "/b/x": permission denied'],
		[{ "/a/x": refused, "/b/x": noInterpreter }, 126, 'cannot start "/a/x": permission denied'],
		[{ "/a/x": noInterpreter, "/b/x": plainFile() }, 126, 'cannot start "x": permission denied'],
		[{ "/a/x": noInterpreter, "/b/x": unstartable(-E2BIG) }, 126, 'cannot start "/b/x": arguments'],
		[
			{ "/a/x": unstartable(-ENOEXEC), "/b/x": program([]) },
			126,
			'cannot start "/a/x": it is built',
		],
	])("of %o nothing can be executed: %d", (files, code, text) => {
		const result = execute("x", files);
		expect(result).toMatchObject({ code, executed: [] });
		expect(result.stderr).toContain(text);
	});

	test("has /bin/sh run a script without a #! line", () => {
		const files = { "/a/x": unstartable(-ENOEXEC, "echo"), "/bin/sh": program([]) };
		expect(execute("x", files).executed).toEqual([["/bin/sh", "/a/x", "-v"]]);
	});

	test("names a path with odd bytes once over", () => {
		const { stderr } = execute("/a\n\\", { "/a\n\\": noInterpreter });
		expect(stderr).toContain('cannot start "/a\\x0a\\\\": ');
	});
});
