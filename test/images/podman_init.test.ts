// Podman with ours in place of catatonit: as the init of podman run --init, and as the pause process of a pod.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { namespaceOf, processesIn } from "../process/support/proc.ts";
import { until } from "../process/support/until.ts";
import { type InitOnHost, putInitOnHost } from "./support/init_on_host.ts";
import { Podman, type PodmanRun } from "./support/podman.ts";
import { INIT_IMAGE_IN_README, replacementLine } from "./support/readme.ts";
import { anyVariant } from "./support/variants.ts";

const ORPHANS = 200;
/** Far below the engine's 10 s and the init's 9 s: what takes longer was waited out. */
const SOON_MS = 4_000;
/** An application and a daemon of its, which both finish their work when TERM comes. */
const WITH_DAEMON = "/actors/daemonize /actors/saver daemon 900; exec /actors/saver app 300";

/** A base without any init of ours. */
const { plain } = anyVariant();
const initImage = inject("initImage").tag;

const podman = await findPodman();

async function findPodman() {
	const found = await Podman.find();
	if ("reason" in found) return found;
	await found.load(plain);
	return found;
}

afterAll(async () => {
	if (podman instanceof Podman) await podman.remove();
});

describe("podman run --init with our init", () => {
	let host: InitOnHost;
	let obstacle: string | undefined;

	beforeAll(async () => {
		if (!(podman instanceof Podman)) return;
		host = await putInitOnHost();
		const setting = host.here(replacementLine("the init of `podman run --init`"));
		obstacle = await podman.configure(`[containers]\n${setting}\n`);
	});

	afterAll(async () => {
		await host?.[Symbol.asyncDispose]();
	});

	test("runs the application as the init's child, and has its exit code", async ({ skip }) => {
		const script = "readlink /proc/1/exe; grep -c baseimage-ts /proc/1/exe; echo $PPID; exit 42";
		const run = runWithInit(skip, ["sh", "-c", script]);
		expect(await run.ended).toBe(42);
		expect(run.output.text).toMatch(/^\S*init\n[1-9]\d*\n1\n$/);
	});

	test("ends with catatonit's exit code where the command cannot be started", async ({ skip }) => {
		expect(await runWithInit(skip, ["/no/such/command"]).ended).toBe(1);
	});

	test.for([
		["does not wait for a daemon, as catatonit does not", [], false],
		["waits for a daemon with -e INIT_WAIT=term", ["--env=INIT_WAIT=term"], true],
	] as const)("stops an application in time, and %s", async ([, options, isSaved], { skip }) => {
		const name = randomUUID();
		const run = runWithInit(skip, ["sh", "-c", WITH_DAEMON], options, name);
		await run.output.line("app ready");
		await run.output.line("daemon ready");
		expect(await msOf("stop", name)).toBeLessThan(SOON_MS);
		expect(await run.ended).toBe(0);
		expect(run.output.lines).toContain("app saved");
		expect(run.output.lines.includes("daemon saved")).toBe(isSaved);
	});

	function runWithInit(
		skip: (reason: string) => never,
		command: readonly string[],
		options: readonly string[] = [],
		name: string = randomUUID(),
	): PodmanRun {
		if (!(podman instanceof Podman)) return skip(podman.reason);
		if (obstacle !== undefined) return skip(obstacle);
		return podman.start(name, plain, command, ["--network=none", "--init", ...options]);
	}
});

describe("a pod whose pause process is ours", () => {
	test("reaps the other containers' orphans, and stops in time with 0", async ({ skip }) => {
		if (!(podman instanceof Podman)) return skip(podman.reason);
		const name = await startPod(podman, "/pause");
		const infra = await podman.run("pod", "inspect", "--format", "{{.InfraContainerID}}", name);
		const pid = Number(await podman.run("inspect", "--format", "{{.State.Pid}}", infra));
		const namespace = namespaceOf(pid) ?? "gone";
		expect(processesIn(namespace).map((process) => process.pid)).toEqual([pid]);

		const command = ["/actors/orphans", String(ORPHANS), "1"];
		const options = ["--network=none", "--pod", name];
		const run = podman.start(randomUUID(), plain, command, options);
		await run.output.line("adopted");
		const orphans = () => processesIn(namespace).filter(({ parent }) => parent === pid).length;
		expect(orphans()).toBe(ORPHANS);
		run.type("\n");
		await until("all orphans to be gone", () => orphans() === 0);

		expect(await msOf("pod", "stop", name)).toBeLessThan(SOON_MS);
		// Podman asks all containers of the pod at once: by TERM, or by the end of PID 1 when that comes first.
		expect([137, 143]).toContain(await run.ended);
		expect(await podman.run("inspect", "--format", "{{.State.ExitCode}}", infra)).toBe("0");
		await podman.run("pod", "rm", "--force", name);
	});

	test("lets the other containers save their work where it is /my_init", async ({ skip }) => {
		if (!(podman instanceof Podman)) return skip(podman.reason);
		const name = await startPod(podman, "/my_init");
		const options = ["--network=none", "--pod", name];
		const run = podman.start(randomUUID(), plain, ["/actors/saver", "app", "900"], options);
		await run.output.line("app ready");
		expect(await msOf("pod", "stop", name)).toBeLessThan(SOON_MS);
		expect(await run.ended).toBe(0);
		expect(run.output.text).toBe("app ready\napp saving\napp saved\n");
		await podman.run("pod", "rm", "--force", name);
	});
});

/** A pod by README's line, with this command in place of its /pause; its name. */
async function startPod(by: Podman, command: string): Promise<string> {
	await by.load(initImage);
	const name = randomUUID();
	const line = replacementLine("the pause of a pod")
		.replace(INIT_IMAGE_IN_README, initImage)
		.replace("/pause", command);
	await by.run(...line.split(" ").slice(1), "--network=none", "--name", name);
	await by.run("pod", "start", name);
	return name;
}

/** How long the command takes. */
async function msOf(...command: string[]): Promise<number> {
	if (!(podman instanceof Podman)) throw new Error(podman.reason);
	const askedAtMs = performance.now();
	await podman.run(...command);
	return performance.now() - askedAtMs;
}
