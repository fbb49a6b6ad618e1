// Pins: what a registry's tags name, written down, and noticed when it moves.
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureEngine } from "../../scripts/engine/engine.ts";
import { refreshBases } from "../../scripts/release/refresh.ts";
import { Repository } from "../../scripts/release/repository.ts";
import { context, docker, imageOf } from "./support.ts";

const BASE = `${context.repository}:base-of-debian`;
const engine = await ensureEngine();
const repository = await Repository.open(context.repository);
let checkout = "";

/** A checkout with what names the base of one distribution. */
beforeAll(async () => {
	checkout = await mkdtemp(join(tmpdir(), "baseimage-ts-pins-"));
	await put("docker-bake.hcl", `variable "BASE_DEBIAN" {\n  default = "${BASE}"\n}\n`);
	await put("images/debian/Dockerfile", `ARG BASE=${BASE}\n\nFROM \${BASE}\n`);
	await repository.tag(imageOf("debian").digest, "base-of-debian");
});

afterAll(() => rm(checkout, { recursive: true, force: true }));

test("a refresh writes the digest that the tag names, to the bake file and to the Dockerfile", async () => {
	const pinned = `${BASE}@${imageOf("debian").digest}`;
	const moved = [{ name: "BASE_DEBIAN", from: BASE, to: pinned }];
	expect(await refreshBases(engine, { isDry: true, checkout })).toEqual(moved);
	expect(await text("docker-bake.hcl")).not.toContain("@sha256");
	expect(await refreshBases(engine, { isDry: false, checkout })).toEqual(moved);
	expect(await text("docker-bake.hcl")).toContain(`default = "${pinned}"`);
	expect(await text("images/debian/Dockerfile")).toContain(`ARG BASE=${pinned}\n`);
	expect(await refreshBases(engine, { isDry: false, checkout })).toEqual([]);
});

test("the next refresh notices that the tag has moved on, and what is pinned can still be had", async () => {
	const before = `${BASE}@${imageOf("debian").digest}`;
	const after = `${BASE}@${imageOf("alpine").digest}`;
	await repository.tag(imageOf("alpine").digest, "base-of-debian");
	const moved = [{ name: "BASE_DEBIAN", from: before, to: after }];
	expect(await refreshBases(engine, { isDry: true, checkout })).toEqual(moved);
	const built = await docker(
		["buildx", "build", "--builder=default", "--output=type=cacheonly", "-"],
		`FROM ${before}\n`,
	);
	expect(built.exitCode, built.all).toBe(0);
});

test("a registry that does not answer changes nothing", async () => {
	const gone = 'variable "BASE_DEBIAN" {\n  default = "localhost:1/gone:1"\n}\n';
	await put("docker-bake.hcl", gone);
	await expect(refreshBases(engine, { isDry: false, checkout })).rejects.toThrow("localhost:1");
	expect(await text("docker-bake.hcl")).toBe(gone);
});

test("the digest of a pinned base becomes a label of the image", async () => {
	const env = { BASE_DEBIAN: `debian:trixie-slim@${imageOf("debian").digest}` };
	const { stdout } = await docker(["buildx", "bake", "--print", "debian"], "", env);
	const printed: unknown = JSON.parse(stdout);
	expect(printed).toMatchObject({
		target: {
			debian: {
				labels: {
					"org.opencontainers.image.base.name": "debian:trixie-slim",
					"org.opencontainers.image.base.digest": imageOf("debian").digest,
				},
			},
		},
	});
});

async function put(file: string, content: string): Promise<void> {
	await mkdir(dirname(join(checkout, file)), { recursive: true });
	await writeFile(join(checkout, file), content);
}

async function text(file: string): Promise<string> {
	return await readFile(join(checkout, file), "utf8");
}
