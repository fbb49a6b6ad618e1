/** How long a stop takes beyond what the processes need to end, and what becomes of them. */
import { asPid1, type Init } from "../inits/init.ts";
import { runInits } from "../native/launcher.ts";
import { newStampsFile, type Stop, sendStop } from "../native/send.ts";
import type { Bench, Measured, Measurement, RowHead } from "./measurement.ts";
import { interleave, rowOf, type Turns } from "./rounds.ts";

interface Tree {
	/** Its processes, the main child among them. */
	readonly size: number;
	/** Whether the main child ends by itself, or stops the others first. */
	readonly main: "alone" | "together";
	readonly rounds: number;
	readonly quickRounds: number;
}

const TREES: readonly Tree[] = [
	{ size: 1, main: "alone", rounds: 40, quickRounds: 5 },
	{ size: 10, main: "alone", rounds: 40, quickRounds: 5 },
	{ size: 100, main: "alone", rounds: 40, quickRounds: 5 },
	{ size: 1_000, main: "alone", rounds: 15, quickRounds: 2 },
	{ size: 100, main: "together", rounds: 40, quickRounds: 5 },
];

export const stop: Measurement = {
	name: "stop",
	title: "Stop of a tree",
	method:
		"A tree of N processes, the main child and its children, each of which ends as soon as SIGTERM reaches it and counts XX time runs from before the SIGTERM to the init, sent from outside, until its pidfd says that it is gone: since no process takes time to end, all of it is the init's and the kernel's. Each container has a /proc of its own, as an engine mounts it. The inits do not do the same work: tini and catatonit pass the signal to the main child alone, dumb-init to its whole process group; all three end when the main child has, and the kernel then kills every process that is left, whatever it was doing. Ours asks all of them to end and waits for them. How many did end by themselves is counted in the rows of those that ended in order: a shorter stop with fewer of them is not a better one.",
	async measure(bench) {
		const inits = bench.inits.filter(({ reaps }) => reaps);
		const rows: Measured[] = [];
		for (const tree of TREES) {
			const rounds = bench.quick ? tree.quickRounds : tree.rounds;
			const turns = await interleave(inits, rounds, async (init, round) => {
				bench.progress(`${describe(tree)}: round ${round + 1}, ${init.name}`);
				return await stopTree(bench, init, tree);
			});
			rows.push(...rowsOf(tree, turns));
		}
		return rows;
	},
};

async function stopTree({ tools }: Bench, init: Init, { size, main }: Tree): Promise<Stop> {
	await using file = await newStampsFile();
	const command = asPid1(init, [tools.tree, file.path, `${size}`, main]);
	await using running = await runInits(tools.launch, 1, [tools.contain, ...command]);
	return await sendStop(tools.send, file.path, running.pids[0] ?? 0);
}

function rowsOf(tree: Tree, turns: Turns<Stop>): Measured[] {
	const { size, main } = tree;
	const leavesNobody = size === 1 || main === "together";
	const id = main === "alone" ? `${size}` : `${size}.${main}`;
	const time: RowHead = {
		id: `stop.time.${id}`,
		title: `stop, ${describe(tree)}`,
		unit: "ns",
		better: "less",
		headline: false,
		whenBehind: leavesNobody
			? "it ends with its main child, where ours first makes sure that nobody is left"
			: "it ends with its main child, and the kernel kills who is left in the middle of their work, where ours asks all of them to end and waits for them",
		...(main === "alone" && {
			growth: { family: "Stop of a tree", size, things: "processes of the tree", of: "all" },
		}),
	};
	const inOrder: RowHead = {
		id: `stop.in-order.${id}`,
		title: `processes that ended in order, ${describe(tree)}`,
		unit: "count",
		better: "more",
		headline: size === 100 && main === "alone",
		whenBehind: "unknown: ours asks all of them and waits for them, so this needs a look",
	};
	const rows = [rowOf(time, turns, ({ durationNs }) => durationNs)];
	return size === 1 ? rows : [...rows, rowOf(inOrder, turns, ({ ended }) => ended)];
}

function describe({ size, main }: Tree): string {
	if (size === 1) return "the main child alone";
	const processes = `${size.toLocaleString("en-US")} processes`;
	return main === "alone" ? processes : `${processes} that the main child stops`;
}
