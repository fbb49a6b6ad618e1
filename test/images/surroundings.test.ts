// Where containers run: without rights, with few processes, among the machine's own, under another init.
import type { ContainerCreateOptions, HostConfig } from "dockerode";
import { expect, test } from "vitest";
import { Bystanders } from "./support/bystanders.ts";
import { run, start, type TestContainer } from "./support/container.ts";
import { docker } from "./support/engine.ts";
import { INIT, Processes, type Zombies } from "./support/processes.ts";
import { type Rights, rightsOf } from "./support/rights.ts";
import { describeVariants } from "./support/variants.ts";

const CODE = 42;
const ORPHANS = 30;
/** Far below the init's 9 s: what takes longer was waited out. */
const SOON_MS = 4_000;

/** An application beside a daemon that was left behind, and orphans that end at a line. */
const APPLICATION = {
	command: [
		"sh",
		"-c",
		`exec 3<&0
		/actors/orphans ${ORPHANS} <&3 &
		/actors/daemonize /actors/listener daemon 15:0
		exec /actors/listener app 15:${CODE}`,
	],
	ready: ["adopted", "daemon ready", "app ready"],
	create: { OpenStdin: true },
};

interface Restriction {
	readonly option: string;
	readonly create?: Pick<ContainerCreateOptions, "User">;
	readonly host?: HostConfig;
	readonly rights: Partial<Rights>;
}

const NO_CAPABILITY = "0000000000000000";
const RESTRICTIONS: readonly Restriction[] = [
	{ option: "--user", create: { User: "12345" }, rights: { user: "12345" } },
	{ option: "--read-only", host: { ReadonlyRootfs: true }, rights: { readOnly: true } },
	{
		option: "--cap-drop ALL",
		host: { CapDrop: ["ALL"] },
		rights: { user: "0", capabilities: NO_CAPABILITY },
	},
	{
		option: "--security-opt no-new-privileges",
		host: { SecurityOpt: ["no-new-privileges"] },
		rights: { noNewPrivileges: "1" },
	},
	{
		option: "all of these",
		create: { User: "12345" },
		host: { ReadonlyRootfs: true, CapDrop: ["ALL"], SecurityOpt: ["no-new-privileges"] },
		rights: {
			...{ user: "12345", readOnly: true },
			...{ capabilities: NO_CAPABILITY, noNewPrivileges: "1" },
		},
	},
];

describeVariants("without rights", ({ ours }) => {
	test.for(RESTRICTIONS)("with $option, it reaps and stops as ever", async (restriction) => {
		await using container = await start(ours, {
			...APPLICATION,
			create: { ...APPLICATION.create, ...restriction.create },
			...(restriction.host === undefined ? {} : { host: restriction.host }),
		});
		expect(await rightsOf(container)).toMatchObject(restriction.rights);
		await demandWork(container);
	});
});

/** Room for the orphans of one wave, but not of two. */
const LIMIT = ORPHANS + 10;
const WAVES = 3;
const limitsProcesses = (await docker(["info", "--format", "{{.PidsLimit}}"])) === "true";
const withoutLimits: [boolean, string] = [!limitsProcesses, "the engine cannot limit processes"];

describeVariants("with --pids-limit", ({ ours, plain }) => {
	const crowdOf = (count: number) => ({
		command: ["/actors/crowd", String(count)],
		ready: ["crowd ready"],
		create: { OpenStdin: true },
		host: { PidsLimit: LIMIT },
	});

	test(`${WAVES} waves of orphans, each near the limit, find room`, async ({ skip }) => {
		skip(...withoutLimits);
		await using container = await start(ours, crowdOf(ORPHANS));
		const processes = await Processes.of(container);
		for (let wave = 1; wave <= WAVES; wave++) {
			expect(await zombiesOfWave(container, processes)).toEqual({ ofThem: 0, inAll: 0 });
		}
		const waves = "adopted\nreleased\n".repeat(WAVES);
		const stdout = `crowd ready\n${waves}asked to end\n`;
		const { afterMs, ...ended } = await container.stop();
		expect(ended).toEqual({ code: CODE, stdout, stderr: "" });
		expect(afterMs).toBeLessThan(SOON_MS);
	});

	test("on the plain base, the zombies of the first wave leave no room for the next", async ({
		skip,
	}) => {
		skip(...withoutLimits);
		await using container = await start(plain, crowdOf(ORPHANS));
		const processes = await Processes.of(container);
		expect((await zombiesOfWave(container, processes)).ofThem).toBe(ORPHANS);
		await container.typeLine();
		await container.output.line("fork refused");
	});

	test("an application that reaches it is told so, can go on, and can be stopped there", async ({
		skip,
	}) => {
		skip(...withoutLimits);
		await using container = await start(ours, crowdOf(LIMIT));
		const processes = await Processes.of(container);
		// The init, the application, and the parent of the orphans for as long as it forks.
		const left = LIMIT - 3;
		expect(await zombiesOfWave(container, processes, left)).toEqual({ ofThem: 0, inAll: 0 });
		await container.typeLine();
		await processes.orphans("crowd", left);
		const stdout = "crowd ready\nfork refused\nreleased\nfork refused\nasked to end\n";
		const { afterMs, ...ended } = await container.stop();
		expect(ended).toEqual({ code: CODE, stdout, stderr: "" });
		expect(afterMs).toBeLessThan(SOON_MS);
	});

	test("the init that cannot start its command says why, and ends with 111", async ({ skip }) => {
		skip(...withoutLimits);
		// The shell takes all places but its own, which the init inherits from it.
		const fill = `for i in $(seq ${LIMIT - 1}); do /actors/listener other > /dev/null & done`;
		const script = `${fill}; exec my_init /actors/listener app`;
		const create = { Entrypoint: ["sh", "-c", script] };
		expect(await run(ours, { create, host: { PidsLimit: LIMIT } })).toEqual({
			code: 111,
			stdout: "",
			stderr:
				'*** error: cannot start "/actors/listener": the limit of processes is reached (EAGAIN)\n',
		});
	});
});

describeVariants("with --pid=host", ({ ours, plain }) => {
	const host = { PidMode: "host" };

	test("a stop ends its own descendants, and nobody else", async () => {
		await using bystanders = await Bystanders.start(plain);
		await using container = await start(ours, { ...APPLICATION, host });
		expect(await initPidOf(container)).not.toBe(1);
		await demandWork(container);
		await bystanders.demandUntouched();
	});

	test("at the end of the budget it kills its own descendants, and nobody else", async () => {
		await using bystanders = await Bystanders.start(plain);
		await using container = await start(ours, {
			command: [
				"sh",
				"-c",
				`/actors/daemonize /actors/listener defiant
				exec /actors/listener app 15:${CODE}`,
			],
			ready: ["defiant ready", "app ready"],
			environment: { INIT_STOP_TIMEOUT: "1s" },
			host,
		});
		const init = await initPidOf(container);
		const { code, stdout, stderr } = await container.stop();
		expect(code).toBe(CODE);
		expect(stdout).toContain(`app got 15 from ${init}\n`);
		expect(stdout).toContain(`defiant got 15 from ${init}\n`);
		expect(stderr).toMatch(
			/^\*\*\* warning: killing PID \d+ \(\/actors\/listener defiant\): still running at the end of the stop budget of 1 s\n$/,
		);
		await bystanders.demandUntouched();
	});
});

describeVariants("with --init, under the engine's own init", ({ ours }) => {
	test("it adopts and reaps what it has started, stops, and its exit code is kept", async () => {
		await using container = await start(ours, { ...APPLICATION, host: { Init: true } });
		expect(await container.shell("cat /proc/1/comm")).not.toBe(`${INIT}\n`);
		expect(await initPidOf(container)).not.toBe(1);
		await demandWork(container);
	});
});

/** The orphans of {@link APPLICATION} leave no zombie, and a stop ends all at once with its exit code. */
async function demandWork(container: TestContainer): Promise<void> {
	const processes = await Processes.of(container);
	const orphans = await processes.orphans("orphans", ORPHANS);
	await container.typeLine();
	expect(await processes.zombiesAfter(orphans)).toEqual({ ofThem: 0, inAll: 0 });
	const init = processes.innerPid(processes.adopter);
	const { code, stdout, stderr, afterMs } = await container.stop();
	expect({ code, stderr }).toEqual({ code: CODE, stderr: "" });
	expect(stdout).toContain(`app got 15 from ${init}\n`);
	expect(stdout).toContain(`daemon got 15 from ${init}\n`);
	expect(afterMs).toBeLessThan(SOON_MS);
}

/** The orphans of one wave of the crowd, and what becomes of them. */
async function zombiesOfWave(
	container: TestContainer,
	processes: Processes,
	count = ORPHANS,
): Promise<Zombies> {
	await container.typeLine();
	const orphans = await processes.orphans("crowd", count);
	await container.typeLine();
	return await processes.zombiesAfter(orphans);
}

/** Our init's number, as those in the container see it. */
async function initPidOf(container: TestContainer): Promise<number> {
	const processes = await Processes.of(container);
	return processes.innerPid(processes.adopter);
}
