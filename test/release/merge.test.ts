// Parts of a release that two machines have built, put together and pushed.
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { platforms } from "../../scripts/platforms.ts";
import { readLayout } from "../../scripts/release/layout.ts";
import { mergeLayouts } from "../../scripts/release/merge.ts";
import { Repository } from "../../scripts/release/repository.ts";
import { context, docker } from "./support.ts";

const [first, , third] = platforms.map(({ platform }) => platform);

test("the index of a merged image has both platforms with their attestations, and a registry takes it", async () => {
	const home = await mkdtemp(join(tmpdir(), "baseimage-ts-merge-"));
	try {
		// The later one first: the order is that of the list, not of the machines.
		const parts = [await part(home, third ?? "none"), await part(home, first ?? "none")];
		const out = join(home, "merged");
		await mergeLayouts(parts, out, "merged");
		const image = await readLayout(out);
		expect(image.platforms.map(({ platform }) => platform)).toEqual([first, third]);
		for (const { attested } of image.platforms) {
			expect(attested).toEqual([expect.stringMatching(/^https:\/\/slsa\.dev\//)]);
		}
		const repository = await Repository.open(`${context.repository}/merged`);
		await repository.push(image, "merged", "latest");
		expect(await repository.digest("latest")).toBe(image.digest);
		const { stdout } = await docker([
			"buildx",
			"imagetools",
			"inspect",
			`${repository.name}:latest`,
		]);
		expect(stdout).toContain(third);
	} finally {
		await rm(home, { recursive: true, force: true });
	}
});

test("two parts for the same platform are refused", async () => {
	const home = await mkdtemp(join(tmpdir(), "baseimage-ts-merge-"));
	try {
		const one = await part(home, first ?? "none");
		const other = join(home, "copy");
		await cp(one, other, { recursive: true });
		await expect(mergeLayouts([one, other], join(home, "merged"), "merged")).rejects.toThrow(
			`two parts of merged are for ${first}`,
		);
	} finally {
		await rm(home, { recursive: true, force: true });
	}
});

/** A layout of an image for one platform, with a provenance. */
async function part(home: string, platform: string): Promise<string> {
	const name = platform.replaceAll("/", "-");
	const archive = join(home, `${name}.tar`);
	const options = ["--builder=default", "--provenance=mode=max", "--platform", platform];
	const output = `type=oci,dest=${archive},name=merged`;
	const dockerfile = `FROM scratch\nCOPY <<END /platform\n${platform}\nEND\n`;
	const built = await docker(["buildx", "build", ...options, "--output", output, "-"], dockerfile);
	expect(built.exitCode, built.all).toBe(0);
	const folder = join(home, name);
	await mkdir(folder);
	await execa("tar", ["-x", "-f", archive, "-C", folder]);
	return folder;
}
