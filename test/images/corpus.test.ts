// The corpus: Dockerfiles as people have written them for Phusion's base, FROM ours.
import { expect, test } from "vitest";
import { ENTRIES } from "./corpus/entries.ts";
import { buildImage } from "./support/build.ts";
import { run, start } from "./support/container.ts";
import { anyVariant, titleOf } from "./support/variants.ts";

/** Far below the engine's 10 s: what takes longer was waited out. */
const SOON_MS = 4_000;
/** What a lean image is given to be what they expect. */
const PREPARED = `RUN mkdir -m 0700 /etc/container_environment && echo docker_env:x:8377: >> /etc/group\n`;

const variant = anyVariant();

test.each(ENTRIES)(`${titleOf(variant)}: $name (after: $after; needs: $needs)`, async (entry) => {
	await using image = await buildImage(`FROM ${variant.ours}\n${PREPARED}${entry.dockerfile}`);
	const seen =
		entry.ends.by === "itself" ? await run(image.tag, entry.run) : await stop(image.tag, entry.run);
	const lines = seen.stdout.split("\n");
	expect(lines.filter((line) => entry.sees.includes(line))).toEqual(entry.sees);
	expect(lines).not.toContain("never");
	expect(seen.code).toBe(entry.ends.code);
});

async function stop(tag: string, options: Parameters<typeof start>[1]) {
	await using container = await start(tag, options);
	const { afterMs, ...ended } = await container.stop();
	expect(afterMs).toBeLessThan(SOON_MS);
	return ended;
}
