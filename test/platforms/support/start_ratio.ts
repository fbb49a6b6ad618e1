// How the start of the binary compares, in a glance: bench/ has the methods, many more rounds, and intervals.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { median } from "simple-statistics";
import { findPeers } from "../../../bench/inits/peers.ts";
import { timeStarts } from "../../../bench/native/launcher.ts";
import { root } from "../../../scripts/root.ts";

const SOURCES = join(root, "bench/native");
const WARMUP_ROUNDS = 20;
const ROUNDS = 200;

/**
 * The median, over the rounds, of "exec, start a static true, end" as PID 1 in times of tini's; undefined, with the reason printed,
 * where it cannot be measured.
 */
export async function startRatio(file: string): Promise<number | undefined> {
	const folder = await mkdtemp(join(tmpdir(), "my_init-start-"));
	try {
		await execa("gcc", ["-O2", join(SOURCES, "launch.c"), "-o", join(folder, "launch")]);
		await execa("gcc", ["-O2", "-static", join(SOURCES, "true.c"), "-o", join(folder, "true")]);
		const tini = (await findPeers(folder)).inits.find(({ name }) => name === "tini");
		if (tini === undefined) throw new Error("there is no tini to compare with");
		const command = [join(folder, "true")];
		const [ours = [], theirs = []] = await timeStarts(join(folder, "launch"), {
			place: "pid1",
			warmup: WARMUP_ROUNDS,
			rounds: ROUNDS,
			commands: [
				[file, "--", ...command],
				[tini.file, "--", ...command],
			],
		});
		return median(
			ours.map(({ durationNs }, round) => durationNs / (theirs[round]?.durationNs ?? 0)),
		);
	} catch (error) {
		const reason = error instanceof Error ? error.message.split("\n", 1)[0] : String(error);
		console.warn(`the start was not measured: ${reason}`);
		return undefined;
	} finally {
		await rm(folder, { recursive: true });
	}
}
