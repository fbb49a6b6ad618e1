// The host command on Podman: rootless, by its own service, which speaks Docker's API with details of its own.
import { randomUUID } from "node:crypto";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { connect } from "../../cli/src/engine/connect.ts";
import { field, listAt, textAt } from "../../cli/src/json.ts";
import { readBuiltImages } from "../../scripts/built-images.ts";
import { baseimage } from "../../scripts/doctor/zoo.ts";
import { docker } from "../../scripts/engine/docker.ts";
import { findTestEngine, imagesOf } from "./support/engine.ts";
import { PodmanService } from "./support/podman_service.ts";

const OURS = "baseimage-ts:alpine";
const NAME = "localhost/baseimage-ts/podman-test";
const SERVICES = `${NAME}:services`;
const WITH_SERVICE = `FROM ${OURS}
RUN mkdir -p /etc/service/web && printf '#!/bin/sh\\nexec app\\n' > /etc/service/web/run && \\
    chmod +x /etc/service/web/run
`;
const ORPHANS = 20;

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

interface Found {
	podman: PodmanService;
	/** What our image was made of: it has no init. */
	base: string;
}

let found: Found | { reason: string } = { reason: "not looked for yet" };

beforeAll(async () => {
	found = await find();
});

async function find(): Promise<typeof found> {
	const engine = await findTestEngine();
	if ("reason" in engine) return engine;
	const base = (await readBuiltImages()).find(({ tag }) => tag === OURS)?.base ?? "";
	const { dockerPath, env } = engine.engine;
	const options = ["--builder=default", "--load", "--quiet", "--tag", SERVICES];
	await execa(dockerPath, ["buildx", "build", ...options, "-"], { env, input: WITH_SERVICE });
	const podman = await PodmanService.start(engine.engine, [OURS, base, SERVICES]);
	await docker(engine.engine, "rmi", SERVICES);
	return "reason" in podman ? podman : { podman, base };
}

afterAll(async () => {
	if ("podman" in found) await found.podman[Symbol.asyncDispose]();
});

beforeEach(({ skip }) => {
	if ("reason" in found) skip(found.reason);
});

function here(): Found {
	if ("reason" in found) throw new Error(found.reason);
	return found;
}

/** The command's JSON, where it ends with that code and has nothing to complain of. */
async function answer(code: number, ...args: string[]): Promise<unknown> {
	const env = { ...process.env, DOCKER_HOST: here().podman.host };
	const { exitCode, stdout, stderr } = await baseimage(env, ...args, "--json");
	expect({ exitCode, stderr }, stdout).toEqual({ exitCode: code, stderr: "" });
	return JSON.parse(stdout);
}

/** Rules and their verdicts, of the one examination. */
function verdicts(report: unknown): Record<string, string | undefined> {
	const [examination] = listAt(report, "examinations");
	return Object.fromEntries(
		listAt(examination, "findings").map((finding) => [
			textAt(finding, "rule"),
			textAt(finding, "verdict"),
		]),
	);
}

describe.concurrent("on rootless Podman", () => {
	test("doctor reads an image, and names the engine", async () => {
		const report = await answer(0, "doctor", OURS);
		expect(textAt(report, "engine")).toMatch(/^Podman \d/);
		expect(verdicts(report)).toMatchObject({ "known-init": "passed", "stop-timeout": "passed" });
	});

	test("doctor looks at a running container, which goes on", async () => {
		const { podman, base } = here();
		const name = randomUUID();
		const options = ["--detach", "--network=none", "--name", name];
		await podman.run("run", ...options, base, "tail", "-f", "/etc/passwd");
		const report = await answer(1, "doctor", name);
		const [examination] = listAt(report, "examinations");
		expect(field(examination, "seen", "orphan")).toMatchObject({ reaped: false });
		expect(verdicts(report)).toMatchObject({ "orphan-reaped": "failed", "signal-taken": "failed" });
		const state = await podman.run("inspect", "--format", "{{.State.Status}}", name);
		expect(state).toBe("running");
		await podman.run("rm", "--force", "--time=0", name);
	});

	test("doctor --run has an image stop as Docker stops it", async () => {
		const report = await answer(0, "doctor", "--run", "--warm-up", "0.1", OURS);
		const [examination] = listAt(report, "examinations");
		expect(field(examination, "seen", "stop")).toMatchObject({
			graceS: 10,
			exitCode: 0,
			killed: [],
		});
		expect(new Set(Object.values(verdicts(report)))).toEqual(new Set(["passed"]));
	});

	test("graft puts the init in front, and ungraft gives the same image back", async () => {
		const { podman, base } = here();
		const id = (image: string) => podman.run("image", "inspect", "--format", "{{.Id}}", image);
		await answer(0, "graft", base, "--tag", `${NAME}:grafted`);
		const run = ["run", "--rm", "--network=none", `${NAME}:grafted`, "cat", "/proc/1/comm"];
		expect(await podman.run(...run)).toBe("my_init");
		await answer(0, "ungraft", `${NAME}:grafted`, "--tag", `${NAME}:back`);
		expect(await id(`${NAME}:back`)).toBe(await id(base));
	});

	test("import reads the services of an image", async () => {
		const report = await answer(0, "import", SERVICES);
		expect(listAt(report, "services")).toMatchObject([{ name: "web" }]);
	});

	test("bench measures an image, and its orphans", async () => {
		const command = ["--command", "sh -c 'echo ready; exec sleep 100'"];
		const options = ["--runs", "1", "--orphans", String(ORPHANS), ...command];
		const report = await answer(0, "bench", OURS, ...options);
		expect(listAt(report, "images")).toMatchObject([
			{ image: OURS, pid1: "my_init", storm: { orphans: ORPHANS, zombies: 0 }, exitCodes: [143] },
		]);
	});

	test("demo shows what the init does", async () => {
		const { base } = here();
		const options = ["--base", base, "--image", OURS, "--orphans", String(ORPHANS)];
		expect(await answer(0, "demo", ...options)).toMatchObject({
			plain: { zombies: ORPHANS, exitCode: 137, file: { state: "torn" } },
			baseimage: { zombies: 0, exitCode: 143, file: { state: "whole" } },
		});
	});
});

test("afterwards Podman has no container, and no image but those that were asked for", async () => {
	const { podman } = here();
	expect(await podman.run("ps", "--all", "--quiet")).toBe("");
	const connection = await connect({ DOCKER_HOST: podman.host });
	expect((await imagesOf(connection)).filter((image) => image.includes("<none>"))).toEqual([]);
});
