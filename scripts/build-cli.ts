// Packs the host command: build/cli/baseimage-linux-x64 and -arm64, each one file that needs no Node.js.
import { stat } from "node:fs/promises";
import { execa } from "execa";
import { bundleCli } from "./cli/bundle.ts";
import { packCli } from "./cli/pack.ts";
import { isNative, nameOf, TARGETS, type Target } from "./cli/targets.ts";

const STARTS = 11;

/** Packs the targets; a foreign one that can't be packed here is skipped with the reason. */
export async function buildCli(targets: readonly Target[] = TARGETS): Promise<void> {
	if (targets.length === 0) return;
	const bundle = await bundleCli();
	console.error(`bundled ${bundle}: ${await megabytes(bundle)}`);
	for (const target of targets) await buildTarget(bundle, target);
}

async function buildTarget(bundle: string, target: Target): Promise<void> {
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

if (import.meta.main) await buildCli();
