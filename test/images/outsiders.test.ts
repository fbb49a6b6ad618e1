// Processes that enter from outside, by docker exec and by a HEALTHCHECK, and leave orphans behind.
import { expect, test } from "vitest";
import { isZombie } from "../../cli/src/processes/table.ts";
import { until } from "../process/support/until.ts";
import { start, type TestContainer } from "./support/container.ts";
import { Processes, type Zombies } from "./support/processes.ts";
import { describeVariants } from "./support/variants.ts";

const ORPHANS = 25;
const CHECKS = 4;
const CHILDREN_OF_A_CHECK = 3;
const SECOND_NS = 1_000_000_000;
const CHECKS_MS = 40_000;

const application = { command: ["/actors/listener", "app", "15:0"], ready: ["app ready"] };

describeVariants("docker exec of a command that leaves orphans", ({ ours, plain }) => {
	test("leaves no zombie", async () => {
		await using container = await start(ours, application);
		expect(await zombiesOfExec(container)).toEqual({ ofThem: 0, inAll: 0 });
		expect(await container.stop()).toMatchObject({ code: 0, stderr: "" });
	});

	test("on the plain base, all of them stay zombies", async () => {
		await using container = await start(plain, application);
		expect((await zombiesOfExec(container)).ofThem).toBe(ORPHANS);
	});
});

describeVariants(
	"a HEALTHCHECK that times out every second and leaves children",
	({ ours, plain }) => {
		// The engine ends the shell after a second; its children go on without it, for a while.
		const checked = {
			...application,
			create: {
				Healthcheck: {
					Test: ["CMD-SHELL", "for i in 1 2 3; do sleep 2 & done; sleep 1000"],
					Interval: SECOND_NS,
					Timeout: SECOND_NS,
					Retries: 1_000,
				},
			},
		};

		test("leaves no zombie at any time of its run", async () => {
			await using container = await start(ours, checked);
			expect(await zombiesOfChecks(container)).toEqual({ ofThem: 0, inAll: 0 });
			expect(await container.stop()).toMatchObject({ code: 0, stderr: "" });
		});

		test("on the plain base leaves more zombies with each check", async () => {
			await using container = await start(plain, checked);
			expect((await zombiesOfChecks(container)).ofThem).toBeGreaterThan(CHECKS);
		});
	},
);

async function zombiesOfExec(container: TestContainer): Promise<Zombies> {
	const processes = await Processes.of(container);
	// The exec is over at once. Its children wait for the file.
	await container.shell(
		`for i in $(seq ${ORPHANS}); do
			(until [ -e /release ]; do sleep 0.1; done; exec /bin/true) > /dev/null 2>&1 &
		done`,
	);
	const orphans = await processes.orphans("sh", ORPHANS);
	await container.shell(": > /release");
	return await processes.zombiesAfter(orphans);
}
