// Ctrl-C at any moment: nothing of a run is left, and what was there before is as it was.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { baseimage } from "../../scripts/doctor/zoo.ts";
import { docker } from "../../scripts/engine/docker.ts";
import { MAIN } from "./support/command.ts";
import { containersOf, findTestEngine, imagesOf, type TestEngine } from "./support/engine.ts";

const IMAGE = "baseimage-ts:debian";
const NAME = "localhost/baseimage-ts/interrupt-test";
const LONG = process.env["LONG"] === "1";
const LIMIT = { timeout: 180_000 };
/** Longer than any of the runs takes when nobody interrupts it, so that its end is among the moments. */
const LATEST_MS = 5_000;
const MOMENTS = LONG ? 20 : 4;

let found: Awaited<ReturnType<typeof findTestEngine>> = { reason: "not looked for yet" };

beforeAll(async () => {
	found = await findTestEngine();
});
beforeEach(({ skip }) => {
	if ("reason" in found) skip(found.reason);
});

function engine(): TestEngine {
	if ("reason" in found) throw new Error(found.reason);
	return found;
}

/** One in each part of the time, at random: a failure names it. */
function moments(): number[] {
	const part = LATEST_MS / MOMENTS;
	return Array.from({ length: MOMENTS }, (_, index) => Math.round((index + Math.random()) * part));
}

/** Runs the command, interrupts it, and gives whether it had ended by itself before. */
async function interrupted(delayMs: number, ...args: string[]) {
	const child = spawn(process.execPath, [MAIN, ...args], { env: engine().env, stdio: "ignore" });
	const closed = once(child, "close");
	await Promise.race([sleep(delayMs), closed]);
	const hasEnded = !child.kill("SIGINT");
	const [code, signal] = await closed;
	// Node.js itself ends by the signal before the verb listens; one that came last finds the work done.
	if (!hasEnded) expect([130, "SIGINT", 0, 1]).toContain(signal ?? code);
	expect(await containersOf(engine().connection, child.pid)).toEqual([]);
	return hasEnded || code === 0;
}

test.for(moments())("doctor --run, after %i ms, leaves no container", LIMIT, async (delayMs) => {
	await interrupted(delayMs, "doctor", "--run", "--warm-up", "1", IMAGE, "--", "sleep", "100");
});

describe("leaves no image", () => {
	const grafted = `${NAME}:grafted`;
	const restored = `${NAME}:restored`;
	const graft = ["graft", IMAGE, "--force", "--name", "tini", "--tag", grafted];
	const ungraft = ["ungraft", grafted, "--tag", restored];
	let id = "";

	/** The images of that id, which is the same each time, and the names that the runs give. */
	async function traces(): Promise<string[]> {
		const images = await imagesOf(engine().connection);
		return images.filter((image) => image.includes(id) || image.includes(NAME));
	}

	beforeAll(async () => {
		if ("reason" in found) return;
		await baseimage(found.env, ...graft);
		id = await docker(found.engine, "inspect", "--format", "{{.Id}}", grafted);
		await docker(found.engine, "rmi", grafted);
	}, LIMIT.timeout);

	test.for(moments())("graft, after a quarter of %i ms", LIMIT, async (delayMs) => {
		if (await interrupted(delayMs / 4, ...graft)) await docker(engine().engine, "rmi", grafted);
		expect(await traces()).toEqual([]);
	});

	test.for(moments())("ungraft, after a quarter of %i ms", LIMIT, async (delayMs) => {
		const { env, engine: own } = engine();
		expect(await baseimage(env, ...graft)).toMatchObject({ exitCode: 0 });
		if (await interrupted(delayMs / 4, ...ungraft)) await docker(own, "rmi", restored);
		expect(await traces()).toEqual([expect.stringContaining(grafted)]);
		await docker(own, "rmi", grafted);
	});
});

describe("leaves a container of somebody else as it was", () => {
	test.for(moments())("doctor, after %i ms", LIMIT, async (delayMs) => {
		const { engine: own } = engine();
		const id = await docker(own, "run", "--detach", "--network=none", IMAGE, "sleep", "1000");
		try {
			await interrupted(delayMs / 2, "doctor", id);
			expect(await docker(own, "diff", id)).toBe("");
			expect(await docker(own, "inspect", "--format", "{{.State.Running}}", id)).toBe("true");
		} finally {
			await docker(own, "rm", "--force", id);
		}
	});
});
