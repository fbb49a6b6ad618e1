// docs/sizes.md: the form of the page, and that the one in the repository has it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { imageNames } from "../../../scripts/bases/distributions.ts";
import { layersIn, sizesPage } from "../../../scripts/sizes-page.ts";

const HISTORY = [
	'0\tENTRYPOINT ["/sbin/my_init" "--"]',
	"663552\tCOPY /files/ / # buildkit",
	'0\tCMD ["bash"]',
	"104857600\tADD debian.tar / # buildkit",
].join("\n");

test("a page has the base, what is ours, and each of our layers", () => {
	const image = {
		name: "debian",
		tag: "baseimage-ts:debian",
		base: "debian:trixie-slim",
		standin: false,
		bytes: 104_857_600 + 663_552,
		baseBytes: 104_857_600,
	} as const;
	const lines = sizesPage([image], new Map([["debian", layersIn(HISTORY)]])).split("\n");
	expect(lines).toContain("| **debian** | 103,048 KiB | 102,400 KiB | **648 KiB** | |");
	expect(lines.filter((line) => line.startsWith("| | |"))).toEqual([
		"| | | | 648 KiB | `COPY /files/ /` |",
	]);
});

test("docs/sizes.md has every image", () => {
	const page = readFileSync(join(import.meta.dirname, "../../../docs/sizes.md"), "utf8");
	for (const name of imageNames)
		expect(page).toMatch(
			new RegExp(`^\\| \\*\\*${name}( \\(stand-in\\))?\\*\\* \\| [\\d,]+ KiB`, "m"),
		);
});
