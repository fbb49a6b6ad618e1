// What ours does otherwise than catatonit, on purpose.
import type { Difference } from "./difference.ts";

const WHY_1 = "The peer's C library keeps the signals 32 and 33 for itself; ours forwards them.";
const WHY_2 = "The signal does not end the init, which would leave the child behind.";
const WHY_3 =
	"The child gets the mask that the init was started with, the two signals of the peer's C library too.";
const WHY_4 =
	"An option behind the command is the command's, with and without --: the peer takes it for its own.";
const WHY_5 = "The child can be stopped from its terminal: the peer leaves these signals blocked.";

export const CATATONIT_DIFFERENCES: readonly Difference[] = [
	{
		names: ["catatonit"],
		cases: ["33 alone, not PID 1"],
		what: "signals that the child did not get",
		peer: "33",
		ours: "none",
		isBetter: false,
		why: WHY_1,
	},
	{
		names: ["catatonit", "tini"],
		cases: ["33 alone, not PID 1", "ABRT alone, not PID 1", "SEGV alone, not PID 1"],
		what: "the init",
		peer: "ended",
		ours: "lives",
		isBetter: true,
		why: WHY_2,
	},
	{
		names: ["catatonit"],
		cases: ["an option behind the command", "no --"],
		what: "stderr",
		peer: "written",
		ours: "silent",
		isBetter: true,
		why: WHY_4,
	},
	{
		names: ["catatonit"],
		cases: ["every catchable signal", "every catchable signal, -g"],
		what: "signals that the child did not get",
		peer: "ILL TRAP ABRT BUS FPE SEGV SYS 32 33",
		ours: "ILL TRAP ABRT BUS FPE SEGV SYS",
		isBetter: true,
		why: WHY_1,
	},
	{
		names: ["podman-init"],
		cases: ["every catchable signal"],
		what: "signals that the child did not get",
		peer: "ILL TRAP ABRT BUS FPE SEGV SYS 32 33",
		ours: "ILL TRAP ABRT BUS FPE SEGV SYS",
		isBetter: true,
		why: WHY_1,
	},
	{
		names: ["catatonit", "tini"],
		cases: ["no --"],
		what: "exit code",
		peer: "1",
		ours: "4",
		isBetter: true,
		why: WHY_4,
	},
	{
		names: ["catatonit"],
		cases: [
			"the child's state",
			"the child's state, HUP and INT ignored",
			"the child's state, descriptors",
			"the child's state, not PID 1",
			"the child's state, on a terminal",
			"the child's state, on a terminal, not PID 1",
		],
		what: "the child: blocked",
		peer: "TSTP TTIN TTOU",
		ours: "none",
		isBetter: true,
		why: WHY_5,
	},
	{
		names: ["catatonit", "tini"],
		cases: ["the child's state, every signal blocked"],
		what: "the child: blocked",
		peer: "all but KILL STOP 32 33",
		ours: "all but KILL STOP",
		isBetter: false,
		why: WHY_3,
	},
];
