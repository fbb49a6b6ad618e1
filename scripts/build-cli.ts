// Packs the host command: build/cli/baseimage-linux-x64 and so on, each one file that needs no Node.js, and the package for
// npx; with the init's binaries inside: those of all platforms that were built.
//
//   node scripts/build-cli.ts            every executable that can be packed on this machine
//   node scripts/build-cli.ts --native   only the one that runs here
//   node scripts/build-cli.ts --release  with the binaries that `npm run release` has left, which must be all

import { stat } from "node:fs/promises";
import { parseArgs } from "node:util";
import { execa } from "execa";
import { binaryFile, buildBinaries } from "./build-images.ts";
import { type BinaryFile, bundleCli } from "./cli/bundle.ts";
import { NPM_ARCHIVE, packNpmPackage } from "./cli/npm-package.ts";
import { packCli } from "./cli/pack.ts";
import { isNative, nameOf, obstacleTo, TARGETS, type Target } from "./cli/targets.ts";
import { machinePlatform, platforms } from "./platforms.ts";
import { releasedBinary } from "./release/build.ts";

const STARTS = 11;

/**
 * Packs the targets; a foreign one that can't be packed here is skipped with the reason.
 * @param fileOf where the init's binaries lie.
 */
export async function buildCli(
	targets: readonly Target[] = TARGETS,
	fileOf: BinaryFile = binaryFile,
): Promise<void> {
	if (targets.length === 0) return;
	if (fileOf === binaryFile) await ensureBinary();
	const bundle = await bundleCli(fileOf);
	console.error(`bundled ${bundle}: ${await megabytes(bundle)}`);
	await packNpmPackage(bundle);
	console.error(`packed ${NPM_ARCHIVE}: ${await megabytes(NPM_ARCHIVE)}, for npx`);
	for (const target of targets) await buildTarget(bundle, target);
}

/** The executable carries the init's binaries: those that were built, and this machine's in any case. */
async function ensureBinary(): Promise<void> {
	const platform = machinePlatform();
	const isBuilt = await stat(binaryFile(platform)).catch(() => undefined);
	if (isBuilt === undefined) await buildBinaries([platform]);
}

async function buildTarget(bundle: string, target: Target): Promise<void> {
	const obstacle = obstacleTo(target);
	if (obstacle !== undefined) {
		console.error(`skipped ${nameOf(target)}: ${obstacle}`);
		return;
	}
	try {
		const executable = await packCli(bundle, target);
		const started = isNative(target) ? await startOf(executable) : "not run: a foreign platform";
		console.error(`packed ${executable}: ${await megabytes(executable)}, ${started}`);
	} catch (error) {
		if (isNative(target)) throw error;
		const reason = error instanceof Error ? error.message : String(error);
		console.error(`skipped ${nameOf(target)}: ${reason}`);
	}
}

async function megabytes(file: string): Promise<string> {
	return `${((await stat(file)).size / 1e6).toFixed(1)} MB`;
}

/** Runs `--version` a few times: what it printed, and the median of the times. */
async function startOf(executable: string): Promise<string> {
	const times: number[] = [];
	let version = "";
	for (let run = 0; run < STARTS; run++) {
		const { stdout, durationMs } = await execa(executable, ["--version"]);
		version = stdout;
		times.push(durationMs);
	}
	const median = times.toSorted((a, b) => a - b)[(STARTS - 1) / 2] ?? Number.NaN;
	return `--version prints ${version} in ${median.toFixed(0)} ms (median of ${STARTS})`;
}

/** @throws for a platform that no binary of a release is there for. */
async function requireReleased(): Promise<void> {
	for (const platform of platforms) {
		const file = releasedBinary(platform);
		const isThere = await stat(file).catch(() => undefined);
		if (isThere === undefined) throw new Error(`there is no ${file}: npm run release -- --dry-run`);
	}
}

if (import.meta.main) {
	const options = { native: { type: "boolean" }, release: { type: "boolean" } } as const;
	const { native, release } = parseArgs({ options }).values;
	if (release === true) await requireReleased();
	await buildCli(
		native === true ? TARGETS.filter(isNative) : TARGETS,
		release === true ? releasedBinary : binaryFile,
	);
}
