// What users do with what lies in a registry: build upon it, pull it by tag and by digest, run it, with more than one tool.
import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, describe, expect, test } from "vitest";
import { machinePlatform, platforms } from "../../scripts/platforms.ts";
import { readLayout } from "../../scripts/release/layout.ts";
import { skopeo } from "../../scripts/release/tools.ts";
import { podmanCommand } from "../images/support/podman_command.ts";
import { context, docker, imageOf } from "./support.ts";

const own = machinePlatform().platform;
const other = platforms.find(({ platform }) => platform !== own)?.platform ?? own;

describe("an application FROM the image by its tag", () => {
	test("is built for two platforms, and is another layer upon each", async () => {
		const folder = await mkdtemp(join(tmpdir(), "baseimage-ts-application-"));
		try {
			await writeFile(
				join(folder, "Dockerfile"),
				`FROM ${context.repository}:debian\nCOPY hello /hello\nCMD ["cat", "/hello"]\n`,
			);
			await writeFile(join(folder, "hello"), "hello from an application\n");
			const options = ["--platform", `${own},${other}`, "--provenance=false", "--builder=default"];
			const archive = join(folder, "image.tar");
			const { exitCode, all } = await docker([
				...["buildx", "build", ...options, "--output", `type=oci,dest=${archive}`, folder],
			]);
			expect(all).not.toMatch(/ERROR/);
			expect(exitCode).toBe(0);
			const layout = join(folder, "layout");
			await mkdir(layout);
			await execa("tar", ["-x", "-f", archive, "-C", layout]);
			const { platforms: built } = await readLayout(layout);
			expect(built.map(({ platform }) => platform).toSorted()).toEqual([own, other].toSorted());
		} finally {
			await rm(folder, { recursive: true, force: true });
		}
	});
});

describe("docker", () => {
	test("runs what a CI job pulls by digest, under the init, with the command's exit code", async () => {
		const { digest } = imageOf("ubuntu");
		const image = `${context.repository}@${digest}`;
		const script = "cat /proc/1/comm; (sleep 0.1 &); exit 42";
		const { exitCode, stdout } = await docker(["run", "--rm", image, "sh", "-c", script]);
		expect(stdout).toBe("my_init");
		expect(exitCode).toBe(42);
	});

	test("pulls by digest what a tag has left, as imagePullPolicy does", async () => {
		const { digest } = imageOf("debian");
		await docker(["image", "rm", "--force", `${context.repository}@${digest}`]);
		const { exitCode, stdout } = await docker(["pull", `${context.repository}@${digest}`]);
		expect(exitCode).toBe(0);
		expect(stdout).toContain(digest);
		const repositories = await docker([
			...["image", "inspect", "--format", "{{json .RepoDigests}}"],
			`${context.repository}@${digest}`,
		]);
		expect(repositories.stdout).toContain(digest);
	});

	test("says clearly that a tag is not there", async () => {
		const { exitCode, all } = await docker(["pull", `${context.repository}:fedora`]);
		expect(exitCode).not.toBe(0);
		expect(all).toMatch(/not found|manifest unknown/);
	});
});

describe("skopeo", () => {
	test("finds the labels of each platform's configuration", async () => {
		const { file, env } = await skopeo();
		const image = `docker://${context.repository}:alpine`;
		for (const { platform } of imageOf("alpine").platforms) {
			const [, architecture = "", variant] = platform.split("/");
			const which = ["--override-arch", architecture];
			if (variant !== undefined) which.push("--override-variant", variant);
			const inspect = ["inspect", "--no-tags", "--config", "--tls-verify=false", image];
			const { stdout } = await execa(file, [...which, ...inspect], { env });
			const configuration: unknown = JSON.parse(stdout);
			expect(configuration).toMatchObject({
				architecture,
				config: { Labels: { "org.opencontainers.image.ref.name": "baseimage-ts:alpine" } },
			});
		}
	});
});

describe("Podman", async () => {
	const home = await mkdtemp(join(tmpdir(), "baseimage-ts-podman-"));
	const podman = await podmanCommand(home).catch((error: unknown) => String(error));

	afterAll(async () => {
		await rm(home, { recursive: true, force: true });
	});

	test("pulls by tag and runs it rootless, under the init", async ({ skip }) => {
		if (typeof podman === "string") return skip(podman);
		const run = async (...args: string[]) => {
			const [file = "", ...own] = podman;
			return await execa(file, [...own, ...args], { reject: false, all: true, stdin: "ignore" });
		};
		const image = `${context.repository}:alpine`;
		const pulled = await run("pull", "--quiet", "--tls-verify=false", image);
		expect(pulled.all).toMatch(/^[0-9a-f]{64}$/m);
		const name = randomUUID();
		const options = ["run", "--name", name, "--network=none", image];
		const { exitCode, stdout, all } = await run(...options, "sh", "-c", "cat /proc/1/comm; exit 7");
		// Some machines let a user have no containers at all: a reason, and no fault of the image.
		skip(exitCode === 125 || exitCode === 126, `rootless Podman does not work here: ${all}`);
		expect(stdout).toBe("my_init");
		expect(exitCode).toBe(7);
		await run("rm", "--force", name);
	});
});
