// `baseimage demo` on a real engine, with the images of this checkout.
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Demonstration } from "../../cli/src/demo/result.ts";
import type { Engine } from "../../cli/src/engine/connect.ts";
import { findImage } from "../../cli/src/engine/image.ts";
import { startCommand } from "./support/command.ts";
import { containersOf as containersIn, findTestEngine } from "./support/engine.ts";

const VARIANTS = ["ubuntu", "debian", "centos", "alpine"] as const;
const ORPHANS = 60;
const LIMIT_MS = 180_000;
const POLL = { timeout: 60_000, interval: 20 };

let env: NodeJS.ProcessEnv = process.env;
let engine: Engine | undefined;
let reason = "";

beforeAll(async () => {
	const found = await findTestEngine();
	if ("reason" in found) reason = found.reason;
	else [env, engine] = [found.env, found.connection];
});

beforeEach(({ skip }) => {
	skip(reason !== "", reason);
});

function start(...options: string[]) {
	return startCommand(["demo", "--orphans", String(ORPHANS), ...options], { env });
}

async function demo(...options: string[]): Promise<Demonstration> {
	const { code, stdout, stderr } = await start("--json", ...options).ended;
	expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
	return JSON.parse(stdout);
}

async function containersOf(pid: number | undefined, status?: "running"): Promise<string[]> {
	return engine === undefined ? [] : await containersIn(engine, pid, status);
}

describe("demo --json", () => {
	test.concurrent.each(VARIANTS)(
		"shows on %s what the init does",
		{ timeout: LIMIT_MS },
		async (variant) => {
			const seen = await demo("--image", `baseimage-ts:${variant}`);
			expect(seen).toMatchObject({
				schema: 1,
				pattern: "keep-alive",
				passed: true,
				plain: {
					pid1: "tail",
					orphans: ORPHANS,
					zombies: ORPHANS,
					exitCode: 137,
					file: { state: "torn", records: 50, recordsExpected: 100 },
				},
				baseimage: {
					image: `baseimage-ts:${variant}`,
					pid1: "my_init",
					orphans: ORPHANS,
					zombies: 0,
					exitCode: 143,
					file: { state: "whole", records: 100, recordsExpected: 100 },
				},
				usage: [`FROM baseimage-ts:${variant}`, expect.any(String), 'CMD ["app"]'],
			});
			// PID 1, the server and the worker with their sleeps, and the zombies.
			expect(seen.plain).toMatchObject({ processesAlive: 5, processesLeft: 5 + ORPHANS });
			// The same, with the init in front.
			expect(seen.baseimage).toMatchObject({ processesAlive: 6, processesLeft: 6 });
			expect(seen.plain.stopSeconds).toBeGreaterThan(9.5);
			expect(seen.baseimage.stopSeconds).toBeLessThan(5);
		},
	);

	test("shows that a shell as PID 1 reaps, and still loses the file", {
		timeout: LIMIT_MS,
	}, async () => {
		const seen = await demo("--pattern", "start-script");
		expect(seen.plain).toMatchObject({ zombies: 0, exitCode: 137, file: { state: "torn" } });
		expect(seen.baseimage).toMatchObject({ zombies: 0, exitCode: 143, file: { state: "whole" } });
	});
});

test("demo ends with 1 when the image brings no init", { timeout: LIMIT_MS }, async () => {
	const { base } = engine === undefined ? {} : await findImage(engine, "baseimage-ts:alpine");
	const { code, stdout } = await start("--json", "--base", `${base}`, "--image", `${base}`).ended;
	expect(code).toBe(1);
	expect(JSON.parse(stdout)).toMatchObject({ passed: false, baseimage: { zombies: ORPHANS } });
});

test("demo with an unknown image ends with 4 and says how to get it", {
	timeout: LIMIT_MS,
}, async () => {
	const { code, stdout, stderr } = await start("--image", "baseimage-ts:nonexistent").ended;
	expect({ code, stdout }).toEqual({ code: 4, stdout: "" });
	expect(stderr).toContain("docker pull baseimage-ts:nonexistent");
});

/** Interrupts a run and waits for its end: it must leave nothing, whenever that was. */
async function interrupt({ child, ended }: ReturnType<typeof start>): Promise<void> {
	child.kill("SIGINT");
	const { code, stdout, stderr } = await ended;
	expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
	expect(stderr).toBe("baseimage: error: interrupted by SIGINT\n");
	expect(await containersOf(child.pid)).toEqual([]);
}

describe("demo interrupted by Ctrl-C ends with 130 and leaves no container", () => {
	test("when its first container has just been made", { timeout: LIMIT_MS }, async () => {
		const run = start();
		await vi.waitUntil(async () => (await containersOf(run.child.pid)).length > 0, POLL);
		await interrupt(run);
	});

	test.each([0, 1000, 2000, 6000])(
		"%i ms after both containers run",
		{ timeout: LIMIT_MS },
		async (delayMs) => {
			const run = start();
			const running = async () => (await containersOf(run.child.pid, "running")).length === 2;
			await vi.waitUntil(running, POLL);
			await sleep(delayMs);
			await interrupt(run);
		},
	);
});
