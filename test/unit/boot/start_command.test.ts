import { describe, expect, test } from "vitest";
import { findCommand } from "../../../init/src/boot/find_command.ts";
import { startCommand } from "../../../init/src/boot/start_command.ts";
import { LEADS_GROUP } from "../../../init/src/kernel/kernel.ts";
import { EACCES, EAGAIN, ENOENT } from "../../simulation/errno.ts";
import { program, type SimulatedFile, unstartable } from "../../simulation/files.ts";
import { overridden } from "../../simulation/overridden.ts";
import { World } from "../../simulation/world.ts";

const ENOEXEC = 8;
const ENOMEM = 12;
const E2BIG = 7;
const ETXTBSY = 26;
const FIRST = { firstArgument: 1, isOurselves: false, next: -1 };

function start(file: SimulatedFile, others: Record<string, SimulatedFile> = {}) {
	const world = new World({ files: { "/x": file, ...others }, arguments: ["/x", "-v", "w"] });
	const started = startCommand(world.kernel, { path: "/x", ...FIRST }, -1, LEADS_GROUP, false);
	return { started, main: world.machine.main };
}

describe("startCommand()", () => {
	test("starts the file with our arguments from the given one on", () => {
		const { started, main } = start(program([]));
		expect(started).toBe(2);
		expect(main?.commandLine).toMatchObject(["/x", "-v", "w"]);
		expect(main?.group).toBe(2);
	});

	test("has /bin/sh run a script without a #! line", () => {
		const { started, main } = start(unstartable(-ENOEXEC, "echo"), { "/bin/sh": program([]) });
		expect(started).toBe(3);
		expect(main?.commandLine).toMatchObject(["/bin/sh", "/x", "-v", "w"]);
	});

	test("has /bin/sh run an empty file, as execvp(3) does", () => {
		const { started } = start(unstartable(-ENOEXEC, ""), { "/bin/sh": program([]) });
		expect(started).toBe(3);
	});

	test.each([
		["of another platform", -ENOEXEC, 126, "it is built for another platform (ENOEXEC)"],
		[
			"whose interpreter or loader is missing",
			-ENOENT,
			127,
			"the interpreter in its #! line, or its dynamic loader, does not exist (ENOENT)",
		],
		["that may not be executed", -EACCES, 126, "permission denied (EACCES)"],
		["that is being written", -ETXTBSY, 126, "it is being written to (ETXTBSY)"],
		["with too many arguments", -E2BIG, 126, "arguments and environment are too long (E2BIG)"],
	])("does not start a file %s", (_what, result, exitCode, reason) => {
		const { started, main } = start(unstartable(result), { "/bin/sh": program([]) });
		expect(started).toMatchObject({ exitCode, text: `cannot start "/x": ${reason}` });
		expect(main).toBeUndefined();
	});

	test("says that /bin/sh is missing when a script needs it", () => {
		const { started } = start(unstartable(-ENOEXEC, "echo"));
		expect(started).toMatchObject({ exitCode: 127 });
	});

	test.each([
		["the limit of processes", -EAGAIN, "the limit of processes is reached (EAGAIN)"],
		["a lack of memory", -ENOMEM, "out of memory (ENOMEM)"],
	])("fails by %s as a fault of the system", (_what, result, reason) => {
		const kernel = overridden(new World().kernel, { spawn: () => result });
		expect(startCommand(kernel, { path: "/x\n", ...FIRST }, -1, LEADS_GROUP, false)).toMatchObject({
			exitCode: 111,
			text: `cannot start "/x\\x0a": ${reason}`,
		});
	});

	test("goes on in PATH past one whose interpreter is not there", () => {
		const files = { "/a/x": unstartable(-ENOENT), "/b/x": program([]), "/c/x": program([]) };
		const options = { files, environment: { PATH: "/a:/b:/c" }, arguments: ["x"] };
		const world = new World(options);
		const found = findCommand(world.kernel, 1);
		if ("exitCode" in found) throw new Error(found.text);
		expect(found.path).toBe("/a/x");
		expect(startCommand(world.kernel, found, -1, LEADS_GROUP, false)).toBeGreaterThan(0);
		const executed = world.machine.facts.filter((fact) => fact.type === "executed");
		expect(executed).toHaveLength(1);
		const alone = new World({ ...options, environment: { PATH: "/a" } });
		const only = findCommand(alone.kernel, 1);
		if ("exitCode" in only) throw new Error(only.text);
		expect(startCommand(alone.kernel, only, -1, LEADS_GROUP, false)).toMatchObject({
			exitCode: 127,
		});
	});

	test("hands the terminal on", () => {
		const world = new World({ conditions: { hasTerminal: true } });
		startCommand(
			world.kernel,
			{ path: "/bin/app", firstArgument: 2, isOurselves: false, next: -1 },
			0,
			LEADS_GROUP,
			false,
		);
		expect(world.machine.init.terminal?.foregroundGroup).toBe(2);
	});
});
