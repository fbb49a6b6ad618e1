// Two builds in two folders, at two times, the second from nothing: the manifest of each platform has the same digest.
import { createHash } from "node:crypto";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ImageName } from "../../scripts/bases/distributions.ts";
import { ensureEngine } from "../../scripts/engine/engine.ts";
import { platforms } from "../../scripts/platforms.ts";
import { LAYOUTS } from "../../scripts/release/build.ts";
import { compareLayouts, comparisonText, reproduce } from "../../scripts/release/reproduce.ts";

const IS_LONG = process.env["LONG"] === "1";
/** All of them take ten minutes on two cores: LONG=1. */
const PLATFORMS = platforms.map(({ platform }) => platform).slice(0, IS_LONG ? undefined : 1);
const IMAGES: readonly ImageName[] = ["ubuntu", "debian", "centos", "alpine", "extras", "init"];

test(`a second build of ${IMAGES.join(", ")} for ${PLATFORMS.join(", ")} is the same, bit by bit`, async () => {
	const asked = { images: IMAGES, platforms: PLATFORMS };
	const comparisons = await reproduce(await ensureEngine(), asked);
	console.log(comparisonText(comparisons));
	expect(comparisons.length).toBeGreaterThanOrEqual(IMAGES.length);
	expect(comparisons.filter(({ digests: [one, other] }) => one !== other)).toEqual([]);
}, 1_500_000);

test("an image that differs in one byte is found, with a report of what differs", async () => {
	const folder = await mkdtemp(join(tmpdir(), "baseimage-ts-differing-"));
	try {
		await cp(join(LAYOUTS, "extras"), join(folder, "extras"), { recursive: true });
		await changeConfiguration(join(folder, "extras"));
		const comparisons = await compareLayouts(LAYOUTS, folder);
		const [changed] = comparisons.filter(({ digests: [one, other] }) => one !== other);
		expect(changed?.difference).toMatch(/^sha256:[0-9a-f]+ and sha256:[0-9a-f]+ differ/);
		expect(comparisonText(comparisons)).toContain("DIFFERENT");
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
});

/** Gives one platform's configuration another author, and all that names it the new digests. */
async function changeConfiguration(layout: string): Promise<void> {
	const blobs = join(layout, "blobs/sha256");
	const names = await readdir(blobs);
	const texts = await Promise.all(
		names.map(async (name) => [name, await readFile(join(blobs, name), "utf8")] as const),
	);
	// An image's: those of attestations have no labels.
	const [config, text] = texts.find(
		([, content]) => content.includes('"Labels"') && content.includes('"rootfs"'),
	) ?? ["", ""];
	let [old, changed] = [config, text.replace('"rootfs"', '"author":"somebody","rootfs"')];
	expect(changed).not.toBe(text);
	for (;;) {
		const digest = sha256(changed);
		await writeFile(join(blobs, digest), changed);
		const [name, naming] = texts.find(([, content]) => content.includes(`sha256:${old}`)) ?? [];
		if (name === undefined || naming === undefined) break;
		[old, changed] = [name, naming.replaceAll(`sha256:${old}`, `sha256:${digest}`)];
	}
	const top = join(layout, "index.json");
	await writeFile(top, (await readFile(top, "utf8")).replaceAll(old, sha256(changed)));
}

function sha256(text: string): string {
	return createHash("sha256").update(text).digest("hex");
}
