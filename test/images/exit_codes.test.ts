// The exit code of a container is its main command's own; those that are the init's are the shell's.
import { expect, test } from "vitest";
import { run } from "./support/container.ts";
import { describeVariants } from "./support/variants.ts";

describeVariants("the exit code", ({ ours }) => {
	test.for([
		["0", "exit 0", 0],
		["1", "exit 1", 1],
		["42", "exit 42", 42],
		["255", "exit 255", 255],
		["137 of an exit", "exit 137", 137],
		["137 of a SIGKILL", "kill -KILL $$", 137],
		["143 of a SIGTERM", "kill -TERM $$", 143],
	] as const)("%s is the main command's own", async ([, script, code]) => {
		const ended = await run(ours, { command: ["sh", "-c", script] });
		expect(ended).toEqual({ code, stdout: "", stderr: "" });
	});

	test("is 127 when the command is not found", async () => {
		expect(await run(ours, { command: ["no-such-program", "argument"] })).toEqual({
			code: 127,
			stdout: "",
			stderr: '*** error: cannot start "no-such-program": not found in PATH\n',
		});
	});

	test("is 126 when the command is not executable", async () => {
		const { code, stdout, stderr } = await run(ours, { command: ["/etc/passwd"] });
		expect({ code, stdout }).toEqual({ code: 126, stdout: "" });
		expect(stderr).toMatch(/^\*\*\* error: cannot start "\/etc\/passwd": .*EACCES.*\n$/);
	});
});
