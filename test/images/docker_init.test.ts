// docker run --init where the engine's init is ours, set as README tells it.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { namespaceOf, processesIn } from "../process/support/proc.ts";
import { until } from "../process/support/until.ts";
import { type InitOnHost, putInitOnHost } from "./support/init_on_host.ts";
import { HOST_FOLDER_IN_README, replacementLine } from "./support/readme.ts";
import { SecondEngine } from "./support/second_engine.ts";
import { anyVariant } from "./support/variants.ts";

const ORPHANS = 200;
/** Far below the engine's 10 s and the init's 9 s: what takes longer was waited out. */
const SOON_MS = 4_000;
/** An application and a daemon of its, which both finish their work when TERM comes. */
const WITH_DAEMON = "/actors/daemonize /actors/saver daemon 900; exec /actors/saver app 300";

/** A base without any init of ours. */
const { plain } = anyVariant();
const obstacle = SecondEngine.obstacle();
let host: InitOnHost;
let engine: SecondEngine;

describe("docker run --init with our init", () => {
	beforeAll(async () => {
		if (obstacle !== undefined) return;
		host = await putInitOnHost();
		const setting = host.here(replacementLine("the init of `docker run --init`"));
		engine = await SecondEngine.start(JSON.parse(`{ ${setting} }`));
		await engine.load(plain);
	});

	afterAll(async () => {
		await engine?.[Symbol.asyncDispose]();
		await host?.[Symbol.asyncDispose]();
	});

	beforeEach(({ skip }) => skip(obstacle !== undefined, obstacle));

	test("is known to the engine by its version, without a complaint", async () => {
		const components = "{{range .Server.Components}}{{println .Name .Version}}{{end}}";
		const version = await engine.docker("version", "--format", components);
		expect(version.stdout).toMatch(/^tini \d+\.\d+\.\d+\S*_baseimage-ts$/m);
		const info = await engine.docker("info", "--format", "{{.InitBinary}} {{.InitCommit.ID}}");
		// "N/A" where the engine does not understand what the init says. Our version names no commit.
		expect(info.stdout).toBe(`${host.here(`${HOST_FOLDER_IN_README}/tini`)} `);
		expect(info.stderr).toBe("");
	});

	test("runs the application as its child", async () => {
		const run = engine.run("--rm", "--init", plain, "sh", "-c", "cat /proc/1/comm; echo $PPID");
		expect(await run.ended).toBe(0);
		expect(run.output.text).toBe("docker-init\n1\n");
	});

	test.for([
		["its own", ["sh", "-c", "exit 42"], 42],
		["128 + a signal's number", ["sh", "-c", "kill -9 $$"], 137],
		["127 where there is no such command", ["/no/such/command"], 127],
		["126 where it cannot be executed", ["/etc/passwd"], 126],
	] as const)("has the exit code of the command: %s", async ([, command, code]) => {
		const run = engine.run("--rm", "--init", plain, ...command);
		expect(await run.ended).toBe(code);
	});

	test("stops the application once it has saved its work", async () => {
		const name = randomUUID();
		const run = engine.run("--name", name, "--init", plain, "/actors/saver", "app", "300");
		await run.output.line("app ready");
		expect(await stopMs(name)).toBeLessThan(SOON_MS);
		expect(await run.ended).toBe(0);
		expect(run.output.text).toBe("app ready\napp saving\napp saved\n");
	});

	test.for([
		["by itself does not wait for a daemon, as tini does not", [], false],
		["waits for a daemon with -e INIT_WAIT=term", ["--env", "INIT_WAIT=term"], true],
	] as const)("%s", async ([, options, isSaved]) => {
		const name = randomUUID();
		const run = engine.run("--name", name, "--init", ...options, plain, "sh", "-c", WITH_DAEMON);
		await run.output.line("app ready");
		await run.output.line("daemon ready");
		expect(await stopMs(name)).toBeLessThan(SOON_MS);
		expect(await run.ended).toBe(0);
		expect(run.output.lines).toContain("app saved");
		expect(run.output.lines.includes("daemon saved")).toBe(isSaved);
	});

	test(`has no zombie after ${ORPHANS} orphans`, async () => {
		const name = randomUUID();
		const run = engine.run("--name", name, "--init", plain, "/actors/orphans", `${ORPHANS}`, "1");
		await run.output.line("adopted");
		const { stdout } = await engine.docker("inspect", "--format", "{{.State.Pid}}", name);
		const pid = Number(stdout);
		const namespace = namespaceOf(pid) ?? "gone";
		/** All but PID 1 and the main child. */
		const orphans = () => processesIn(namespace).length - 2;
		expect(orphans()).toBe(ORPHANS);
		run.type("\n");
		await until("all orphans to be gone", () => orphans() === 0);
		expect(await stopMs(name)).toBeLessThan(SOON_MS);
		expect(await run.ended).toBe(143);
	});
});

/** How long docker stop takes. */
async function stopMs(name: string): Promise<number> {
	const askedAtMs = performance.now();
	await engine.docker("stop", name);
	return performance.now() - askedAtMs;
}
