// Services that people really run, in one container: they come up in order, survive what kills them, and lose nothing.
import { afterAll, beforeAll, describe, expect, inject, type TestContext, test } from "vitest";
import { isZombie } from "../../../cli/src/processes/table.ts";
import { until } from "../../process/support/until.ts";
import { type BuiltForTest, buildImage } from "../support/build.ts";
import { start, type TestContainer } from "../support/container.ts";
import { addressOf, BUILD_LIMIT_MS } from "../support/examples.ts";
import { isLong, WHY_NOT_LONG } from "../support/long.ts";
import { MANAGERS } from "../support/managers.ts";
import { Processes } from "../support/processes.ts";
import { describeVariants, lacks } from "../support/variants.ts";
import { buildStack, PORT, statusOf } from "./stack.ts";

/** Far below the engine's 10 s and the init's 9 s: what takes longer was waited out. */
const SOON_MS = 5_000;
const LOG_IN = "ssh -o StrictHostKeyChecking=no -o BatchMode=yes root@127.0.0.1 echo logged in";

const KILLS = 200;
const SEED = process.env["SEED"] ?? "1";
const SERVICES = ["app", "postgres", "redis", "sshd", "web"];
/** Not to wait for the back-off of crash loops. */
const HURRY = `RUN <<"END"
set -e
for name in ${SERVICES.join(" ")}; do
	mkdir -p /etc/my_init/services/$name.toml.d
	printf 'restart_delay = "1ms"\\nrestart_max_delay = "20ms"\\n' > /etc/my_init/services/$name.toml.d/hurry.toml
done
initctl check
END
`;

/** What postgres says to a query. */
const ask = async (container: TestContainer, query: string) =>
	(await container.shell(`/opt/postgresql/psql -U postgres -h /tmp -Atqc "${query}"`)).trim();

const stacks = new Map<string, BuiltForTest>();

/** Stand-ins that have packages are of one distribution: one of them is enough where time counts. */
const chosen = inject("variants")
	.filter((variant) => lacks(variant, ...MANAGERS) === undefined)
	.filter(
		({ standin }, place, all) =>
			isLong || !standin || place === all.findIndex((other) => other.standin),
	);

beforeAll(async () => {
	await Promise.all(
		chosen.map(async (variant) => stacks.set(variant.name, await buildStack(variant))),
	);
}, BUILD_LIMIT_MS);

afterAll(async () => {
	for (const stack of stacks.values()) await stack[Symbol.asyncDispose]();
});

describeVariants("real software as services", (variant) => {
	const stackFor = ({ skip }: TestContext) => {
		const why =
			lacks(variant, ...MANAGERS) ?? `another stand-in was tried; for this one it ${WHY_NOT_LONG}`;
		const stack = stacks.get(variant.name);
		skip(stack === undefined, why);
		if (stack === undefined) throw new Error(`there is no stack upon ${variant.name}`);
		return stack;
	};
	const upAndReady = async (context: TestContext, image = stackFor(context)) => {
		const container = await start(image.tag, { port: PORT });
		await container.shell("initctl wait --ready --timeout 30s");
		return container;
	};

	test("comes up in the order of its needs, and answers", async (context) => {
		await using container = await upAndReady(context);
		const answer = await fetch(addressOf(container, "/"));
		expect(await answer.text()).toMatch(/^request \d+\n$/);
		expect(await container.shell(`${LOG_IN} 2> /dev/null`)).toBe("logged in\n");
		expect(await ask(container, "select 6 * 7")).toBe("42");
		const events = (await container.shell("initctl events")).trim().split("\n");
		const order = events
			.map((line): Record<string, string> => JSON.parse(line))
			.map(({ service, event }) => `${service} ${event}`);
		const inOrder = (...names: string[]) => names.map((name) => order.indexOf(name));
		for (const chain of [
			["redis ready", "app started", "app ready", "web started", "web ready"],
			["database completed", "postgres started", "postgres ready"],
			["keys completed", "sshd started", "sshd ready"],
		]) {
			expect(inOrder(...chain)).not.toContain(-1);
			expect(inOrder(...chain)).toEqual(inOrder(...chain).toSorted((a, b) => a - b));
		}
		expect((await (await Processes.of(container)).read()).filter(isZombie)).toEqual([]);
	});

	describe("postgres", () => {
		test("goes on when one of its backends is killed, and PID 1 leaves it alone", async (context) => {
			await using container = await upAndReady(context);
			await ask(container, "create table kept as select 7 as value");
			const before = await statusOf(container, "postgres");
			const sleeper = container.shell(
				"/opt/postgresql/psql -U postgres -h /tmp -c 'select pg_sleep(1000)' 2>&1; :",
			);
			const query = "select pid from pg_stat_activity where query like '%sleep(1000)' limit 1";
			const backend = await until(
				"a backend",
				async () => Number(await ask(container, query)) || undefined,
			);
			await container.shell(`kill -KILL ${backend}`);
			expect(await sleeper).toMatch(/server closed the connection|terminating connection/);
			const kept = "select value from kept";
			await until("postgres", () => ask(container, kept).catch(() => undefined));
			expect(await ask(container, kept)).toBe("7");
			expect(await statusOf(container, "postgres")).toMatchObject({
				pid: before.pid,
				restarts: 0,
			});
		});

		test("comes back when it is killed itself, with its data", async (context) => {
			await using container = await upAndReady(context);
			await ask(container, "create table kept as select 7 as value");
			const { pid } = await statusOf(container, "postgres");
			await container.shell(`kill -KILL ${pid}`);
			await container.shell("initctl wait --ready --timeout 30s postgres");
			expect(await ask(container, "select value from kept")).toBe("7");
			expect((await statusOf(container, "postgres")).restarts).toBeGreaterThan(0);
			expect(container.output.text).toContain("database system was not properly shut down");
		});
	});

	test("nginx comes back when it is killed, once the workers are gone that hold its port", async (context) => {
		await using container = await upAndReady(context);
		const { pid } = await statusOf(container, "web");
		const workers = await container.shell(`cat /proc/${pid}/task/${pid}/children`);
		// Without that they would not last: they see that their parent is gone.
		await container.shell(`kill -STOP ${workers}; kill -KILL ${pid}`);
		await container.shell("initctl wait --ready --timeout 30s web");
		expect(await statusOf(container, "web")).toMatchObject({ restarts: 1 });
		expect(await (await fetch(addressOf(container, "/"))).text()).toMatch(/^request \d+\n$/);
		const left = `for pid in ${workers.trim()}; do [ ! -e /proc/$pid ] || echo $pid; done`;
		expect(await container.shell(left)).toBe("");
	});

	test("is stopped in order, with what each has to write, and goes on from there", async (context) => {
		await using container = await upAndReady(context);
		await ask(container, "create table kept as select 7 as value");
		const requests = Number(await container.shell("echo INCR requests | redis-cli"));
		const { afterMs, code, stdout, stderr } = await container.stop();
		expect(code).toBe(0);
		expect(afterMs).toBeLessThan(SOON_MS);
		expect(stdout).toMatch(/^postgres \| .*database system is shut down$/m);
		expect(stdout).toMatch(/^redis \| .*ready to exit, bye bye/m);
		expect(stderr).not.toContain("did not shut down in time");
		const asked = [...stderr.matchAll(/^\*\*\* Shutting down (\w+) /gm)].map(([, name]) => name);
		expect(asked.toSorted()).toEqual(SERVICES);
		const place = (name: string) => asked.indexOf(name);
		expect(place("web")).toBeLessThan(place("app"));
		expect(place("app")).toBeLessThan(place("redis"));

		await container.handle.start();
		await container.shell("initctl wait --ready --timeout 30s");
		expect(await ask(container, "select value from kept")).toBe("7");
		expect(Number(await container.shell("echo INCR requests | redis-cli"))).toBeGreaterThan(
			requests,
		);
	});

	test(`comes back from ${KILLS} kills: none is there twice, nobody is a zombie`, {
		timeout: BUILD_LIMIT_MS,
	}, async (context) => {
		await using hurried = await buildImage(`FROM ${stackFor(context).tag}\n${HURRY}`);
		await using container = await upAndReady(context, hurried);
		const killer = `python3 /usr/local/lib/kill_services.py ${KILLS} ${SEED} initctl`;
		const { restarts, ...seen } = JSON.parse(await container.shell(killer));
		// Who was killed may end once more by itself: postgres does while what it shared with the dead one is in use.
		expect(restarts).toBeGreaterThanOrEqual(KILLS);
		expect(seen).toEqual({
			zombies: 0,
			running: SERVICES.toSorted(),
			strangers: [],
		});
		expect((await container.stop()).code).toBe(0);
	});
});
