// docs/verify.md: each of its commands does what it says, and finds out when somebody has tampered.
import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { ASSETS } from "../../scripts/release/assets.ts";
import { LAYOUTS } from "../../scripts/release/build.ts";
import { readLayout, readManifest } from "../../scripts/release/layout.ts";
import { Repository } from "../../scripts/release/repository.ts";
import { cosign, skopeo } from "../../scripts/release/tools.ts";
import { runnable, verifySteps } from "../../scripts/release/verify-steps.ts";
import { root } from "../../scripts/root.ts";
import { context, docker, imageOf, verify } from "./support.ts";

const page = await readFile(join(root, "docs/verify.md"), "utf8");
const { file: cosignFile, env: cosignEnv } = await cosign();
const PATH = [dirname(cosignFile), dirname(context.dockerPath), process.env["PATH"]].join(":");

async function shell(command: string) {
	const env = { ...context.env, ...cosignEnv, PATH };
	const options = { env, cwd: ASSETS, shell: true, reject: false, all: true } as const;
	return await execa(command, options);
}

describe("docs/verify.md", () => {
	test.for(verifySteps)("$text", async ({ command, expected }) => {
		expect(page).toContain(command);
		const names = {
			repository: context.repository,
			digest: imageOf("ubuntu").digest,
			key: join(context.keys, "cosign.pub"),
		};
		const { exitCode, all } = await shell(runnable(command, names));
		expect(all).toMatch(expected);
		expect(exitCode).toBe(0);
	});
});

describe("cosign verify", () => {
	test.for(context.images)("accepts $name, its index and each platform", async (image) => {
		const digests = [image.digest, ...image.platforms.map(({ digest }) => digest)];
		for (const digest of digests) {
			const { exitCode, all } = await verify(digest);
			expect(all).toContain("The signatures were verified");
			expect(exitCode).toBe(0);
		}
	});

	test("refuses a manifest that somebody has pushed in its place", async () => {
		const folder = await tamperedLayout();
		const repository = await Repository.open(context.repository);
		const image = await readLayout(folder);
		await repository.push(image, "init", "tampered");
		const { exitCode, all } = await verify(image.digest);
		expect(all).toMatch(/no signatures found|no matching signatures/);
		expect(exitCode).not.toBe(0);
	});

	test("refuses the signature of another key", async () => {
		const other = await shell(
			`cd ${context.keys} && COSIGN_PASSWORD= cosign generate-key-pair --output-key-prefix other`,
		);
		expect(other.exitCode).toBe(0);
		const { exitCode, all } = await verify(imageOf("init").digest, join(context.keys, "other.pub"));
		expect(all).toMatch(/no matching signatures|invalid signature/);
		expect(exitCode).not.toBe(0);
	});

	/** The layout of init with one more annotation: another index, by the same tag. */
	async function tamperedLayout(): Promise<string> {
		const folder = join(context.keys, "tampered");
		await execa("cp", ["-r", join(LAYOUTS, "init"), folder]);
		const image = await readLayout(folder);
		const index = await readFile(join(folder, "blobs", image.digest.replace(":", "/")), "utf8");
		const changed = index.replace(/"annotations": \{/, '"annotations": {\n    "tampered": "yes",');
		expect(changed).not.toBe(index);
		const { stdout } = await execa("sha256sum", { input: changed });
		const digest = stdout.slice(0, 64);
		await writeFile(join(folder, "blobs/sha256", digest), changed);
		const top = await readFile(join(folder, "index.json"), "utf8");
		const size = Buffer.byteLength(changed);
		await writeFile(
			join(folder, "index.json"),
			top.replaceAll(image.digest, `sha256:${digest}`).replaceAll(/"size":\d+/g, `"size":${size}`),
		);
		return folder;
	}
});

describe("a pull", () => {
	test("fails where a blob was changed in the registry", async () => {
		const folder = await mkdtemp(join(tmpdir(), "baseimage-ts-pull-"));
		try {
			// A blob that nobody else has, or asks for meanwhile.
			const layout = await layoutOf(`FROM scratch\nLABEL unique=${randomUUID()}\n`, folder);
			const image = await readLayout(layout);
			const repository = await Repository.open(`${context.repository}/pulled`);
			await repository.push(image, "latest", "latest");
			expect((await pull(`${repository.name}@${image.digest}`, folder)).exitCode).toBe(0);

			const [blob = "none"] = await readManifest(
				layout,
				image.platforms[0]?.digest ?? image.digest,
			);
			const hash = blob.replace("sha256:", "");
			const stored = join("docker/registry/v2/blobs/sha256", hash.slice(0, 2), hash, "data");
			const path = join(context.storage, stored);
			const content = await readFile(path, "utf8");
			await writeFile(path, content.replace("unique", "UNIQUE"));
			const { exitCode, all } = await pull(`${repository.name}@${image.digest}`, folder);
			expect(all).toMatch(/digest|Digest/);
			expect(exitCode).not.toBe(0);
		} finally {
			await rm(folder, { recursive: true, force: true });
		}
	});

	async function pull(image: string, folder: string) {
		const { file, env } = await skopeo();
		const to = `dir:${join(folder, randomUUID())}`;
		const args = ["copy", "--all", "--src-tls-verify=false", `docker://${image}`, to];
		return await execa(file, ["--insecure-policy", ...args], { env, reject: false, all: true });
	}

	async function layoutOf(dockerfile: string, folder: string): Promise<string> {
		const [archive, layout] = [join(folder, "image.tar"), join(folder, "layout")];
		const output = `type=oci,dest=${archive},name=latest`;
		const options = ["--builder=default", "--provenance=true", "--output", output];
		const { exitCode, all } = await docker(["buildx", "build", ...options, "-"], dockerfile);
		expect(exitCode, all).toBe(0);
		await mkdir(layout);
		await execa("tar", ["-x", "-f", archive, "-C", layout]);
		return layout;
	}
});

describe("the files of a release", () => {
	test("are a binary for each platform, an SBOM for each image and platform, and the notices", async () => {
		const names = await readdir(ASSETS);
		const folders = imageOf("init").platforms.map(({ platform }) => platform.replaceAll("/", "-"));
		expect(names).toEqual(expect.arrayContaining(folders.map((name) => `my_init-${name}`)));
		expect(names).toEqual(
			expect.arrayContaining(["LICENSE", "SHA256SUMS", "SHA256SUMS.sig", "THIRD-PARTY-NOTICES.md"]),
		);
		for (const { name, platforms } of context.images) {
			for (const { platform } of platforms) {
				expect(names).toContain(`${name}-${platform.replaceAll("/", "-")}.spdx.json`);
			}
		}
	});

	test("fail the check where one was changed", async () => {
		const victim = join(ASSETS, "LICENSE");
		const content = await readFile(victim);
		try {
			await writeFile(victim, "another");
			const { exitCode } = await shell("sha256sum --check --quiet SHA256SUMS");
			expect(exitCode).toBe(1);
		} finally {
			await rm(victim);
			await writeFile(victim, content);
		}
	});
});
