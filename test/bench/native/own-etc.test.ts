// Starts with an /etc of their own: what they see there, and that nobody else sees what they write.
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { runInits, timeStarts, Unmeasurable } from "../../../bench/native/launcher.ts";
import { newEtc } from "../../../bench/native/own-etc.ts";
import {
	type CompiledTools,
	compileForTests,
	hasCompiler,
	hasNamespaces,
	NEEDS_COMPILER,
	NEEDS_NAMESPACES,
} from "./support.ts";

// Each starts programs; a busy machine takes its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const sh = (script: string): string[] => ["/bin/sh", "-c", script];

describe("newEtc()", () => {
	test("lays folders, files and scripts ready, and removes them", async () => {
		let layer = "";
		{
			await using etc = await newEtc({
				folders: ["empty"],
				files: { "folder/file": "text\n" },
				scripts: { "folder/script": "#!/bin/sh\n" },
			});
			const [word, folder = "", ...command] = etc.around(["/init", "--", "app"]);
			layer = folder;
			expect([word, ...command]).toEqual(["etc", "/init", "--", "app"]);
			const modeOf = (path: string) => statSync(join(layer, path)).mode & 0o777;
			expect(modeOf("folder/file") & 0o111).toBe(0);
			expect(modeOf("folder/script") & 0o111).not.toBe(0);
			expect(statSync(join(layer, "empty")).isDirectory()).toBe(true);
			expect(existsSync(join(layer, "hostname"))).toBe(false);
		}
		expect(existsSync(layer)).toBe(false);
	});
});

describe("launch.c", () => {
	let compiled: CompiledTools;

	beforeAll(async () => {
		if (hasCompiler) compiled = await compileForTests();
	});

	afterAll(() => compiled?.[Symbol.dispose]());

	beforeEach(({ skip }) => {
		skip(!hasCompiler, NEEDS_COMPILER);
		skip(!hasNamespaces, NEEDS_NAMESPACES);
	});

	function time(...commands: string[][]) {
		return timeStarts(compiled.tools.launch, { place: "pid1", warmup: 1, rounds: 3, commands });
	}

	test("gives each start a fresh /etc with its files, and another command the machine's", async () => {
		await using etc = await newEtc({ files: { mine: "" } });
		const inside = "test -e /etc/mine && test ! -e /etc/bench-test-new && : >/etc/bench-test-new";
		const outside = "test ! -e /etc/mine && test ! -e /etc/bench-test-new";
		const samples = await time(etc.around(sh(inside)), sh(outside));
		expect(samples.map((list) => list.length)).toEqual([3, 3]);
		for (const { durationNs } of samples.flat()) expect(durationNs).toBeGreaterThan(0);
		expect(existsSync("/etc/bench-test-new")).toBe(false);
	});

	test("makes the command PID 1 there, and books its time on it", async () => {
		await using etc = await newEtc({});
		const nap = etc.around(sh("test $$ = 1 && sleep 0.05"));
		const [, naps = []] = await time(etc.around([compiled.tools.true]), nap);
		for (const { durationNs } of naps) expect(durationNs).toBeGreaterThanOrEqual(50_000_000);
	});

	test("says of a start that fails what the launcher says, not what the init says", async () => {
		await using etc = await newEtc({});
		const failing = etc.around(sh("echo '*** Running a script...' >&2; exit 3"));
		await expect(time(failing)).rejects.toThrow(
			new Unmeasurable("launch: sh ended with wait status 0x300"),
		);
	});

	test("says what keeps it from making one", async () => {
		const reason =
			"launch: no files of its own in etc: cannot mount an overlay: No such file or directory";
		const command = ["etc", "/nowhere", compiled.tools.true];
		await expect(time(command)).rejects.toThrow(new Unmeasurable(reason));
		await expect(runInits(compiled.tools.launch, 1, command)).rejects.toThrow(
			new Unmeasurable(reason),
		);
	});

	test("runs inits with these files too", async () => {
		await using etc = await newEtc({ files: { mine: "" } });
		const command = etc.around(sh('test -e /etc/mine && exec "$0"').concat(compiled.tools.idle));
		await using running = await runInits(compiled.tools.launch, 2, command);
		expect(running.pids).toHaveLength(2);
	});
});
