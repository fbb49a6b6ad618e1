// examples/kubernetes, judged by the API's schemas and run by Podman, which plays manifests without a cluster.
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { until } from "../../process/support/until.ts";
import { at } from "../support/documents.ts";
import { docker } from "../support/engine.ts";
import { BUILD_LIMIT_MS, buildExample, example } from "../support/examples.ts";
import { parseManifests, problemsOf } from "../support/kubernetes.ts";
import { Podman } from "../support/podman.ts";

/** Below the grace period, and far below the init's 20 s: what takes longer was waited out. */
const SOON_MS = 8_000;

const FILE = example("kubernetes", "app.yaml");
const text = await readFile(FILE, "utf8");
const [deployment, cronJob, ...others] = parseManifests(text);
const template = at(deployment, "spec", "template");
const jobTemplate = at(cronJob, "spec", "jobTemplate", "spec", "template");

describe("examples/kubernetes", () => {
	test("is a Deployment and a CronJob that the API takes", () => {
		expect([deployment, cronJob].map((found) => found?.["kind"])).toEqual([
			"Deployment",
			"CronJob",
		]);
		expect(others).toEqual([]);
		expect(problems(text)).toEqual([]);
	});

	test("would be refused with a value of another type, or a field that there is not", () => {
		expect(problems(text.replace("replicas: 2", "replicas: two"))).toEqual([
			expect.stringContaining("/spec/replicas"),
		]);
		expect(problems(text.replace("preStop:", "prestop:"))).toEqual([
			"unknown field /spec/template/spec/containers/0/lifecycle/prestop",
		]);
		expect(problems(text.replace("kind: CronJob", "kind: CronJobs"))).toEqual([
			"no schema is known for batch/v1 CronJobs",
		]);
	});

	test("replaces no ENTRYPOINT", () => {
		for (const found of [template, jobTemplate]) {
			expect(at(found, "spec", "containers", 0)).not.toHaveProperty("command");
		}
	});

	test("has room for preStop and the init's budget in the grace period", () => {
		const app = at(template, "spec", "containers", 0);
		const preStopS = Number(at(app, "lifecycle", "preStop", "sleep", "seconds"));
		expect(preStopS + budgetS(app)).toBeLessThan(graceS(template));
		const report = at(jobTemplate, "spec", "containers", 0);
		expect(budgetS(report)).toBeLessThan(graceS(jobTemplate));
	});
});

describe("examples/kubernetes, played by Podman", async () => {
	const podman = await Podman.find();

	beforeAll(async () => {
		if (!(podman instanceof Podman)) return;
		const image = String(at(template, "spec", "containers", 0, "image"));
		const pause = inject("initImage").tag;
		// The pod's first container, which Podman would compile else: the file's only table so far is [engine].
		await podman.configure(`infra_image = "${pause}"\ninfra_command = "/pause"\n`);
		await podman.load(pause);
		await using built = await buildExample("node-app");
		await docker(["tag", built.tag, image]);
		try {
			await podman.load(image);
		} finally {
			await docker(["image", "rm", image]);
		}
	}, BUILD_LIMIT_MS);

	afterAll(async () => {
		if (!(podman instanceof Podman)) return;
		await podman.remove();
	});

	test("the Deployment's pod runs without rights under the init, is probed, and stops in order", async ({
		skip,
	}) => {
		if (!(podman instanceof Podman)) return skip(podman.reason);
		await podman.play(podOf(template, "deployed"));
		const container = "deployed-app";
		const status = await podman.run("exec", container, "cat", "/proc/1/comm", "/proc/1/status");
		expect(status).toMatch(/^my_init\n/);
		expect(status).toMatch(/^Uid:\t1000\t/m);
		expect(status).toMatch(/^CapBnd:\t0+$/m);
		await until("the server to listen", async () =>
			(await podman.run("logs", container)).includes("listening"),
		);
		// Podman makes a health check of the liveness probe, and runs it by timers of systemd or when it is asked.
		await podman.run("healthcheck", "run", container);

		const askedAtMs = performance.now();
		await podman.run("pod", "stop", "deployed");
		expect(performance.now() - askedAtMs).toBeLessThan(SOON_MS);
		expect(await podman.run("logs", container)).toBe("listening on port 8080\nstopping\nstopped");
		expect(await exitCode(podman, container)).toBe(0);
	});

	test.for([
		["7", 0],
		["seven", 2],
	] as const)(
		"the CronJob's pod, asked for %s days, ends with %d",
		async ([days, code], { skip }) => {
			if (!(podman instanceof Podman)) return skip(podman.reason);
			await podman.play(
				podOf(jobTemplate, `job-${code}`).replace('"value":"7"', `"value":"${days}"`),
			);
			const container = `job-${code}-report`;
			await podman.run("wait", container);
			expect(await exitCode(podman, container)).toBe(code);
		},
	);
});

async function exitCode(podman: Podman, container: string): Promise<number> {
	return Number(await podman.run("inspect", "--format", "{{.State.ExitCode}}", container));
}

/** A pod of the template. Without a network it has no ports, and without root Podman may not limit memory. */
function podOf(pod: unknown, name: string): string {
	const manifest = { apiVersion: "v1", kind: "Pod", metadata: { name }, spec: at(pod, "spec") };
	const left = ["ports", "resources"];
	return JSON.stringify(manifest, (key, value) => (left.includes(key) ? undefined : value));
}

function problems(manifest: string): string[] {
	return parseManifests(manifest).flatMap(problemsOf);
}

function graceS(pod: unknown): number {
	return Number(at(pod, "spec", "terminationGracePeriodSeconds"));
}

/** What the container's environment gives the init for a stop. @throws when that is no number of seconds. */
function budgetS(container: unknown): number {
	const [, seconds] = /"INIT_STOP_TIMEOUT","value":"(\d+)s"/.exec(JSON.stringify(container)) ?? [];
	if (seconds === undefined) throw new Error("INIT_STOP_TIMEOUT is no number of seconds");
	return Number(seconds);
}
