// `baseimage import IMAGE` broken off while the engine sends: nothing is left, and nothing hangs.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { docker } from "../../../scripts/engine/docker.ts";
import { MAIN } from "../support/command.ts";
import { containersOf, findTestEngine, type TestEngine } from "../support/engine.ts";
import { StallingEngine } from "../support/stalling_engine.ts";

const IMAGE = "baseimage-ts:debian";

let found: Awaited<ReturnType<typeof findTestEngine>> = { reason: "not looked for yet" };
let folder = "";

beforeAll(async () => {
	found = await findTestEngine();
});
beforeEach(({ skip }) => {
	if ("reason" in found) skip(found.reason);
	folder = mkdtempSync(join(tmpdir(), "baseimage-import-"));
});
afterEach(() => {
	if (folder !== "") rmSync(folder, { recursive: true });
});

function engine(): TestEngine {
	if ("reason" in found) throw new Error(found.reason);
	return found;
}

function start(image: string, env: NodeJS.ProcessEnv) {
	const output = join(folder, "out");
	const child = spawn(process.execPath, [MAIN, "import", image, "-o", output], {
		env,
		stdio: ["ignore", "ignore", "pipe"],
	});
	return { child, output, closed: once(child, "close"), said: text(child.stderr) };
}

// At moments from before the first request to after the end.
test.each([150, 300, 400, 500, 800])("Ctrl-C after %i ms leaves nothing", async (delayMs) => {
	const { child, output, closed } = start(IMAGE, engine().env);
	await sleep(delayMs);
	child.kill("SIGINT");
	const [code, signal] = await closed;
	// Node.js itself ends it before the verb listens; and a run that had its end before ends as ever.
	expect(signal === "SIGINT" || [130, 1].includes(code)).toBe(true);
	expect(existsSync(output)).toBe(false);
	expect(await containersOf(engine().connection, child.pid)).toEqual([]);
});

/** With 70 MiB in /etc: more than is read, and than any buffer takes. */
async function largeImage(): Promise<string> {
	const { engine: own } = engine();
	const tag = "localhost/baseimage-ts/import-large";
	const fill = "head -c 73400320 /dev/zero > /etc/large";
	const made = await docker(own, "run", "--detach", "--network=none", IMAGE, "sh", "-c", fill);
	expect(await docker(own, "wait", made)).toBe("0");
	await docker(own, "commit", made, tag);
	await docker(own, "rm", made);
	return tag;
}

test("Ctrl-C while the engine has much to send leaves nothing", async ({ skip }) => {
	const { connection, env } = engine();
	const { transport } = connection.endpoint;
	if (transport.kind !== "unix") return skip("the engine has no socket on this machine");
	const image = await largeImage();
	try {
		const path = join(folder, "engine.sock");
		using slow = await StallingEngine.listen(path, transport.path, /^GET \S*\/archive\?/);
		const { child, output, closed } = start(image, { ...env, DOCKER_HOST: `unix://${path}` });
		await slow.stalled;
		child.kill("SIGINT");
		expect(await closed).toEqual([130, null]);
		expect(existsSync(output)).toBe(false);
		expect(await containersOf(connection, child.pid)).toEqual([]);
	} finally {
		await docker(engine().engine, "rmi", image);
	}
});

test("an image with more than is read is refused, and leaves nothing", async () => {
	const { connection, env, engine: own } = engine();
	const image = await largeImage();
	try {
		const { child, output, closed, said } = start(image, env);
		expect(await closed).toEqual([111, null]);
		expect(await said).toContain("at /etc/large more than 64 MiB were read");
		expect(existsSync(output)).toBe(false);
		expect(await containersOf(connection, child.pid)).toEqual([]);
	} finally {
		await docker(own, "rmi", image);
	}
});
