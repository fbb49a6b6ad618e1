/** What it costs to start with files for the start in /etc, as Phusion's images have them. */
import { asPid1, type Init, REFERENCE } from "../inits/init.ts";
import { runInits, type StartSample } from "../native/launcher.ts";
import { newEtc } from "../native/own-etc.ts";
import type { Bench, Measured, Measurement, RowHead } from "./measurement.ts";
import { memoryOf, untilIdle } from "./proc.ts";
import { interleave, rowOf, type Turns } from "./rounds.ts";
import { STARTUP_FILES, type StartupFiles } from "./startup-files.ts";
import { type Prepared, timeStartup } from "./startup-times.ts";

/** What empty folders may add to a start, beyond what they ask of the kernel. */
const MOST_BEYOND_CALLS_NS = 200_000;
const NOT_COMPARED = "is not compared here";

type Id = StartupFiles["id"];

export const startup: Measurement = {
	name: "startup",
	title: "Start with start-up files",
	method:
		"As in the rows of the start as PID 1 with a static true: from just before execve of the init, over all that it does before its main command, to its end. Each start has an /etc of its own, in a mount namespace: an overlay of prepared files and an empty tmpfs, as the first start of a container has it; making and removing it are not counted. The start-up folders are /etc/container_environment, my_init.d, service, my_init.pre_shutdown.d and my_init.post_shutdown.d; each script is one of /bin/sh that does nothing. Ours also writes the environment back into its folder and to the two dumps, as Phusion's my_init does. The others know none of these files: with variables or scripts tini starts a shell script that reads the files and runs the scripts, and in the column floor that script is PID 1 itself; these starts have a quarter of the rounds. With empty folders the floor is bench/native/export.c, which makes the same system calls and no more: creating files is most of them. What empty folders add is the difference of two starts of the same round. Memory is looked at as in the rows of idle memory.",
	async measure(bench) {
		await using stack = new AsyncDisposableStack();
		const prepared: Prepared[] = [];
		for (const kind of STARTUP_FILES) {
			prepared.push({ ...kind, own: stack.use(await newEtc(kind.etc)) });
		}
		const inits = bench.inits.filter(({ name, role }) => role !== "peer" || name === REFERENCE);
		const others = bench.inits.filter((init) => !inits.includes(init));
		const absent = new Map(others.map(({ name }) => [name, NOT_COMPARED] as const));
		const times = await timeStartup(bench, inits, prepared, absent);
		const turnsOf = (id: Id): Turns<StartSample> => times.get(id) ?? { taken: new Map(), absent };
		const rows = prepared.map((kind) =>
			rowOf(timeHead(kind), turnsOf(kind.id), ({ durationNs }) => durationNs),
		);
		const added = addedByEmpty(bench, turnsOf("none"), turnsOf("empty"));
		const beyond = beyondCalls(added);
		const empty = prepared.find(({ id }) => id === "empty");
		const memory = empty === undefined ? [] : await memoryRows(bench, inits, empty, absent);
		return [...rows, added, beyond, ...memory];
	},
};

/** For ours and the floor: to the others the two starts are the same. */
function addedByEmpty(
	{ inits }: Bench,
	none: Turns<StartSample>,
	empty: Turns<StartSample>,
): Measured {
	const samples = new Map<string, number[]>();
	const absent = new Map([...empty.absent, ...none.absent]);
	for (const { name, role } of inits) {
		const [without, within] = [none.taken.get(name), empty.taken.get(name)];
		if (role === "peer") absent.set(name, NO_SUCH_FILES);
		else if (without !== undefined && within !== undefined) {
			const times = within.map(({ durationNs }) => durationNs);
			samples.set(
				name,
				minus(
					times,
					without.map(({ durationNs }) => durationNs),
				),
			);
		}
	}
	return {
		...DIFFERENCE,
		id: "startup.added.empty",
		title: "what empty start-up folders add to a start",
		samples,
		absent,
	};
}

/** What ours adds beyond the floor, which makes the system calls alone. */
function beyondCalls({ samples, absent }: Measured): Measured {
	const [ours, floor] = [samples.get("my_init"), samples.get("floor")];
	const all = new Map(absent).set("floor", "is what the others are compared with");
	return {
		...DIFFERENCE,
		id: "startup.added.beyond-calls",
		title: "what they add beyond their system calls",
		limit: { of: "median", most: MOST_BEYOND_CALLS_NS },
		samples: new Map(ours && floor ? [["my_init", minus(ours, floor)]] : []),
		absent: all,
	};
}

const NO_SUCH_FILES = "looks for no such files";
const DIFFERENCE = {
	unit: "ns",
	better: "less",
	headline: false,
	whenBehind: "it looks for no such files",
} as const;

function minus(values: readonly number[], others: readonly number[]): number[] {
	return values.map((value, i) => value - (others[i] ?? Number.NaN));
}

const MEMORY = [
	{
		figure: "resident",
		name: "resident (RSS)",
		whenBehind: "it has no heap of a runtime; most of ours is shared with every other container",
	},
	{
		figure: "privateDirty",
		name: "private dirty",
		whenBehind: "it has no objects of a runtime to write to",
	},
] as const;

async function memoryRows(
	{ tools, quick, progress }: Bench,
	inits: readonly Init[],
	{ title, own }: Prepared,
	others: ReadonlyMap<string, string>,
): Promise<Measured[]> {
	const turns = await interleave(inits, quick ? 3 : 9, async (init, round) => {
		progress(`memory: round ${round + 1}, ${init.name}`);
		const command = own.around(asPid1(init, [tools.idle]));
		await using running = await runInits(tools.launch, 1, command);
		const pid = running.pids[0] ?? 0;
		await untilIdle(pid);
		return await memoryOf(pid);
	});
	const all = { taken: turns.taken, absent: new Map([...others, ...turns.absent]) };
	return MEMORY.map(({ figure, name, whenBehind }) => {
		const head: RowHead = {
			id: `startup.memory.${figure === "resident" ? "resident" : "private-dirty"}`,
			title: `memory idle with ${title}: ${name}`,
			unit: "KiB",
			better: "less",
			headline: false,
			whenBehind,
		};
		return rowOf(head, all, (found) => found[figure]);
	});
}

const WHEN_BEHIND: Readonly<Record<Id, string>> = {
	none: "it sets up less than a runtime of JavaScript needs, and looks for no start-up files",
	empty: "it looks for no start-up files, and writes no environment",
	variables:
		"its script only reads the files, where ours also writes what has none yet, and the two dumps",
	scripts:
		"its script only runs the scripts, where ours also reads the environment again after each, and writes the dumps",
};

function timeHead({ id, title }: Prepared): RowHead {
	return {
		id: `startup.start.${id}`,
		title: `start as PID 1, with ${title}`,
		unit: "ns",
		better: "less",
		headline: false,
		whenBehind: WHEN_BEHIND[id],
	};
}
