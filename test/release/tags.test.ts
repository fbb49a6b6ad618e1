// What lies in the registry after a release, and what a second one does to it.
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { platforms } from "../../scripts/platforms.ts";
import { LAYOUTS } from "../../scripts/release/build.ts";
import { readLayout } from "../../scripts/release/layout.ts";
import { Repository } from "../../scripts/release/repository.ts";
import { root } from "../../scripts/root.ts";
import { context, imageOf } from "./support.ts";

const repository = await Repository.open(context.repository);

describe.for(context.images)("$name in the registry", ({ name, digest, tags }) => {
	test("goes by all of its tags, each of which names the image that was built", async () => {
		expect(await repository.tags()).toEqual(expect.arrayContaining([...tags]));
		const digests = await Promise.all(tags.map((tag) => repository.digest(tag)));
		expect(digests).toEqual(tags.map(() => digest));
	});

	test("has a manifest for each platform that its base is published for, and both attestations of each", async () => {
		const image = await readLayout(join(LAYOUTS, name));
		expect(image.platforms.map(({ platform }) => platform)).toEqual(
			expectedPlatforms(name).filter(isBuilt),
		);
		for (const { attested } of image.platforms) {
			expect(attested).toEqual([
				"https://spdx.dev/Document",
				expect.stringMatching(/^https:\/\/slsa\.dev\/provenance\//),
			]);
		}
	});
});

test("latest is ubuntu", async () => {
	expect(await repository.digest("latest")).toBe(imageOf("ubuntu").digest);
});

describe("npm run release", () => {
	const host = context.repository.split("/")[0] ?? "";
	const run = (...args: string[]) =>
		execa(
			process.execPath,
			["scripts/release/main.ts", "--no-build", "--assets", join(context.keys, "assets"), ...args],
			{
				cwd: root,
				env: { ...context.env },
				reject: false,
				all: true,
			},
		);
	const at = (date: string) => ["--registry", host, "--org", "org", "--date", date];
	const toHere = at("20261123");

	test("--dry-run prints every reference, and pushes nothing", async () => {
		const { exitCode, stdout } = await run("--dry-run", "--images", "init", ...at("20261122"));
		expect(exitCode).toBe(0);
		expect(stdout).toContain(context.repository);
		expect(stdout).toContain("init-20261122");
		for (const { platform } of imageOf("init").platforms) expect(stdout).toContain(platform);
		expect(await repository.tags()).not.toContain("init-20261122");
	});

	test("--json prints the same as a value", async () => {
		const { stdout } = await run("--dry-run", "--json", "--images", "init", ...toHere);
		const plan: unknown = JSON.parse(stdout);
		expect(plan).toMatchObject({
			repository: context.repository,
			images: [{ name: "init", digest: imageOf("init").digest }],
		});
	});

	test("takes a second try at the same images for the same release", async () => {
		const { exitCode } = await run("--images", "init", ...toHere);
		expect(exitCode).toBe(0);
		expect(await repository.tags()).not.toContain("init-20261123.2");
	});

	test("refuses to overwrite a dated tag, and says why", async () => {
		// Another image by that name: what lies in the registry for extras.
		await repository.tag(imageOf("extras").digest, "init-20261124");
		const { exitCode, all } = await run("--images", "init", ...at("20261124"), "--serial", "1");
		expect(exitCode).toBe(3);
		expect(all).toMatch(/refused: .*init-20261124 is published already.*never overwritten/);
		expect(await repository.digest("init-20261124")).toBe(imageOf("extras").digest);
	});

	test("gives the second release of a day the next number", async () => {
		await repository.tag(imageOf("extras").digest, "init-20261125");
		const { exitCode } = await run("--images", "init", ...at("20261125"));
		expect(exitCode).toBe(0);
		expect(await repository.digest("init-20261125.2")).toBe(imageOf("init").digest);
		expect(await repository.digest("init-20261125")).toBe(imageOf("extras").digest);
	});

	test.for([
		[["--registry", "registry.example", "--org", "org"], /is signed: --keyless .* or --key/],
		[[], /name where to push to: --registry and --org/],
		[["--images", "fedora"], /no image fedora; there are ubuntu, /],
		[["--platform", "linux/mips"], /no image is built for platform linux\/mips; there are/],
		[["--serial", "0"], /write it as 1, 2 and so on/],
		[["--key", "k", "--keyless"], /cannot be used with/],
		[["--key", "/no/such", "--registry", "r.example", "--org", "o"], /there is no key \/no\/such/],
		[["--date", "2026-11-23"], /write it as 20261123/],
		[["--org", "Two Words"], /it has small letters/],
		[["publish"], /too many arguments/],
	] as const)("ends with 2 for %j", async ([args, message]) => {
		const { exitCode, all } = await run(...args);
		expect(all).toMatch(message);
		expect(exitCode).toBe(2);
	});

	test("ends with 1 where the last build has left no such image", async ({ skip }) => {
		skip(
			context.images.some(({ name }) => name === "ubuntu-full"),
			"all images were built",
		);
		const { exitCode, all } = await run("--dry-run", "--images", "ubuntu-full");
		expect(exitCode).toBe(1);
		expect(all).toMatch(/has left no image ubuntu-full in build\/release; build it/);
	});

	test("ends with 1 where there is nothing to merge", async () => {
		const { exitCode, all } = await run("merge", "/no/such.tar");
		expect(exitCode).toBe(1);
		expect(all).toContain("there is no archive /no/such.tar");
	});

	test("ends with 1 where the registry does not answer", async () => {
		const { exitCode, all } = await run(
			"--images",
			"init",
			"--registry",
			"localhost:1",
			"--org",
			"o",
		);
		expect(exitCode).toBe(1);
		expect(all).toMatch(/the tags of localhost:1\/o\/baseimage-ts cannot be listed/);
	});
});

/** PLATFORMS=… builds fewer. */
function isBuilt(platform: string): boolean {
	const asked = process.env["PLATFORMS"];
	return asked === undefined || asked.split(",").includes(platform);
}

function expectedPlatforms(name: string): string[] {
	const all = platforms.map(({ platform }) => platform);
	if (name.endsWith("-full")) return all.slice(0, 2);
	const lacking = name === "centos" ? ["linux/arm/v7", "linux/riscv64"] : [];
	return all.filter((platform) => !lacking.includes(platform));
}
