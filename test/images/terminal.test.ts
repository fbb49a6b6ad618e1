// docker run -it: the shell of a user at a pseudo-terminal.
import { expect, test } from "vitest";
import { until } from "../process/support/until.ts";
import { start, type TestContainer } from "./support/container.ts";
import type { Variant } from "./support/context.ts";
import { Processes } from "./support/processes.ts";
import { TERMINAL, Terminal } from "./support/terminal.ts";
import { describeVariants, shellOf } from "./support/variants.ts";

const CTRL_C = "\x03";
const CTRL_Z = "\x1a";
const INTERRUPTED = "130";
/** Far below the engine's 10 s and the init's 9 s: what takes longer was waited out. */
const SOON_MS = 4_000;

describeVariants("docker run -it of a shell", (variant) => {
	test("has job control, and its exit code is the container's", async () => {
		await using container = await startShell(variant);
		using terminal = await Terminal.of(container);
		// Monitor mode: a shell that cannot take the terminal has turned it off.
		expect(await terminal.ask("$-")).toContain("m");
		expect(terminal.screen.text).not.toMatch(/job control/);
		terminal.type("exit 3\r");
		expect((await container.ended()).code).toBe(3);
	});

	test("Ctrl-C ends the program in its foreground, not the shell", async () => {
		await using container = await startShell(variant);
		using terminal = await Terminal.of(container);
		terminal.type("/actors/listener job 2:55\r");
		await terminal.screen.contains("job ready");
		terminal.type(CTRL_C);
		expect(await terminal.ask("$?")).toBe("55");
		// From the kernel, not by way of PID 1.
		expect(terminal.screen.text).toContain("job got 2 from 0");
	});

	test("Ctrl-C does not end a program in its background", async () => {
		await using container = await startShell(variant);
		using terminal = await Terminal.of(container);
		terminal.type("/actors/listener other 15:0 &\r");
		await terminal.screen.contains("other ready");
		await terminal.run("sleep 1000");
		terminal.type(CTRL_C);
		expect(await terminal.ask("$?")).toBe(INTERRUPTED);
		expect(terminal.screen.text).not.toContain("other got");
	});

	test("Ctrl-Z stops the program in its foreground, and fg lets it go on", async () => {
		await using container = await startShell(variant);
		using terminal = await Terminal.of(container);
		await terminal.run("sleep 1000");
		terminal.type(CTRL_Z);
		await untilState(container, "sleep", "T");
		expect(await terminal.ask("$((40 + 2))")).toBe("42");
		terminal.type("fg\r");
		await untilState(container, "sleep", "S");
		terminal.type(CTRL_C);
		expect(await terminal.ask("$?")).toBe(INTERRUPTED);
	});

	test("a new size of the window reaches the program in its foreground, and the shell", async () => {
		await using container = await startShell(variant);
		using terminal = await Terminal.of(container);
		terminal.type("/actors/listener job 2:0\r");
		await terminal.screen.contains("job ready");
		await container.handle.resize({ h: 41, w: 113 });
		await terminal.screen.contains("job got 28 from 0");
		terminal.type(CTRL_C);
		expect(await terminal.ask("$(stty size)")).toBe("41 113");
	});
});

describeVariants("docker stop of a shell on a terminal", (variant) => {
	test.for([
		["at its prompt", ""],
		["with a command in its foreground", "sleep 1000"],
	] as const)("%s hangs up on it, and is quick", async ([, command]) => {
		await using container = await startShell(variant);
		using terminal = await Terminal.of(container);
		expect(await terminal.ask("$((40 + 2))")).toBe("42");
		if (command !== "") await terminal.run(command);
		const { afterMs, code } = await container.stop();
		expect(code).toBe(128 + 1);
		expect(afterMs).toBeLessThan(SOON_MS);
	});
});

function startShell(variant: Variant): Promise<TestContainer> {
	return start(variant.ours, { command: [shellOf(variant)], create: TERMINAL });
}

async function untilState(container: TestContainer, name: string, state: string): Promise<void> {
	const processes = await Processes.of(container);
	await until(`${name} to be in state ${state}`, async () =>
		(await processes.read()).some((entry) => entry.name === name && entry.state === state),
	);
}
