// Orphans that end become zombies until PID 1 waits for them. The same application, on ours and on the plain base.
import { expect, test } from "vitest";
import { start, type TestContainer } from "./support/container.ts";
import { isLong, WHY_NOT_LONG } from "./support/long.ts";
import { Processes, type Zombies } from "./support/processes.ts";
import { describeVariants } from "./support/variants.ts";

const BURST = 1_000;
const CHILDREN = 20;
const DAEMONS = 5;
const LONG_WAVES = 30;

/** On the plain base the last program is PID 1: one that waits for signals, and for nobody's end. */
const APPLICATION = "/actors/listener app 15:0";

describeVariants("orphans", ({ ours, plain }) => {
	test("1,000 that end at once leave no zombie, and the container goes on", async () => {
		await using container = await startBurst(ours);
		expect(await zombiesOfBurst(container)).toEqual({ ofThem: 0, inAll: 0 });
		expect(await container.isRunning()).toBe(true);
		expect(await container.stop()).toMatchObject({ code: 143, stderr: "" });
	});

	test("on the plain base, 1,000 that end at once all stay zombies", async () => {
		await using container = await startBurst(plain);
		expect((await zombiesOfBurst(container)).ofThem).toBe(BURST);
	});

	test(`${LONG_WAVES} waves of 1,000 leave no zombie`, async ({ skip }) => {
		skip(!isLong, WHY_NOT_LONG);
		await using container = await startBurst(ours, LONG_WAVES);
		for (let wave = 1; wave <= LONG_WAVES; wave++) {
			expect(await zombiesOfBurst(container)).toEqual({ ofThem: 0, inAll: 0 });
		}
	});

	test("whose parent was killed by SIGKILL leave no zombie", async () => {
		await using container = await startFamily(ours);
		expect(await zombiesOfFamily(container)).toEqual({ ofThem: 0, inAll: 0 });
		expect(await container.stop()).toMatchObject({ code: 0, stderr: "" });
	});

	test("on the plain base, those whose parent was killed by SIGKILL all stay zombies", async () => {
		await using container = await startFamily(plain);
		expect((await zombiesOfFamily(container)).ofThem).toBe(CHILDREN);
	});

	test("that were daemons, forked twice, leave no zombie", async () => {
		await using container = await startDaemons(ours);
		expect(await zombiesOfDaemons(container)).toEqual({ ofThem: 0, inAll: 0 });
		expect(await container.stop()).toMatchObject({ code: 0, stderr: "" });
	});

	test("on the plain base, daemons that were forked twice all stay zombies", async () => {
		await using container = await startDaemons(plain);
		expect((await zombiesOfDaemons(container)).ofThem).toBe(DAEMONS);
	});
});

function startBurst(image: string, waves = 1): Promise<TestContainer> {
	return start(image, {
		command: ["/actors/orphans", String(BURST), String(waves)],
		create: { OpenStdin: true },
		ready: ["adopted"],
	});
}

async function zombiesOfBurst(container: TestContainer): Promise<Zombies> {
	const processes = await Processes.of(container);
	const orphans = await processes.orphans("orphans", BURST);
	await container.typeLine();
	return await processes.zombiesAfter(orphans);
}

/** A parent with children, of which each says its pid. Its own parent is PID 1 already. */
function startFamily(image: string): Promise<TestContainer> {
	const children = `for i in $(seq ${CHILDREN}); do /actors/listener "child$i" 15:0 & echo "child is $!"; done`;
	const parent = `${children}; echo "parent is $$"; wait`;
	return start(image, {
		command: ["sh", "-c", `/actors/daemonize sh -c '${parent}'; exec ${APPLICATION}`],
		ready: ["app ready", ...numbered("child", CHILDREN).map((name) => `${name} ready`)],
	});
}

async function zombiesOfFamily(container: TestContainer): Promise<Zombies> {
	const processes = await Processes.of(container);
	await container.output.contains(/^parent is \d+$/m);
	await container.shell(`kill -KILL ${pidsOf(container, "parent").join(" ")}`);
	const orphans = await processes.orphans("listener", CHILDREN);
	await container.shell(`kill -TERM ${pidsOf(container, "child").join(" ")}`);
	return await processes.zombiesAfter(orphans);
}

function startDaemons(image: string): Promise<TestContainer> {
	const names = numbered("daemon", DAEMONS);
	const daemons = names.map((name) => `/actors/daemonize /actors/listener ${name} 15:0`);
	return start(image, {
		command: ["sh", "-c", [...daemons, `exec ${APPLICATION}`].join("\n")],
		ready: ["app ready", ...names.map((name) => `${name} ready`)],
	});
}

async function zombiesOfDaemons(container: TestContainer): Promise<Zombies> {
	const processes = await Processes.of(container);
	const orphans = await processes.orphans("listener", DAEMONS);
	await container.shell(
		`for file in /proc/[0-9]*/cmdline; do
			case $(tr '\\0' ' ' < "$file") in
			"/actors/listener daemon"*) pid=\${file#/proc/}; kill -TERM "\${pid%/cmdline}" ;;
			esac
		done`,
	);
	return await processes.zombiesAfter(orphans);
}

function numbered(name: string, count: number): string[] {
	return Array.from({ length: count }, (_, index) => `${name}${index + 1}`);
}

/** The pids that lines such as "child is 12" tell of. */
function pidsOf(container: TestContainer, who: string): string[] {
	const found = container.output.text.matchAll(new RegExp(`^${who} is (\\d+)$`, "gm"));
	return [...found].map(([, pid = ""]) => pid);
}
