import { describe, expect, test } from "vitest";
import type { Kernel } from "../../../init/src/kernel/kernel.ts";
import { runProgram } from "../../../init/src/main.ts";
import { EAGAIN } from "../../simulation/errno.ts";
import { directory, oldSocket, plainFile, type SimulatedFile } from "../../simulation/files.ts";
import { overridden } from "../../simulation/overridden.ts";
import { HUP, INT, TERM } from "../../simulation/signal_actions.ts";
import { type Run, World } from "../../simulation/world.ts";

const EPIPE = 32;
const PATH = "/dev/log";

function worldWith(
	words: readonly string[],
	files: Readonly<Record<string, SimulatedFile>> = {},
): World {
	return new World({ name: "initctl", arguments: ["syslog", ...words], files });
}

function send(world: World, ms: number, ...messages: readonly string[]): void {
	world.at(ms, () => {
		const socket = world.machine.files.socket(PATH);
		if (socket === undefined) throw new Error(`nobody listens at ${PATH}`);
		for (const message of messages) socket.send(message);
	});
}

function run(world: World, overrides: Partial<Kernel> = {}): Run {
	return world.run(() => runProgram(overridden(world.kernel, overrides)));
}

describe("initctl syslog", () => {
	test.each([TERM, INT])("writes a line for each message, until signal %i", (signal) => {
		const world = worldWith([]);
		send(world, 10, "<13>Oct 11 22:14:15 app[1]: one\n", "<11>two\nlines");
		send(world, 20, "<13>", "three");
		world.at(30, () => world.signal(HUP));
		world.at(40, () => world.signal(signal));
		const ended = run(world);
		expect(ended).toMatchObject({ exitCode: 0, stderr: "", endedAtMs: 40 });
		expect(ended.stdout).toBe("app[1]: one\nerror: two\\x0alines\nthree\n");
		expect(world.machine.files.find(PATH)).toBeUndefined();
	});

	test("wakes for nothing else", () => {
		const world = worldWith([]);
		send(world, 10, "x");
		world.at(100_000, () => world.signal(TERM));
		const sleeps = run(world).facts.filter((fact) => fact.type === "slept");
		expect(sleeps.filter(({ timeoutMs }) => timeoutMs !== 0).length).toBe(2);
	});

	test("still writes what was there when it was told to end", () => {
		const world = worldWith([]);
		world.at(10, () => {
			for (let sent = 0; sent < 300; sent++) world.machine.files.socket(PATH)?.send(`m ${sent}`);
			world.signal(TERM);
		});
		expect(run(world).stdout.split("\n").length).toBe(301);
	});

	test("lets anybody send, to a socket of its own", () => {
		const world = worldWith(["/run/log"], { "/run/log": oldSocket() });
		let mode = 0;
		world.at(10, () => {
			mode = world.machine.files.socket("/run/log")?.mode ?? 0;
			world.signal(TERM);
		});
		expect(run(world).exitCode).toBe(0);
		expect(mode).toBe(0o666);
	});

	test.each([plainFile("text"), directory()])("never replaces anything else: %o", (file) => {
		const world = worldWith([], { [PATH]: file });
		expect(run(world)).toMatchObject({
			exitCode: 111,
			stdout: "",
			stderr: '*** error: cannot listen at "/dev/log": something else is there (EEXIST)\n',
		});
		expect(world.machine.files.find(PATH)).toBe(file);
	});

	test("cuts what is longer than 8,192 bytes", () => {
		const world = worldWith([]);
		send(world, 10, "x".repeat(8_192), "y".repeat(9_000));
		world.at(20, () => world.signal(TERM));
		expect(run(world).stdout).toBe(`${"x".repeat(8_192)}\n${"y".repeat(8_192)}...\n`);
	});

	test("never waits for a reader, and says how much it has lost", () => {
		const world = worldWith([]);
		let isBlocked = true;
		send(world, 10, ...Array.from({ length: 100 }, (_, index) => `${index}`.padEnd(1_023, ".")));
		world.at(500, () => {
			isBlocked = false;
		});
		send(world, 1_000, "after");
		world.at(2_000, () => world.signal(TERM));
		const { stdout } = run(world, {
			write: (descriptor, bytes) => (isBlocked ? -EAGAIN : world.kernel.write(descriptor, bytes)),
		});
		const lines = stdout.trimEnd().split("\n");
		expect(lines.length).toBe(66);
		expect(lines.slice(-2)).toEqual([
			"*** warning: 36 messages were lost: stdout was blocked",
			"after",
		]);
	});

	test("ends where nobody reads any more, and leaves no socket", () => {
		const world = worldWith([]);
		send(world, 10, "x");
		const write: Kernel["write"] = (descriptor, bytes) =>
			descriptor === 1 ? -EPIPE : world.kernel.write(descriptor, bytes);
		expect(run(world, { write })).toMatchObject({
			exitCode: 111,
			stderr: "*** error: syslog ends: nobody reads from it any more (EPIPE)\n",
		});
		expect(world.machine.files.find(PATH)).toBeUndefined();
	});

	test("a sleep that is interrupted is slept again; one that fails ends it", () => {
		const world = worldWith([]);
		let polls = 0;
		const poll: Kernel["poll"] = () => (++polls < 5 ? -4 : -24);
		expect(run(world, { poll })).toMatchObject({ exitCode: 111 });
		expect(polls).toBe(5);
	});

	test.each([[["a", "b"]], [["--help"]], [["-x"]]])("%j is a usage error", (words) => {
		const world = worldWith(words);
		expect(run(world)).toMatchObject({ exitCode: 2, stdout: "" });
	});
});
