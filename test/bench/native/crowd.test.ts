// Many inits at once, and the cgroup that counts their memory.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { runInits } from "../../../bench/native/launcher.ts";
import { newMemoryCgroup } from "../../../bench/native/memory-cgroup.ts";
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

let compiled: CompiledTools;

beforeAll(async () => {
	if (hasCompiler) compiled = await compileForTests();
});

afterAll(() => compiled?.[Symbol.dispose]());

beforeEach(({ skip }) => skip(!hasCompiler, NEEDS_COMPILER));

describe("the launcher", () => {
	test("tells all pids, however many, while their commands write into the same pipe", async ({
		skip,
	}) => {
		skip(!hasNamespaces, NEEDS_NAMESPACES);
		const { tools } = compiled;
		await using running = await runInits(tools.launch, 1_000, [tools.idle]);
		expect(new Set(running.pids).size).toBe(1_000);
		for (const pid of running.pids) expect(existsSync(`/proc/${pid}`)).toBe(true);
	});

	test("says which cgroup it cannot enter", () => {
		const words = ["in", "/nowhere/group", "run", "1", "/bin/true"];
		const { status, stderr } = spawnSync(compiled.tools.launch, words, { encoding: "utf8" });
		expect(status).toBe(1);
		expect(stderr).toBe("launch: cannot enter /nowhere/group: No such file or directory\n");
	});
});

describe("newMemoryCgroup()", () => {
	test("counts the members' memory, and is gone when they are", async ({ skip }) => {
		skip(!hasNamespaces, NEEDS_NAMESPACES);
		const cgroup = await newMemoryCgroup().catch(() => undefined);
		if (cgroup === undefined) return skip("no memory cgroup can be made here");
		const { tools } = compiled;
		{
			await using group = cgroup;
			expect(await group.usedBytes()).toBe(0);
			await using running = await runInits(tools.launch, 20, [tools.idle], group.folder);
			expect(running.pids).toHaveLength(20);
			// Each has a stack in the kernel, of at least 8 KiB.
			expect(await group.usedBytes()).toBeGreaterThan(20 * 8 * 1024);
		}
		expect(existsSync(cgroup.folder)).toBe(false);
	});
});
