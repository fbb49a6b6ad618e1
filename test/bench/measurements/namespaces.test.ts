// Measurements of inits as PID 1, with stand-ins for them: env(1), whose command becomes PID 1 itself, and a shell, which reaps.
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Init } from "../../../bench/inits/init.ts";
import { crowd } from "../../../bench/measurements/crowd.ts";
import { endurance } from "../../../bench/measurements/endurance.ts";
import type { Bench, Measured, Measurement } from "../../../bench/measurements/measurement.ts";
import { stop } from "../../../bench/measurements/stop.ts";
import {
	type CompiledTools,
	compileForTests,
	hasCompiler,
	hasNamespaces,
	NEEDS_COMPILER,
	NEEDS_NAMESPACES,
} from "../native/support.ts";

// Each starts programs; a busy machine takes its time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const ENV = standIn("env", "/usr/bin/env", []);
const SHELL = standIn("shell", "/bin/sh", ["-c", '"$@"; exit $?', "sh"]);

let compiled: CompiledTools;

beforeAll(async () => {
	if (hasCompiler) compiled = await compileForTests();
});

afterAll(() => compiled?.[Symbol.dispose]());

beforeEach(({ skip }) => {
	skip(!hasCompiler, NEEDS_COMPILER);
	skip(!hasNamespaces, NEEDS_NAMESPACES);
});

function standIn(name: string, file: string, pid1: readonly string[]): Init {
	return {
		name,
		role: "peer",
		version: "1",
		file,
		linkage: "dynamic",
		words: { pid1 },
		reaps: true,
	};
}

async function quickRun(measurement: Measurement, init: Init): Promise<readonly Measured[]> {
	const bench: Bench = {
		inits: [init],
		tools: compiled.tools,
		quick: true,
		rounds: 1,
		progress: () => undefined,
	};
	const rows = await measurement.measure(bench);
	expect(new Set(rows.map(({ id }) => id)).size, "no id twice").toBe(rows.length);
	return rows;
}

function sizesOf(rows: readonly Measured[]): (number | undefined)[] {
	return rows.flatMap(({ growth }) => (growth === undefined ? [] : [growth.size]));
}

describe("stop", () => {
	test("counts who ended by itself: not those whom the kernel killed with their PID 1", async () => {
		const rows = await quickRun(stop, ENV);
		const ended = rows.filter(({ id }) => id.startsWith("stop.in-order."));
		expect(ended.map(({ id, samples }) => [id, new Set(samples.get("env"))])).toEqual([
			["stop.in-order.10", new Set([1])],
			["stop.in-order.100", new Set([1])],
			["stop.in-order.1000", new Set([1])],
			["stop.in-order.100.together", new Set([100])],
		]);
		expect(sizesOf(rows)).toEqual([1, 10, 100, 1_000]);
	});

	test("says why an init could not be measured", async () => {
		const [row] = await quickRun(stop, standIn("none", "/nowhere/init", []));
		expect(row?.samples.size).toBe(0);
		expect(row?.absent.get("none")).toMatch(/init: No such file or directory$/);
		expect(row?.absent.get("none")).not.toContain("/nowhere");
	});
});

test("endurance looks at the memory as often as it says", async () => {
	const rows = await quickRun(endurance, SHELL);
	expect(sizesOf(rows)).toEqual([100, 1_000, 10_000]);
	for (const { samples } of rows) {
		expect(samples.get("shell")).toHaveLength(1);
		expect(samples.get("shell")?.[0]).toBeGreaterThan(0);
	}
});

test("crowd divides what many share, and what all cost the host", async () => {
	const rows = await quickRun(crowd, SHELL);
	expect(sizesOf(rows)).toEqual([1, 100, 1_000]);
	const least = (id: string) =>
		Math.min(...(rows.find((row) => row.id === id)?.samples.get("shell") ?? []));
	const dirty = least("crowd.private-dirty.1000");
	const proportional = least("crowd.proportional.1000");
	expect(dirty).toBeGreaterThan(0);
	expect(proportional).toBeGreaterThan(dirty);
	// A thousand share what one alone had for itself.
	expect(proportional).toBeLessThan(least("crowd.proportional.1"));
	const host = rows.find(({ id }) => id === "crowd.host.1000");
	if (host?.absent.size === 0) expect(least("crowd.host.1000")).toBeGreaterThan(dirty);
	else expect(host?.absent.get("shell")).toBe("no memory cgroup can be made here");
});
