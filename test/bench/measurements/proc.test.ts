// Looks at a real process that the test has started: no privileges are needed for one's own.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { beforeEach, describe, expect, test } from "vitest";
import { cpuNsOf, memoryOf, switchesOf, untilIdle } from "../../../bench/measurements/proc.ts";
import { Unmeasurable } from "../../../bench/native/launcher.ts";

/** Above every kernel's greatest pid. */
const NOBODY = 2 ** 22 + 1;

beforeEach(({ skip }) => {
	const missing = ["smaps_rollup", "status", "schedstat"].filter(
		(name) => !existsSync(`/proc/self/${name}`),
	);
	skip(missing.length > 0, `this machine has no /proc/self/${missing.join(", ")}`);
});

/** A cat, which sleeps until it is told something. */
function startCat() {
	const cat = spawn("cat", { stdio: ["pipe", "pipe", "inherit"] });
	return {
		pid: cat.pid ?? 0,
		async echo(text: string) {
			cat.stdin.write(text);
			await once(cat.stdout, "data");
		},
		async [Symbol.asyncDispose]() {
			cat.stdin.end();
			await once(cat, "exit");
		},
	};
}

test("memoryOf() counts in KiB: own written pages are part of the shared-out ones, those of all", async () => {
	const { resident, proportional, privateDirty } = await memoryOf(process.pid);
	// Node.js has tens of megabytes.
	expect(resident).toBeGreaterThan(10_000);
	expect(resident).toBeLessThan(10_000_000);
	expect(proportional).toBeLessThanOrEqual(resident);
	expect(privateDirty).toBeLessThanOrEqual(proportional);
	expect(privateDirty).toBeGreaterThan(1_000);
});

test("switchesOf() counts that a process slept and was woken", async () => {
	await using cat = startCat();
	await cat.echo("begun\n");
	await untilIdle(cat.pid);
	const before = await switchesOf(cat.pid);
	expect(await switchesOf(cat.pid)).toBe(before);
	await cat.echo("again\n");
	await untilIdle(cat.pid);
	expect(await switchesOf(cat.pid)).toBeGreaterThan(before);
});

test("cpuNsOf() counts nanoseconds on a processor", async () => {
	await using cat = startCat();
	await cat.echo("begun\n");
	await untilIdle(cat.pid);
	const before = await cpuNsOf(cat.pid);
	// More than a microsecond; and an idle process is given no time.
	expect(before).toBeGreaterThan(1_000);
	expect(await cpuNsOf(cat.pid)).toBe(before);
	await cat.echo("again\n");
	await untilIdle(cat.pid);
	expect(await cpuNsOf(cat.pid)).toBeGreaterThan(before);
});

describe("of a process that has ended, a cell can say that it was not measured:", () => {
	test.each([
		["memoryOf()", memoryOf],
		["switchesOf()", switchesOf],
		["cpuNsOf()", cpuNsOf],
		["untilIdle()", untilIdle],
	] as const)("%s", async (_name, look) => {
		await expect(look(NOBODY)).rejects.toThrow(Unmeasurable);
	});
});
