// The examples that are an image each: built as they stand there, asked, probed and stopped.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../../process/support/until.ts";
import type { BuiltForTest } from "../support/build.ts";
import { start, type TestContainer } from "../support/container.ts";
import {
	addressOf,
	answerOf,
	BUILD_LIMIT_MS,
	buildExample,
	PORT,
	PROBES,
	type Probe,
	zombiesAfterProbes,
} from "../support/examples.ts";
import { INIT, Processes } from "../support/processes.ts";

/** Far below the engine's 10 s and the init's 9 s: what takes longer was waited out. */
const SOON_MS = 4_000;
/** The engine takes nanoseconds; the examples leave its 30 s. */
const OFTEN = { Interval: 500 * 1_000_000 };

const WITH_HEALTHCHECK = ["node-app", "python-app", "init-only"];

interface Example {
	readonly name: string;
	readonly answer: RegExp;
	/** The processes that run, in the order of the alphabet. */
	readonly processes: readonly string[];
	readonly probe: Probe;
	/** A command that ends once nothing more is started: default, the first answer is the end of it. */
	readonly settled?: string;
	readonly stdout: RegExp;
	/** What the init says of a stop: of services it names each. */
	readonly stderr: RegExp;
}

const DEBIAN = { shell: "sh", sleep: "sleep", sleepName: "sleep" };
const NODE_PROBE = { ...DEBIAN, command: "node healthcheck.js" };

const EXAMPLES: readonly Example[] = [
	{
		name: "node-app",
		answer: /^hello from process \d+\n$/,
		processes: [INIT, "node"],
		probe: NODE_PROBE,
		stdout: /^listening on port 8080\nstopping\nstopped\n$/,
		stderr: /^$/,
	},
	{
		name: "python-app",
		answer: /^hello from process \d+\n$/,
		processes: [INIT, "python3"],
		probe: { ...DEBIAN, command: "python3 healthcheck.py" },
		stdout: /^listening on port 8080\nstopping\nstopped\n$/,
		stderr: /^$/,
	},
	{
		name: "two-services",
		answer: /^page \d+\n$/,
		// Until then a third my_init asks nginx whether it is ready. The second one is the worker's logger.
		settled: "initctl wait --ready --timeout 10s",
		processes: [INIT, INIT, "nginx", "nginx", "sleep", "worker"],
		probe: { ...DEBIAN, command: "test -s /srv/index.html" },
		stdout: /^worker \| worker: begun\nworker \| worker: finished after page \d+\n$/,
		stderr:
			/^\*\*\* Shutting down web .*\n\*\*\* Shutting down worker .*\n\*\*\* Killing all .*\n$/,
	},
	{
		name: "init-only",
		answer: /hello from an image without a base/,
		processes: ["busybox", INIT],
		probe: {
			shell: "/busybox sh",
			command: "/busybox wget -q -O /dev/null http://127.0.0.1:8080/",
			sleep: "/busybox sleep",
			sleepName: "busybox",
		},
		stdout: /^$/,
		stderr: /^$/,
	},
];

const built = new Map<string, BuiltForTest>();

beforeAll(async () => {
	await Promise.all(EXAMPLES.map(async ({ name }) => built.set(name, await buildExample(name))));
}, BUILD_LIMIT_MS);

afterAll(async () => {
	for (const image of built.values()) await image[Symbol.asyncDispose]();
});

function imageOf(name: string): string {
	const image = built.get(name);
	if (image === undefined) throw new Error(`examples/${name} was not built`);
	return image.tag;
}

describe.each(EXAMPLES)(
	"examples/$name",
	({ name, answer, processes, probe, settled, ...ending }) => {
		test("answers, leaves no zombie of probes, and ends in order with 0", async () => {
			await using container = await start(imageOf(name), { port: PORT });
			expect(await answerOf(container)).toMatch(answer);
			if (settled !== undefined) await container.shell(settled);
			const entries = await (await Processes.of(container)).read();
			expect(entries.map((entry) => entry.name).toSorted()).toEqual(processes);
			expect(await zombiesAfterProbes(container, probe)).toEqual({ ofThem: 0, inAll: 0 });
			const { afterMs, code, stdout, stderr } = await container.stop();
			expect(stdout).toMatch(ending.stdout);
			expect(stderr).toMatch(ending.stderr);
			expect(code).toBe(0);
			expect(afterMs).toBeLessThan(SOON_MS);
		});
	},
);

test.each(WITH_HEALTHCHECK)(
	"examples/%s is healthy for the engine, by its own check",
	async (name) => {
		await using container = await start(imageOf(name), {
			port: PORT,
			create: { Healthcheck: OFTEN },
		});
		await until("it to be healthy", async () => {
			const { Health } = (await container.handle.inspect()).State;
			return Health?.Status === "healthy";
		});
	},
);

describe("examples/node-app", () => {
	test("gives an answer that it owes when it is stopped", async () => {
		await using container = await start(imageOf("node-app"), { port: PORT });
		await answerOf(container);
		const slow = answerOf(container, "/slow");
		await container.output.line("slow: begun");
		const { code, stdout } = await container.stop();
		expect(await slow).toMatch(/^hello/);
		expect(stdout).toMatch(/slow: begun\nstopping\nslow: answered\nstopped\n$/);
		expect(code).toBe(0);
	});

	test("would have a zombie of each probe without the init", async () => {
		await using container = await startWithoutInit("node-app", ["node", "server.js"]);
		expect((await zombiesAfterProbes(container, NODE_PROBE)).ofThem).toBe(PROBES);
	});
});

describe("examples/python-app", () => {
	test("has its reports saved when it is stopped", async () => {
		await using container = await start(imageOf("python-app"), { port: PORT });
		expect(await stopWithReport(container)).toMatch(
			/report: begun\nstopping\nstopped\nreport: saved\n$/,
		);
	});

	test("would lose them without the init", async () => {
		await using container = await startWithoutInit("python-app", ["python3", "server.py"]);
		expect(await stopWithReport(container)).toMatch(/report: begun\nstopping\nstopped\n$/);
	});

	/** Its output. */
	async function stopWithReport(container: TestContainer): Promise<string> {
		await answerOf(container);
		const response = await fetch(addressOf(container, "/report"), { method: "POST" });
		expect(response.ok).toBe(true);
		await container.output.line("report: begun");
		const { code, stdout } = await container.stop();
		expect(code).toBe(0);
		return stdout;
	}
});

describe("examples/init-only", () => {
	test("would ignore the stop without the init, and be killed", async () => {
		const command = ["/busybox", "httpd", "-f", "-p", "8080", "-h", "/site"];
		await using container = await startWithoutInit("init-only", command);
		await answerOf(container);
		expect((await container.stop(1)).code).toBe(137);
	});
});

/** With the program itself as PID 1. */
function startWithoutInit(name: string, [program = "", ...rest]: string[]): Promise<TestContainer> {
	return start(imageOf(name), { port: PORT, create: { Entrypoint: [program] }, command: rest });
}
