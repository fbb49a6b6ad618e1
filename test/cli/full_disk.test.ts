// Full disks: a Docker on a small one, and the files that the command writes itself.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { listAt, textAt } from "../../cli/src/json.ts";
import { baseimage } from "../../scripts/doctor/zoo.ts";
import { docker } from "../../scripts/engine/docker.ts";
import { SecondEngine } from "../images/support/second_engine.ts";
import { findTestEngine } from "./support/engine.ts";
import { SmallDisk } from "./support/small_disk.ts";

const OURS = "baseimage-ts:alpine";
const NAME = "localhost/baseimage-ts/full-disk-test";
const TINY = `${NAME}:tiny`;
const OTHER = `${NAME}:other`;
/** Of images that are smaller than what is added to them. */
const tiny = (content: string) => `FROM scratch\nCOPY <<END /app\n${content}\nEND\nCMD ["/app"]\n`;

/** Room for the daemon, our image and a container of it. */
const ENGINE_DISK_BYTES = 64_000_000;
/** Where the new layer can't even be read in. */
const TOO_SMALL_TO_READ = 200_000;
/** Where it can be read in, compressed, and not be unpacked. */
const TOO_SMALL_TO_UNPACK = 500_000;
/** A container, but no probe in it. */
const TOO_SMALL_FOR_PROBE = 400_000;

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

describe("an engine whose disk is full", () => {
	let found: { disk: SmallDisk; engine: SecondEngine } | { reason: string } = { reason: "?" };

	beforeAll(async () => {
		found = await find();
	});

	async function find(): Promise<typeof found> {
		const obstacle = SecondEngine.obstacle() ?? SmallDisk.obstacle();
		if (obstacle !== undefined) return { reason: obstacle };
		const test = await findTestEngine();
		if ("reason" in test) return test;
		const { dockerPath, env } = test.engine;
		for (const image of [TINY, OTHER]) {
			const options = ["--builder=default", "--load", "--quiet", "--tag", image, "-"];
			await execa(dockerPath, ["buildx", "build", ...options], { env, input: tiny(image) });
		}
		const disk = await SmallDisk.mount(ENGINE_DISK_BYTES);
		try {
			const engine = await SecondEngine.start({}, { parent: disk.folder, client: test.engine });
			for (const image of [TINY, OTHER, OURS]) await engine.load(image);
			return { disk, engine };
		} catch (error) {
			await disk[Symbol.asyncDispose]();
			throw error;
		} finally {
			await docker(test.engine, "rmi", TINY, OTHER);
		}
	}

	afterAll(async () => {
		if ("reason" in found) return;
		found.disk.clear();
		await found.engine[Symbol.asyncDispose]();
		await found.disk[Symbol.asyncDispose]();
	});

	beforeEach(({ skip }) => {
		if ("reason" in found) skip(found.reason);
	});

	function here() {
		if ("reason" in found) throw new Error(found.reason);
		return found;
	}

	/** The command, while no more than so many bytes are left. */
	async function filled(leaving: number, ...args: string[]) {
		const { disk, engine } = here();
		disk.fill(leaving);
		try {
			return await baseimage({ ...process.env, DOCKER_HOST: engine.host }, ...args);
		} finally {
			disk.clear();
		}
	}

	/** Whatever it has: images, also those without a name, and what its layers take. */
	async function inventory(): Promise<string> {
		const { engine } = here();
		const format = ["--format", "{{.ID}} {{.Repository}}:{{.Tag}} {{.Size}}"];
		const [images, containers, sizes] = await Promise.all([
			engine.docker("images", "--all", "--no-trunc", ...format),
			engine.docker("ps", "--all", "--quiet"),
			engine.docker("system", "df"),
		]);
		const lines = images.stdout.split("\n").toSorted();
		return [...lines, containers.stdout, sizes.stdout].join("\n");
	}

	test.for([
		["when the new layer is read", 0],
		["in the middle of it", TOO_SMALL_TO_READ],
		["when it is unpacked", TOO_SMALL_TO_UNPACK],
	] as const)("graft ends with 111, and leaves nothing: %s", async ([, leaving]) => {
		const before = await inventory();
		const answer = await filled(leaving, "graft", TINY, "--tag", `${NAME}:grafted`);
		expect({ ...answer, stderr: "" }).toEqual({ exitCode: 111, stdout: "", stderr: "" });
		expect(answer.stderr).toMatch(
			/^baseimage: error: loading the new image of .*: the engine's disk is full \(.*no space left/,
		);
		expect(answer.stderr).toMatch(/\n`docker system df` shows what fills it/);
		expect(await inventory()).toBe(before);
	});

	test("a name that led to another image leads there again", async () => {
		const before = await inventory();
		const { exitCode } = await filled(TOO_SMALL_TO_UNPACK, "graft", TINY, "--tag", OTHER);
		expect(exitCode).toBe(111);
		expect(await inventory()).toBe(before);
	});

	test("doctor --run without room for a probe skips what needs one, and says why", async () => {
		const before = await inventory();
		const run = ["doctor", "--run", "--warm-up", "0.1", "--json", OURS];
		const { exitCode, stdout, stderr } = await filled(TOO_SMALL_FOR_PROBE, ...run);
		expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
		const [examination] = listAt(JSON.parse(stdout), "examinations");
		const verdicts = listAt(examination, "findings").map((finding) => [
			textAt(finding, "rule"),
			textAt(finding, "verdict"),
			textAt(finding, "evidence"),
		]);
		const why = "no probe can be copied in: the engine's disk is full";
		for (const rule of ["signal-taken", "zombies", "orphan-reaped", "others-asked"]) {
			expect(verdicts).toContainEqual([rule, "skipped", why]);
		}
		expect(verdicts).toContainEqual(["stop-time", "passed", expect.any(String)]);
		expect(await inventory()).toBe(before);
	});

	test("doctor leaves no part of a probe in somebody's container", async () => {
		const { engine } = here();
		const options = ["--detach", "--network=none", "--name", "somebodys"];
		await engine.docker("run", ...options, OURS, "sleep", "1000");
		const { exitCode, stdout } = await filled(TOO_SMALL_FOR_PROBE, "doctor", "somebodys");
		expect(exitCode, stdout).toBe(0);
		expect(stdout).toContain("no probe can be copied in: the engine's disk is full");
		expect((await engine.docker("diff", "somebodys")).stdout).toBe("");
		await engine.docker("rm", "--force", "somebodys");
	});

	test("doctor --run without room for a container ends with 111", async () => {
		const before = await inventory();
		const answer = await filled(0, "doctor", "--run", OURS);
		expect(answer).toMatchObject({
			...{ exitCode: 111, stdout: "" },
			stderr: expect.stringMatching(/the engine's disk is full/),
		});
		expect(await inventory()).toBe(before);
	});
});

describe("this machine's disk is full", () => {
	let disk: SmallDisk;
	let source = "";

	beforeAll(async () => {
		if (SmallDisk.obstacle() !== undefined) return;
		disk = await SmallDisk.mount(100_000);
		source = mkdtempSync(join(tmpdir(), "baseimage-full-disk-"));
		for (const name of ["one", "two", "three"]) {
			mkdirSync(join(source, "service", name), { recursive: true });
			const script = `#!/bin/sh\n# ${"long ".repeat(8_000)}\nexec ${name}\n`;
			writeFileSync(join(source, "service", name, "run"), script, { mode: 0o755 });
		}
	});

	afterAll(async () => {
		if (SmallDisk.obstacle() !== undefined) return;
		await disk[Symbol.asyncDispose]();
		rmSync(source, { recursive: true });
	});

	beforeEach(({ skip }) => {
		const obstacle = SmallDisk.obstacle();
		if (obstacle !== undefined) skip(obstacle);
	});

	const nowhere = { ...process.env, DOCKER_HOST: "unix:///nonexistent/engine.sock" };

	test("init -o leaves no part of the binary", async () => {
		const path = join(disk.folder, "my_init");
		const answer = await baseimage(nowhere, "init", "-o", path);
		expect(answer).toMatchObject({ exitCode: 111, stdout: "" });
		expect(answer.stderr).toContain(`writing ${path}: the disk is full\n`);
		expect(readdirSync(disk.folder)).toEqual([]);
	});

	test("import -o leaves none of its files, and keeps one that it was to replace", async () => {
		const folder = join(disk.folder, "imported");
		const args = ["import", join(source, "service"), "-o", folder];
		const answer = await baseimage(nowhere, ...args);
		expect(answer).toMatchObject({ exitCode: 111, stdout: "" });
		expect(answer.stderr).toMatch(/error: writing \/.*\/imported\/.*: the disk is full\n/);
		expect(readdirSync(disk.folder)).toEqual([]);

		mkdirSync(join(folder, "etc/service/two"), { recursive: true });
		writeFileSync(join(folder, "etc/service/two/run"), "mine");
		expect(await baseimage(nowhere, ...args, "--force")).toMatchObject({ exitCode: 111 });
		expect(readdirSync(folder, { recursive: true }).sort()).toEqual([
			...["etc", "etc/service", "etc/service/two", "etc/service/two/run"],
		]);
		rmSync(folder, { recursive: true });
	});

	test("bench --svg leaves no part of the chart, and its table is there", async ({ skip }) => {
		const found = await findTestEngine();
		if ("reason" in found) return skip(found.reason);
		disk.fill(0);
		try {
			const file = join(disk.folder, "chart.svg");
			const command = ["--command", "sh -c 'echo ready; exec sleep 100'"];
			const options = ["--runs", "1", "--orphans", "1", "--svg", file, ...command];
			const answer = await baseimage(found.env, "bench", OURS, ...options);
			expect(answer).toMatchObject({ exitCode: 111 });
			expect(answer.stdout).toContain(OURS);
			expect(answer.stderr).toContain(`writing ${file}: the disk is full\n`);
			expect(readdirSync(disk.folder)).toEqual(["filler"]);
		} finally {
			disk.clear();
		}
	});
});
