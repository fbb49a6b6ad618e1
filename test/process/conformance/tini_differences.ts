// What ours does otherwise than tini, on purpose.
import type { Difference } from "./difference.ts";

const WHY_1 =
	"An option behind the command is the command's, with and without --: the peer takes it for its own.";
const WHY_2 = "The peer's C library keeps the signals 32 and 33 for itself; ours forwards them.";
const WHY_3 = "--version is understood beside other options, and shortened.";
const WHY_5 = "Messages go to stderr, so that the command's own output stays clean.";
const WHY_6 =
	"A signal may be written without SIG, in small letters, as a number, and real-time signals have names.";
const WHY_7 = "What is no level is left out of account: the peer takes it for the most talkative.";
const WHY_8 =
	"Without a terminal on stdin, the child is started without its foreground: the peer does not start it.";
const WHY_10 =
	"SIGCHLD is set back to its default before the child is started, so its end leaves a status to be read.";

export const TINI_DIFFERENCES: readonly Difference[] = [
	{
		names: ["tini"],
		cases: ["no --"],
		what: "stderr",
		peer: "written",
		ours: "silent",
		isBetter: true,
		why: WHY_1,
	},
	{
		names: ["docker-init", "init", "tini-static"],
		cases: ["every catchable signal"],
		what: "signals that the child did not get",
		peer: "ILL TRAP ABRT BUS FPE SEGV SYS 32 33",
		ours: "ILL TRAP ABRT BUS FPE SEGV SYS",
		isBetter: true,
		why: WHY_2,
	},
	{
		names: ["tini"],
		cases: ["every catchable signal", "every catchable signal, -g"],
		what: "signals that the child did not get",
		peer: "ILL TRAP ABRT BUS FPE SEGV SYS 32 33",
		ours: "ILL TRAP ABRT BUS FPE SEGV SYS",
		isBetter: true,
		why: WHY_2,
	},
	{
		names: ["tini"],
		cases: ["--version as second option", "--version before a command", "--vers"],
		what: "exit code",
		peer: "1",
		ours: "0",
		isBetter: false,
		why: WHY_3,
	},
	{
		names: ["tini"],
		cases: ["--version as second option", "--version before a command", "--vers"],
		what: "stderr",
		peer: "written",
		ours: "silent",
		isBetter: false,
		why: WHY_3,
	},
	{
		names: ["tini"],
		cases: ["--version as second option", "--version before a command", "--vers"],
		what: "stdout",
		peer: "silent",
		ours: "written",
		isBetter: false,
		why: WHY_3,
	},
	{
		names: ["tini"],
		cases: [
			"-gvs, a command",
			"-v, a command",
			"-vv, a command",
			"-vvgs, a command",
			"-vvv, a command",
			"-vvvv, a command",
			"TINI_VERBOSITY=2",
			"TINI_VERBOSITY=3",
			"TINI_VERBOSITY=9",
		],
		what: "stderr",
		peer: "silent",
		ours: "written",
		isBetter: true,
		why: WHY_5,
	},
	{
		names: ["tini"],
		cases: [
			"-gvs, a command",
			"-v, a command",
			"-vv, a command",
			"-vvgs, a command",
			"-vvv, a command",
			"-vvvv, a command",
			"TINI_VERBOSITY=2",
			"TINI_VERBOSITY=3",
			"TINI_VERBOSITY=9",
		],
		what: "stdout",
		peer: "written",
		ours: "silent",
		isBetter: true,
		why: WHY_5,
	},
	{
		names: ["tini"],
		cases: ["-p 15", "-p SIGRTMIN", "-p TERM", "-p sigterm"],
		what: "exit code",
		peer: "1",
		ours: "6",
		isBetter: false,
		why: WHY_6,
	},
	{
		names: ["tini"],
		cases: ["-p 15", "-p SIGRTMIN", "-p TERM", "-p sigterm"],
		what: "stderr",
		peer: "written",
		ours: "silent",
		isBetter: false,
		why: WHY_6,
	},
	{
		names: ["tini"],
		cases: ["TINI_VERBOSITY=-1"],
		what: "stdout",
		peer: "written",
		ours: "silent",
		isBetter: true,
		why: WHY_7,
	},
	{
		names: ["tini"],
		cases: ["an option behind the command"],
		what: "stdout",
		peer: "written",
		ours: "silent",
		isBetter: true,
		why: WHY_1,
	},
	{
		names: ["tini"],
		cases: ["stdin closed"],
		what: "exit code",
		peer: "1",
		ours: "3",
		isBetter: true,
		why: WHY_8,
	},
	{
		names: ["tini"],
		cases: ["stdin closed"],
		what: "stderr",
		peer: "written",
		ours: "silent",
		isBetter: true,
		why: WHY_8,
	},
	{
		names: ["tini", "catatonit"],
		cases: ["SIGCHLD inherited as ignored"],
		what: "the child's exit code",
		peer: "is lost",
		ours: "is the init's",
		isBetter: true,
		why: WHY_10,
	},
];
