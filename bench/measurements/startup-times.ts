/** Times starts with each kind of start-up files. */
import { asPid1, type Init } from "../inits/init.ts";
import { type StartSample, timeStarts } from "../native/launcher.ts";
import type { Etc } from "../native/own-etc.ts";
import type { Tools } from "../native/tools.ts";
import type { Bench } from "./measurement.ts";
import type { Turns } from "./rounds.ts";
import { obstacleTo, WARMUP_ROUNDS } from "./start.ts";
import { type StartupFiles, throughShell } from "./startup-files.ts";

/** Starts with work before the main command take long: a part of the rounds must do. */
const SHARE_WITH_WORK = 1 / 4;

/** What an image has, and the /etc that has it. */
export type Prepared = StartupFiles & { readonly own: Etc };
export type StartTimes = ReadonlyMap<StartupFiles["id"], Turns<StartSample>>;

interface Start {
	readonly kind: Prepared;
	readonly init: string;
	readonly words: readonly string[];
}

/**
 * Times every init with every kind of files. Those without work have rounds of their own, in which all have neighbours alike, so
 * that they can be subtracted from each other.
 * @param others inits that are not measured, and why.
 */
export async function timeStartup(
	bench: Bench,
	inits: readonly Init[],
	kinds: readonly Prepared[],
	others: ReadonlyMap<string, string>,
): Promise<StartTimes> {
	const times = new Map<StartupFiles["id"], Turns<StartSample>>();
	for (const isWork of [false, true]) {
		const rounds = isWork ? Math.ceil(bench.rounds * SHARE_WITH_WORK) : bench.rounds;
		const alike = kinds.filter((kind) => kind.isWork === isWork);
		for (const [id, turns] of await timeTogether(bench, inits, alike, rounds)) {
			times.set(id, { ...turns, absent: new Map([...others, ...turns.absent]) });
		}
	}
	return times;
}

async function timeTogether(
	{ tools, progress }: Bench,
	inits: readonly Init[],
	kinds: readonly Prepared[],
	rounds: number,
): Promise<StartTimes> {
	const absent = new Map(kinds.map(({ id }) => [id, new Map<string, string>()]));
	const starts: Start[] = [];
	for (const kind of kinds) {
		for (const init of inits) {
			const words = kind.own.around(commandOf(init, kind, tools));
			const obstacle = await obstacleTo(tools, "pid1", words);
			if (obstacle === undefined) starts.push({ kind, init: init.name, words });
			else absent.get(kind.id)?.set(init.name, obstacle);
		}
	}
	progress(`${rounds} rounds of ${starts.length} starts`);
	const samples = await timeUnlessNone(tools.launch, starts, rounds);
	return new Map(
		[...absent].map(([id, reasons]) => {
			const own = starts.flatMap(({ kind, init }, i): [string, StartSample[]][] =>
				kind.id === id ? [[init, samples[i] ?? []]] : [],
			);
			return [id, { taken: new Map(own), absent: reasons }];
		}),
	);
}

async function timeUnlessNone(
	launch: string,
	starts: readonly Start[],
	rounds: number,
): Promise<StartSample[][]> {
	if (starts.length === 0) return [];
	const commands = starts.map(({ words }) => words);
	const warmup = Math.min(WARMUP_ROUNDS, rounds);
	return await timeStarts(launch, { place: "pid1", warmup, rounds, commands });
}

/**
 * Where there is work, a shell does it for those that know no such files; it is PID 1 itself where the floor would be. With empty
 * folders the floor does what these ask of the kernel.
 */
function commandOf(init: Init, { id, isWork }: StartupFiles, tools: Tools): readonly string[] {
	if (init.role === "floor" && id === "empty") return [tools.export, "--", tools.true];
	if (init.role === "ours" || !isWork) return asPid1(init, [tools.true]);
	const through = throughShell([tools.true]);
	return init.role === "floor" ? through : asPid1(init, through);
}
