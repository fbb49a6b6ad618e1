// Rootless Podman: another engine, and a user namespace in which the init has no privileges.
import { randomUUID } from "node:crypto";
import { afterAll, expect, test } from "vitest";
import { namespaceOf, processesIn } from "../process/support/proc.ts";
import { until } from "../process/support/until.ts";
import { Podman } from "./support/podman.ts";
import { describeVariants } from "./support/variants.ts";

const ORPHANS = 200;
/** Far below the engine's 10 s and the init's 9 s: what takes longer was waited out. */
const SOON_MS = 4_000;

const podman = await Podman.find();

afterAll(async () => {
	if (podman instanceof Podman) await podman.remove();
});

describeVariants("rootless Podman", ({ ours }) => {
	test("runs a command under the init, and has its exit code", async ({ skip }) => {
		if (!(podman instanceof Podman)) return skip(podman.reason);
		await podman.load(ours);
		const script =
			'read -r root user _ < /proc/1/uid_map; echo "$root is $user: $(cat /proc/1/comm)"';
		const run = podman.start(randomUUID(), ours, ["sh", "-c", `${script}; exit 42`]);
		expect(await run.ended).toBe(42);
		expect(run.output.text).toMatch(/^0 is [1-9]\d*: my_init\n$/);
	});

	test("stops an application and its daemon once both have finished", async ({ skip }) => {
		if (!(podman instanceof Podman)) return skip(podman.reason);
		await podman.load(ours);
		const daemon = "/actors/daemonize /actors/saver daemon 900";
		const name = randomUUID();
		const command = ["sh", "-c", `${daemon}; exec /actors/saver app 300`];
		const { output, ended } = podman.start(name, ours, command);
		await output.line("app ready");
		await output.line("daemon ready");
		const askedAtMs = performance.now();
		await podman.run("stop", name);
		expect(performance.now() - askedAtMs).toBeLessThan(SOON_MS);
		expect(await ended).toBe(0);
		expect(output.text).toContain("app saved\n");
		expect(output.text).toContain("daemon saved\n");
	});

	test(`has no zombie after ${ORPHANS} orphans`, async ({ skip }) => {
		if (!(podman instanceof Podman)) return skip(podman.reason);
		await podman.load(ours);
		const name = randomUUID();
		const run = podman.start(name, ours, ["/actors/orphans", String(ORPHANS), "1"]);
		await run.output.line("adopted");
		const pid = Number(await podman.run("inspect", "--format", "{{.State.Pid}}", name));
		const namespace = namespaceOf(pid) ?? "gone";
		expect(orphansIn(namespace, pid).length).toBe(ORPHANS);
		run.type("\n");
		await until("all orphans to be gone", () => orphansIn(namespace, pid).length === 0);
		await podman.run("stop", name);
		expect(await run.ended).toBe(143);
	});
});

/** Children of PID 1, zombies too, but for one: the main child. */
function orphansIn(namespace: string, pid: number) {
	return processesIn(namespace)
		.filter(({ parent }) => parent === pid)
		.slice(1);
}
