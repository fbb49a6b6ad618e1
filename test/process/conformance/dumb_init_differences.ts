// What ours does otherwise than dumb-init, on purpose.
import type { Difference } from "./difference.ts";

const WHY_1 = "The signal does not end the init, which would leave the child behind.";
const WHY_2 = "A rewriting with something behind its numbers is refused as a slip.";
const WHY_3 = "The peer's C library keeps the signals 32 and 33 for itself; ours forwards them.";
const WHY_4 = "The child is started with an empty signal mask.";

export const DUMB_INIT_DIFFERENCES: readonly Difference[] = [
	{
		names: ["dumb-init"],
		cases: ["33 alone, not PID 1"],
		what: "the init",
		peer: "ended",
		ours: "lives",
		isBetter: true,
		why: WHY_1,
	},
	{
		names: ["dumb-init"],
		cases: ['-r "15:3:2"', '-r "15:3x"'],
		what: "exit code",
		peer: "6",
		ours: "1",
		isBetter: false,
		why: WHY_2,
	},
	{
		names: ["dumb-init"],
		cases: ['-r "15:3:2"', '-r "15:3x"'],
		what: "stderr",
		peer: "silent",
		ours: "written",
		isBetter: false,
		why: WHY_2,
	},
	{
		names: ["dumb-init", "tini"],
		cases: ["33 alone, not PID 1"],
		what: "signals that the child did not get",
		peer: "33",
		ours: "none",
		isBetter: true,
		why: WHY_3,
	},
	{
		names: ["dumb-init"],
		cases: ["every catchable signal", "every catchable signal, -c"],
		what: "signals that the child did not get",
		peer: "32 33",
		ours: "none",
		isBetter: true,
		why: WHY_3,
	},
	{
		names: ["dumb-init"],
		cases: [
			"the child's state, -c, every signal blocked",
			"the child's state, every signal blocked",
		],
		what: "the child: blocked",
		peer: "32 33",
		ours: "none",
		isBetter: true,
		why: WHY_4,
	},
];
