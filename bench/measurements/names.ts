/** Our binary under the names of others: no name may cost what another has gained. */
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asPid1, type Init, REFERENCE } from "../inits/init.ts";
import { runInits, timeStarts } from "../native/launcher.ts";
import type { Bench, Measured, Measurement, RowHead } from "./measurement.ts";
import { memoryOf, untilIdle } from "./proc.ts";
import { interleave, rowOf } from "./rounds.ts";

const NAMES = ["tini", "dumb-init", "catatonit"] as const;
const WARMUP_ROUNDS = 20;
const MOST_TIMES_THE_REFERENCE = 0.5;
const MOST_DIRTY_KIB = 48;

export const names: Measurement = {
	name: "names",
	title: "Under the names of others",
	method:
		"Our binary is started by a link with the name of a peer, beside that peer and the reference, round by round: as in the rows of the start with a static true, and as in those of idle memory.",
	async measure(bench) {
		const ours = bench.inits.find(({ role }) => role === "ours");
		if (ours === undefined) return [];
		const folder = await mkdtemp(join(tmpdir(), "bench-names-"));
		try {
			const rows: Measured[] = [];
			for (const name of NAMES) {
				const link = join(folder, name);
				await symlink(ours.file, link);
				const peer = bench.inits.find((init) => init.name === name);
				const words = peer?.words ?? ours.words;
				const compared = [{ ...ours, file: link, words }, ...peersOf(bench, name)];
				const absent = absentOf(bench, compared);
				rows.push(await starts(bench, name, compared, absent));
				rows.push(await memory(bench, name, compared, absent));
			}
			return rows;
		} finally {
			await rm(folder, { recursive: true });
		}
	},
};

/** The init whose name it is, and the one that ratios refer to. */
function peersOf({ inits }: Bench, name: string): Init[] {
	return inits.filter((init) => init.name === name || init.name === REFERENCE);
}

function absentOf({ inits }: Bench, compared: readonly Init[]): ReadonlyMap<string, string> {
	const others = inits.filter(({ name }) => !compared.some((init) => init.name === name));
	return new Map(others.map(({ name }): [string, string] => [name, "has another name"]));
}

async function starts(
	bench: Bench,
	name: string,
	compared: readonly Init[],
	absent: ReadonlyMap<string, string>,
): Promise<Measured> {
	bench.progress(`${bench.rounds} rounds as ${name}`);
	const samples = await timeStarts(bench.tools.launch, {
		place: "pid1",
		warmup: WARMUP_ROUNDS,
		rounds: bench.rounds,
		commands: compared.map((init) => asPid1(init, [bench.tools.true])),
	});
	const taken = new Map(compared.map((init, i) => [init.name, samples[i] ?? []]));
	const head: RowHead = {
		id: `names.start.${name}`,
		title: `start as PID 1 as ${name}, a static true`,
		unit: "ns",
		better: "less",
		headline: false,
		limit: { of: "ratio", most: MOST_TIMES_THE_REFERENCE },
		whenBehind: "it sets up less than a runtime of JavaScript needs",
	};
	return rowOf(head, { taken, absent }, ({ durationNs }) => durationNs);
}

async function memory(
	bench: Bench,
	name: string,
	compared: readonly Init[],
	absent: ReadonlyMap<string, string>,
): Promise<Measured> {
	const turns = await interleave(compared, bench.quick ? 3 : 9, async (init, round) => {
		bench.progress(`memory as ${name}: round ${round + 1}, ${init.name}`);
		await using running = await runInits(bench.tools.launch, 1, asPid1(init, [bench.tools.idle]));
		const pid = running.pids[0] ?? 0;
		await untilIdle(pid);
		return (await memoryOf(pid)).privateDirty;
	});
	const head: RowHead = {
		id: `names.private-dirty.${name}`,
		title: `memory idle as ${name}: private dirty`,
		unit: "KiB",
		better: "less",
		headline: false,
		limit: { of: "median", most: MOST_DIRTY_KIB },
		whenBehind: "it has no objects of a runtime to write to",
	};
	return rowOf(
		head,
		{ taken: turns.taken, absent: new Map([...absent, ...turns.absent]) },
		(kib) => kib,
	);
}
