// Processes that enter from outside, by docker exec and by a HEALTHCHECK, and leave orphans behind.
import type { ContainerInspectInfo } from "dockerode";
import { expect, test } from "vitest";
import { until } from "../process/support/until.ts";
import { start, type TestContainer } from "./support/container.ts";
import { Processes, type Zombies } from "./support/processes.ts";
import { describeVariants } from "./support/variants.ts";

const ORPHANS = 25;
const CHECKS = 4;
const CHILDREN_OF_A_CHECK = 3;
const SECOND_NS = 1_000_000_000;
/** With this file there, checks are well and leave nothing. */
const ENOUGH = "/enough";

type Health = NonNullable<ContainerInspectInfo["State"]["Health"]>;

/** On the plain base it is PID 1, and waits for nobody's end. */
const APPLICATION = { command: ["/actors/listener", "app", "15:0"], ready: ["app ready"] };

describeVariants("docker exec of a command that leaves orphans", ({ ours, plain }) => {
	test("leaves no zombie", async () => {
		await using container = await start(ours, APPLICATION);
		expect(await zombiesOfExec(container)).toEqual({ ofThem: 0, inAll: 0 });
		expect(await container.isRunning()).toBe(true);
		expect(await container.stop()).toMatchObject({ code: 0, stderr: "" });
	});

	test("on the plain base, all of them stay zombies", async () => {
		await using container = await start(plain, APPLICATION);
		expect((await zombiesOfExec(container)).ofThem).toBe(ORPHANS);
	});
});

const TITLE = "a HEALTHCHECK that times out every second and leaves children";
describeVariants(TITLE, ({ ours, plain }) => {
	// The engine kills what became of the shell; its children know nothing of that.
	const check = `[ -e ${ENOUGH} ] && exit; ${children(CHILDREN_OF_A_CHECK)}; exec sleep 1000`;
	const checked = {
		...APPLICATION,
		create: {
			Healthcheck: {
				Test: ["CMD-SHELL", check],
				Interval: SECOND_NS / 10,
				Timeout: SECOND_NS,
				Retries: 1,
			},
		},
	};

	// Side by side, since each check takes its second.
	test("leaves no zombie after any check, on the plain base more after each", async () => {
		await using container = await start(ours, checked);
		await using bare = await start(plain, checked);
		const [onOurs, onPlain] = await Promise.all([zombiesByCheck(container), zombiesByCheck(bare)]);

		for (const zombies of onOurs) expect(zombies).toEqual({ ofThem: 0, inAll: 0 });
		for (const [check, { ofThem, inAll }] of onPlain.entries()) {
			expect(ofThem).toBeGreaterThanOrEqual(CHILDREN_OF_A_CHECK);
			expect(inAll).toBeGreaterThanOrEqual((check + 1) * CHILDREN_OF_A_CHECK);
		}
		await demandTimeouts(container);
		await demandTimeouts(bare);
		// The engine goes on checking during a stop: what comes then must not be there for long.
		await container.shell(`: > ${ENOUGH}`);
		await until(
			"a check that is well",
			async () => (await healthOf(container)).Status === "healthy",
		);
		const { code, stdout, stderr } = await container.stop();
		const expected = { code: 0, stdout: "app ready\napp got 15 from 1\n", stderr: "" };
		expect({ code, stdout, stderr }).toEqual(expected);
	});
});

/** What a shell does to have children that go on until they are signalled. */
function children(count: number): string {
	return `for i in $(seq ${count}); do /actors/listener "child$i" 15:0 > /dev/null 2>&1 & done`;
}

async function zombiesOfExec(container: TestContainer): Promise<Zombies> {
	const processes = await Processes.of(container);
	await container.shell(children(ORPHANS));
	return await end(container, processes, await processes.orphans("listener", ORPHANS));
}

/** Ends the orphans of one check after the other, those of a later one too where that was quicker, and counts after each. */
async function zombiesByCheck(container: TestContainer): Promise<Zombies[]> {
	const processes = await Processes.of(container);
	const counts: Zombies[] = [];
	while (counts.length < CHECKS) {
		const orphans = await processes.orphansAtLeast("listener", CHILDREN_OF_A_CHECK);
		counts.push(await end(container, processes, orphans));
	}
	return counts;
}

async function end(
	container: TestContainer,
	processes: Processes,
	orphans: ReadonlySet<number>,
): Promise<Zombies> {
	const pids = [...orphans].map((pid) => processes.innerPid(pid));
	await container.shell(`kill -TERM ${pids.join(" ")}`);
	return await processes.zombiesAfter(orphans);
}

/** The engine's own record: it gave up on each check. */
async function demandTimeouts(container: TestContainer): Promise<void> {
	const health = await until("the record of all checks", async () => {
		const soFar = await healthOf(container);
		return soFar.FailingStreak >= CHECKS && soFar;
	});
	expect(health.Status).toBe("unhealthy");
	for (const { Output } of health.Log) expect(Output).toContain("exceeded timeout (1s)");
}

async function healthOf(container: TestContainer): Promise<Health> {
	const { Health } = (await container.handle.inspect()).State;
	if (Health === undefined) throw new Error("the container has no HEALTHCHECK");
	return Health;
}
