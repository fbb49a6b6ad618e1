// What is sent from outside of a namespace, and who receives it. Times are not judged.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { runInits, Unmeasurable } from "../../../bench/native/launcher.ts";
import {
	newStampsFile,
	parseSignals,
	parseStop,
	sendSignals,
	sendStop,
} from "../../../bench/native/send.ts";
import {
	asShellsChild,
	type CompiledTools,
	childrenOf,
	compileForTests,
	hasCompiler,
	hasNamespaces,
	NEEDS_COMPILER,
	NEEDS_NAMESPACES,
} from "./support.ts";

/** Above every kernel's greatest pid. */
const NOBODY = 2 ** 22 + 1;

// Each starts programs; a busy machine takes its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

describe("parseSignals()", () => {
	test("has each signal's time and the storm's pace", () => {
		expect(parseSignals("latency 12000\nlatency 9000\nstorm 500 250000000\n", 2)).toEqual({
			latenciesNs: [12_000, 9_000],
			orphansPerSecond: 2_000,
		});
	});

	test.each([
		["nothing", ""],
		["a signal less", "latency 1\nstorm 0 1"],
		["a signal more", "latency 1\nlatency 1\nlatency 1\nstorm 0 1"],
		["no storm", "latency 1\nlatency 1"],
		["no number", "latency 1\nlatency fast\nstorm 0 1"],
		["a warning", "latency 1\nwarning: slow\nstorm 0 1"],
	])("refuses %s", (_what, text) => {
		expect(() => parseSignals(text, 2)).toThrow(/^send (printed a line that|told of)/);
	});
});

describe("parseStop()", () => {
	test("has the time and how many ended by themselves", () => {
		expect(parseStop("stopped 350000 10\n")).toEqual({ durationNs: 350_000, ended: 10 });
	});

	test.each(["", "stopped 350000", "stopped fast 1\n", "stopped 1 2\nstopped 1 2\n"])(
		"refuses %j",
		(text) => {
			expect(() => parseStop(text)).toThrow("a line that does not fit");
		},
	);
});

test("the file of stamps goes with its folder", async () => {
	const file = await newStampsFile();
	spawnSync("touch", [file.path]);
	expect(existsSync(file.path)).toBe(true);
	await file[Symbol.asyncDispose]();
	expect(existsSync(file.path)).toBe(false);
});

describe("the programs", () => {
	let compiled: CompiledTools;

	beforeAll(async () => {
		if (hasCompiler) compiled = await compileForTests();
	});

	afterAll(() => compiled?.[Symbol.dispose]());

	beforeEach(({ skip }) => skip(!hasCompiler, NEEDS_COMPILER));

	/** Starts a program that says "ready", in a process group of its own. */
	async function startReady(program: string, ...words: string[]): Promise<ChildProcess> {
		const child = spawn(program, words, { stdio: ["pipe", "pipe", "inherit"], detached: true });
		const [said] = await once(child.stdout, "data");
		expect(`${said}`).toBe("ready\n");
		return child;
	}

	test("send.c measures each signal that receive.c has stamped, which ends with its stdin", async () => {
		const { tools, newFile } = compiled;
		const file = newFile();
		const receive = await startReady(tools.receive, file, "0", "one");
		const sent = await sendSignals(tools.send, file, {
			pid: receive.pid ?? 0,
			count: 20,
			processors: "one",
		});
		expect(sent.latenciesNs).toHaveLength(20);
		for (const latency of sent.latenciesNs) expect(latency).toBeGreaterThan(0);
		expect(sent.orphansPerSecond).toBe(0);
		const ended = once(receive, "exit");
		receive.stdin?.end();
		expect(await ended).toEqual([0, null]);
	});

	test("a stop has the processes of the tree that ended by themselves", async () => {
		const { tools, newFile } = compiled;
		for (const [size, main, ended] of [
			["1", "alone", 1],
			["4", "together", 4],
		] as const) {
			const file = newFile();
			const tree = await startReady(tools.tree, file, size, main);
			const stop = await sendStop(tools.send, file, tree.pid ?? 0);
			expect(stop.ended).toBe(ended);
			expect(stop.durationNs).toBeGreaterThan(0);
		}
	});

	test("a main child alone passes nothing on: the others are there until they are asked themselves", async () => {
		const { tools, newFile } = compiled;
		const file = newFile();
		const tree = await startReady(tools.tree, file, "3", "alone");
		const group = -(tree.pid ?? Number.NaN);
		try {
			expect((await sendStop(tools.send, file, tree.pid ?? 0)).ended).toBe(1);
			expect(process.kill(group, 0)).toBe(true);
		} finally {
			process.kill(group, "SIGTERM");
		}
	});

	test("who is not there cannot be measured", async () => {
		const { tools, newFile } = compiled;
		const nobody = "No such process";
		const plan = { pid: NOBODY, count: 1, processors: "any" } as const;
		await expect(sendStop(tools.send, newFile(), NOBODY)).rejects.toThrow(nobody);
		await expect(sendSignals(tools.send, newFile(), plan)).rejects.toThrow(
			new Unmeasurable(`bench: kill: ${nobody}`),
		);
	});

	test("each ends with 2 when its words are wrong", () => {
		const { tools, newFile } = compiled;
		const file = newFile();
		for (const [program, ...words] of [
			[tools.send],
			[tools.send, "fly", file, "1"],
			[tools.send, "signals", file, "many", "1", "any"],
			[tools.send, "signals", file, "5", "0", "any"],
			[tools.send, "signals", file, "5", "1", "two"],
			[tools.send, "signals", file, "5", "1"],
			[tools.send, "stop", file, "1"],
			[tools.receive, file, "0"],
			[tools.receive, file, "17", "any"],
			[tools.receive, file, "0", "all"],
			[tools.tree, file, "0", "alone"],
			[tools.tree, file, "1", "somehow"],
			[tools.tree, file, "1"],
			[tools.flood, "1"],
			[tools.contain],
			[tools.contain, "/bin/true"],
		] as const) {
			expect(spawnSync(program, words).status, `${program} ${words.join(" ")}`).toBe(2);
		}
	});

	describe("within a namespace", () => {
		beforeEach(({ skip }) => skip(!hasNamespaces, NEEDS_NAMESPACES));

		test("receive.c's helpers make orphans meanwhile, which the init reaps", async () => {
			const { tools, newFile } = compiled;
			const file = newFile();
			// A shell passes nothing on, so the main child itself is sent the signals: it is the one below the shell.
			await using running = await runInits(
				tools.launch,
				1,
				asShellsChild([tools.receive, file, "1", "any"]),
			);
			const [main = 0] = childrenOf(running.pids[0] ?? 0);
			const sent = await sendSignals(tools.send, file, {
				pid: main,
				count: 50,
				processors: "any",
			});
			expect(sent.latenciesNs).toHaveLength(50);
			expect(sent.orphansPerSecond).toBeGreaterThan(0);
		});

		test("contain.c gives its command a /proc of its own", async () => {
			const { tools } = compiled;
			const look =
				'read -r pid rest < /proc/self/stat; [ "$pid" = $$ ] || exit 3; echo ready; read -r line';
			const command = ["/bin/sh", "-c", look];
			await expect(runInits(tools.launch, 1, command)).rejects.toThrow(Unmeasurable);
			await using running = await runInits(tools.launch, 1, [tools.contain, ...command]);
			expect(running.pids).toHaveLength(1);
		});

		test("flood.c says when the last of its orphans is reaped, as often as it is told", async () => {
			const { tools } = compiled;
			await using running = await runInits(tools.launch, 1, asShellsChild([tools.flood]));
			for (const orphans of [1, 2_500, 10]) {
				running.tell(`${orphans}`);
				expect(await running.hear()).toBe("reaped");
			}
			expect(childrenOf(running.pids[0] ?? 0), "the shell's command alone").toHaveLength(1);
		});
	});
});
