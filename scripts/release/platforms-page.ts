// node scripts/release/platforms-page.ts: writes docs/platforms.md from the last release that the tests made and ran.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../root.ts";

/** What a test run notes of each image on each platform: test/release/platforms.test.ts. */
export const RAN = join(root, "build/release/ran.json");
const PAGE = join(root, "docs/platforms.md");

export interface Ran {
	readonly image: string;
	readonly platform: string;
	readonly how: "native" | "emulated";
	/** Compressed, all layers. */
	readonly bytes: number;
	/** Of the file my_init. */
	readonly binaryBytes: number;
	/** cosign has verified the manifest of this platform. */
	readonly signed: boolean;
	readonly standin: boolean;
}

/** The page. `starts`: how long a start takes natively, in times of tini's, by platform. */
export function platformsPage(rows: readonly Ran[], starts: ReadonlyMap<string, number>): string {
	const kib = (bytes: number): string => `${Math.round(bytes / 1_024).toLocaleString("en-US")} KiB`;
	const lines = rows.map(({ image, platform, how, bytes, binaryBytes, signed, standin }) => {
		const isOnBase = image !== "init" && image !== "extras";
		const cells = [
			platform,
			standin && isOnBase ? `${image} (stand-in)` : image,
			"yes",
			image === "extras" ? "holds no program" : how,
			kib(bytes),
			image === "extras" ? "–" : kib(binaryBytes),
			(image === "init" && starts.get(platform)?.toFixed(2)) || "–",
			signed ? "yes" : "no",
		];
		return `| ${cells.join(" | ")} |`;
	});
	return `<!-- Written by node scripts/release/platforms-page.ts after npm run test:release and test:platforms; do not edit. -->
# Platforms

What the tests of a release have built, run and verified. "Emulated": under qemu, since the machine that ran them is of another
platform. "(stand-in)": no registry was reached, and a local image took the place of the distribution's base; the size is then that
image's. The binary is compiled for every platform on the machine that builds, never under an emulator. Start: from exec to the end of a
static \`true\` as PID 1, tini = 1, in a glance, and natively only; [bench/results](../bench/results/results.md) has the methods.

| platform | image | built | run | size, compressed | binary | start | signature verified |
| --- | --- | --- | --- | --- | --- | --- | --- |
${lines.join("\n")}

CentOS Stream 10 is published for amd64, arm64, ppc64le and s390x. The full images are for amd64 and arm64: their packages are installed on
the platform itself.
`;
}

/** What test/platforms has noted; empty where it was not run. */
async function startsNoted(): Promise<ReadonlyMap<string, number>> {
	const text = await readFile(join(root, "build/platforms.json"), "utf8").catch(() => undefined);
	if (text === undefined) return new Map();
	const { platforms }: { platforms: { platform: string; startOverTini?: number }[] } =
		JSON.parse(text);
	return new Map(
		platforms.flatMap(({ platform, startOverTini }) =>
			startOverTini === undefined ? [] : [[platform, startOverTini] as const],
		),
	);
}

if (import.meta.main) {
	const rows: Ran[] = JSON.parse(await readFile(RAN, "utf8"));
	await writeFile(PAGE, platformsPage(rows, await startsNoted()));
	console.error(`platforms-page: wrote ${PAGE}`);
}
