import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { binaryFor, binaryPlatforms, platformName } from "../../cli/src/binaries.ts";
import { binaryFile } from "../../scripts/build-images.ts";
import { bundleCli } from "../../scripts/cli/bundle.ts";
import { folderOf, machinePlatform } from "../../scripts/platforms.ts";

test("platformName() has one name for each platform, whether its variant is said or not", () => {
	const of = (architecture: string, variant?: string) =>
		platformName({ os: "linux", architecture, variant });
	expect([of("amd64"), of("amd64", ""), of("arm64", "v8"), of("arm64")]).toEqual([
		...["linux/amd64", "linux/amd64", "linux/arm64", "linux/arm64"],
	]);
	expect([of("arm", "v7"), of("arm"), of("arm", "v6")]).toEqual([
		...["linux/arm/v7", "linux/arm/v7", "linux/arm/v6"],
	]);
});

test("binaryFor() gives from the sources what the build has made", async () => {
	const machine = machinePlatform();
	const [os = "", architecture = "", variant] = machine.platform.split("/");
	const binary = await binaryFor({ os, architecture, variant });
	expect(binary.equals(readFileSync(binaryFile(machine)))).toBe(true);
	expect(await binaryPlatforms()).toContain(machine.platform);
});

test("binaryFor() names what it has when it has none for the platform", async () => {
	await expect(binaryFor({ os: "linux", architecture: "mips64le" })).rejects.toMatchObject({
		message: expect.stringMatching(
			/^this command has no init for linux\/mips64le; it has: .*linux/,
		),
	});
});

test("the bundle holds every binary that was built", async () => {
	const text = readFileSync(await bundleCli(), "latin1");
	const folder = folderOf(machinePlatform());
	expect(text).toMatch(new RegExp(`"?${folder}"?:\\s*["\`][A-Za-z0-9+/]{100000}`));
});
