// The corpus: Dockerfiles as people have written them for Phusion's base, FROM ours.
import { describe, expect, inject, test } from "vitest";
import { ENTRIES } from "./corpus/entries.ts";
import type { Entry } from "./corpus/entry.ts";
import { buildImage } from "./support/build.ts";
import { run, start } from "./support/container.ts";
import { anyVariant, titleOf } from "./support/variants.ts";

/** Far below the engine's 10 s: what takes longer was waited out. */
const SOON_MS = 4_000;
/** What a lean image is given to be what they expect. */
const PREPARED = `RUN mkdir -m 0700 /etc/container_environment && echo docker_env:x:8377: >> /etc/group\n`;

/** An init that forwards and reaps, and knows nothing of Phusion's folders, in place of ours. */
const PLAIN_INIT = `USER 0
RUN mv /sbin/my_init /sbin/plain-init && printf '#!/bin/sh\\nwhile [ "\${1#-}" != "\${1-}" ]; do shift; done\\n[ $# -gt 0 ] || set -- sleep 3\\nexec /sbin/plain-init as tini -- "$@"\\n' > /sbin/my_init && chmod 0755 /sbin/my_init
`;

const lean = anyVariant();
const [full = lean] = inject("fullVariants");

describe.each([
	[lean, ENTRIES.filter(({ on }) => on === undefined)],
	[full, ENTRIES.filter(({ on }) => on === "full")],
])("the corpus", (variant, entries) => {
	describe(titleOf(variant), () => {
		test.each(entries)("$name (after: $after; needs: $needs)", async (entry) => {
			await using image = await buildImage(dockerfileOf(entry));
			const seen =
				entry.ends.by === "itself"
					? await run(image.tag, entry.run)
					: await stop(image.tag, entry.run);
			const lines = seen.stdout.split("\n");
			expect(lines.filter((line) => entry.sees.includes(line))).toEqual(entry.sees);
			expect(lines).not.toContain("never");
			expect(seen.code).toBe(entry.ends.code);
		});
	});
});

describe("on an init that forwards and reaps, and no more", () => {
	const ending = ENTRIES.filter(({ ends }) => ends.by === "itself");
	const entries = ending.filter((entry) => entry.worksOnPlainInit !== true);

	test.each(entries)("$name: is missing what it needs ($needs)", async (entry) => {
		expect(await worksOnPlainInit(entry)).toBe(false);
	});

	// It is an init all the same: what needs no more works.
	test.each(ending.filter((entry) => !entries.includes(entry)))("$name: works", async (entry) => {
		expect(await worksOnPlainInit(entry)).toBe(true);
	});

	test("the corpus has at least 25 entries, of which five and more show that", () => {
		expect(ENTRIES.length).toBeGreaterThanOrEqual(25);
		expect(entries.length).toBeGreaterThanOrEqual(5);
		expect(new Set(ENTRIES.map(({ after }) => after)).size).toBe(ENTRIES.length);
	});
});

async function worksOnPlainInit(entry: Entry): Promise<boolean> {
	await using image = await buildImage(`${dockerfileOf(entry)}${PLAIN_INIT}`);
	const { stdout, code } = await run(image.tag, entry.run);
	const lines = stdout.split("\n");
	const isSeen = entry.sees.every((line) => lines.includes(line));
	return isSeen && !lines.includes("never") && code === entry.ends.code;
}

function dockerfileOf({ on, dockerfile }: Entry): string {
	return on === "full"
		? `FROM ${full.ours}\n${dockerfile}`
		: `FROM ${lean.ours}\n${PREPARED}${dockerfile}`;
}

async function stop(tag: string, options: Parameters<typeof start>[1]) {
	await using container = await start(tag, options);
	const { afterMs, ...ended } = await container.stop();
	expect(afterMs).toBeLessThan(SOON_MS);
	return ended;
}
