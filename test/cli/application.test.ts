// The application of `baseimage demo`, run by this machine's own shell.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { applicationFiles } from "../../cli/src/demo/application.ts";
import { judgeFile } from "../../cli/src/demo/judge.ts";
import { pack } from "../../cli/src/engine/archive.ts";
import { findShellcheck, WHY_NO_SHELLCHECK } from "../../scripts/shellcheck.ts";

let folder = "";
let server: ChildProcess | undefined;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "baseimage-demo-"));
	execFileSync("tar", ["-xf", "-", "-C", folder], { input: pack(applicationFiles()) });
});
afterEach(() => {
	server?.kill("SIGKILL");
	rmSync(folder, { recursive: true });
});

async function startServer(): Promise<ChildProcess> {
	server = spawn(join(folder, "demo", "server.sh"), { stdio: "ignore" });
	await vi.waitUntil(() => existsSync(join(folder, "demo", "server.ready")), { timeout: 5000 });
	return server;
}

function records(): string {
	return readFileSync(join(folder, "demo", "records"), "latin1");
}

test("the server flushes its file at SIGTERM and exits with 0", async () => {
	const running = await startServer();
	expect(judgeFile(records())).toMatchObject({ state: "torn", records: 50 });
	running.kill("SIGTERM");
	expect(await once(running, "exit")).toEqual([0, null]);
	expect(judgeFile(records()).state).toBe("whole");
});

test("the server leaves a torn file when it is killed while it flushes", async () => {
	const running = await startServer();
	running.kill("SIGTERM");
	await vi.waitUntil(() => judgeFile(records()).records === 75, { timeout: 5000 });
	running.kill("SIGKILL");
	expect(await once(running, "exit")).toEqual([null, "SIGKILL"]);
	expect(judgeFile(records())).toMatchObject({ state: "torn", records: 75 });
});

test("the batch ends before its children, which go on until their input ends", async () => {
	const batch = spawn(join(folder, "demo", "batch.sh"), ["20"], {
		stdio: ["pipe", "pipe", "ignore"],
	});
	expect(await once(batch, "exit")).toEqual([0, null]);
	// The children hold the batch's stdout: it closes with the last of them.
	expect(batch.stdout?.closed).toBe(false);
	batch.stdin?.end();
	batch.stdout?.resume();
	await once(batch, "close");
});

test("every script is sound POSIX shell", async ({ skip }) => {
	const scripts = applicationFiles().filter(({ name }) => name.endsWith(".sh"));
	const paths = scripts.map(({ name }) => join(folder, name));
	for (const path of paths) execFileSync("sh", ["-n", path]);
	const shellcheck = await findShellcheck();
	if (shellcheck === undefined) skip(WHY_NO_SHELLCHECK);
	else execFileSync(shellcheck, paths, { encoding: "utf8" });
});
