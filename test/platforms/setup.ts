// Has the binary of every platform built, and an emulator for each foreign one, before any test runs; and writes
// build/platforms.json, which tells of each platform whether it was emulated, how large the binary is, and how its start compares.
import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { binaryFile, buildBinaries } from "../../scripts/build-images.ts";
import { ensureEmulation } from "../../scripts/engine/binfmt.ts";
import { ensureEngine } from "../../scripts/engine/engine.ts";
import { enginePaths } from "../../scripts/engine/paths.ts";
import { machinePlatform, platforms } from "../../scripts/platforms.ts";
import { root } from "../../scripts/root.ts";
import { isUpToDate } from "../../scripts/up-to-date.ts";
import { startRatio } from "./support/start_ratio.ts";

export const RESULT = join(root, "build/platforms.json");
const SOURCES = ["init", "package.json"];

export default async function setup(): Promise<() => Promise<void>> {
	const engine = await ensureEngine();
	const upToDate = await Promise.all(
		platforms.map((platform) => isUpToDate(binaryFile(platform), SOURCES)),
	);
	const wanted = platforms.filter((_, index) => !upToDate[index]);
	if (wanted.length > 0) {
		console.log(`building the binary for ${wanted.map(({ platform }) => platform).join(", ")}…`);
		await buildBinaries(wanted);
	}
	if (process.getuid?.() === 0) await ensureEmulation(enginePaths(), platforms);

	const ratio = await startRatio(binaryFile(machinePlatform()));
	const result = platforms.map((platform) => {
		const emulated = platform !== machinePlatform();
		const bytes = statSync(binaryFile(platform)).size;
		const startOverTini = emulated ? undefined : ratio;
		return { platform: platform.platform, emulated, bytes, startOverTini };
	});
	writeFileSync(RESULT, `${JSON.stringify({ platforms: result }, undefined, "\t")}\n`);
	for (const { platform, emulated, bytes, startOverTini } of result) {
		const start =
			startOverTini === undefined ? "" : `, start ${startOverTini.toFixed(2)} of tini's`;
		console.log(`${platform}: ${emulated ? "emulated" : "native"}, ${bytes} bytes${start}`);
	}
	return async () => {
		if (engine.startedHere) await engine.stop();
	};
}
