// What ours does otherwise than its peers, on purpose. The test demands each row to be true and none to be missing;
// docs/drop-in.md is written from them (npm run docs).
import type { Deviation, Difference } from "./difference.ts";

const STDOUT_ONLY_PEER: Deviation = { what: "stdout", peer: "written", ours: "silent" };
const STDERR_ONLY_PEER: Deviation = { what: "stderr", peer: "written", ours: "silent" };
const STDERR_ONLY_OURS: Deviation = { what: "stderr", peer: "silent", ours: "written" };
const INIT_LIVES: Deviation = { what: "the init", peer: "ended", ours: "lives" };

const COMMANDS_OPTION =
	"An option behind the command is the command's, with and without --: the peer takes it for its own.";
const FORWARDS_32_AND_33 =
	"The peer's C library keeps the signals 32 and 33 for itself; ours forwards them.";
const SIGNAL_ENDS_NOT_THE_INIT =
	"The signal does not end the init, which would leave the child behind.";

const OF_OPTIONS: readonly Difference[] = [
	{
		names: ["tini", "catatonit"],
		cases: ["no --"],
		seen: [{ what: "exit code", peer: "1", ours: "4" }, STDERR_ONLY_PEER],
		isBetter: true,
		why: COMMANDS_OPTION,
		askedIn: "tini #55",
	},
	{
		names: ["tini"],
		cases: ["an option behind the command"],
		seen: [STDOUT_ONLY_PEER],
		isBetter: true,
		why: COMMANDS_OPTION,
		askedIn: "tini #55",
	},
	{
		names: ["catatonit"],
		cases: ["an option behind the command"],
		seen: [STDERR_ONLY_PEER],
		isBetter: true,
		why: COMMANDS_OPTION,
		askedIn: "tini #55",
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
			"TINI_VERBOSITY=3x",
			"TINI_VERBOSITY= 3",
			"TINI_VERBOSITY=+3",
		],
		seen: [STDERR_ONLY_OURS, STDOUT_ONLY_PEER],
		isBetter: true,
		why: "Messages go to stderr, so that the command's own output stays clean.",
		askedIn: "nobody",
	},
	{
		names: ["tini"],
		cases: ["TINI_VERBOSITY=-1"],
		seen: [STDOUT_ONLY_PEER],
		isBetter: true,
		why: "What is no level is left out of account: the peer takes it for the most talkative.",
		askedIn: "nobody",
	},
	{
		names: ["tini"],
		cases: ["-p 15", "-p SIGRTMIN", "-p TERM", "-p sigterm"],
		seen: [{ what: "exit code", peer: "1", ours: "6" }, STDERR_ONLY_PEER],
		isBetter: false,
		why: "A signal may be written without SIG, in small letters, as a number, and real-time signals have names.",
		askedIn: "tini #114",
	},
	{
		names: ["dumb-init"],
		cases: ['-r "15:3:2"', '-r "15:3x"'],
		seen: [{ what: "exit code", peer: "6", ours: "1" }, STDERR_ONLY_OURS],
		isBetter: false,
		why: "A rewriting with something behind its numbers is refused as a slip.",
		askedIn: "nobody",
	},
];

const OF_THE_CHILD: readonly Difference[] = [
	{
		names: ["tini"],
		cases: ["stdin closed"],
		seen: [{ what: "exit code", peer: "1", ours: "3" }, STDERR_ONLY_PEER],
		isBetter: true,
		why: "Without a terminal on stdin, the child is started without its foreground: the peer does not start it.",
		askedIn: "our #5",
	},
	{
		names: ["tini", "catatonit"],
		cases: ["SIGCHLD inherited as ignored"],
		seen: [{ what: "the child's exit code", peer: "is lost", ours: "is the init's" }],
		isBetter: true,
		why: "SIGCHLD is set back to its default before the child is started, so its end leaves a status to be read.",
		askedIn: "our #5",
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
		seen: [{ what: "the child: blocked", peer: "TSTP TTIN TTOU", ours: "none" }],
		isBetter: true,
		why: "The child can be stopped from its terminal: the peer leaves these signals blocked.",
		askedIn: "podman #18095",
	},
	{
		names: ["catatonit"],
		cases: ["a script reads after it, its stdin was no terminal"],
		seen: [{ what: "the script", peer: "cannot read", ours: "reads" }],
		isBetter: true,
		why: "A terminal that is not on stdin, stdout or stderr stays the script's: the peer takes it by /dev/tty and keeps it.",
		askedIn: "nobody",
	},
	{
		names: ["catatonit"],
		cases: ["a job of an interactive shell"],
		seen: [
			{ what: "the shell after Ctrl-Z", peer: "waits", ours: "works" },
			{ what: "the child after Ctrl-Z", peer: "runs", ours: "stopped" },
		],
		isBetter: true,
		why: "The child can be stopped from its terminal, and the init stops with it, so that a shell before it sees the stop.",
		askedIn: "podman #18095",
	},
	{
		names: ["dumb-init"],
		cases: [
			"the child's state, -c, every signal blocked",
			"the child's state, every signal blocked",
		],
		seen: [{ what: "the child: blocked", peer: "32 33", ours: "none" }],
		isBetter: true,
		why: "The child is started with an empty signal mask.",
		askedIn: "dumb-init #70",
	},
];

const FAULTS_ONLY: Deviation = {
	what: "signals that the child did not get",
	peer: "ILL TRAP ABRT BUS FPE SEGV SYS 32 33",
	ours: "ILL TRAP ABRT BUS FPE SEGV SYS",
};

const OF_SIGNALS: readonly Difference[] = [
	{
		names: ["tini", "tini-static", "docker-init", "init", "catatonit", "podman-init"],
		cases: ["every catchable signal"],
		seen: [FAULTS_ONLY],
		isBetter: true,
		why: FORWARDS_32_AND_33,
		askedIn: "dumb-init #70",
	},
	{
		names: ["tini", "catatonit"],
		cases: ["every catchable signal, -g"],
		seen: [FAULTS_ONLY],
		isBetter: true,
		why: FORWARDS_32_AND_33,
		askedIn: "dumb-init #70",
	},
	{
		names: ["dumb-init"],
		cases: ["every catchable signal", "every catchable signal, -c"],
		seen: [{ what: "signals that the child did not get", peer: "32 33", ours: "none" }],
		isBetter: true,
		why: FORWARDS_32_AND_33,
		askedIn: "dumb-init #70",
	},
	{
		names: ["tini", "dumb-init", "catatonit"],
		cases: ["33 alone, not PID 1"],
		seen: [{ what: "signals that the child did not get", peer: "33", ours: "none" }, INIT_LIVES],
		isBetter: true,
		why: `${FORWARDS_32_AND_33} ${SIGNAL_ENDS_NOT_THE_INIT}`,
		askedIn: "dumb-init #70, tini #104",
	},
	{
		names: ["tini", "catatonit"],
		cases: ["ABRT alone, not PID 1", "SEGV alone, not PID 1"],
		seen: [INIT_LIVES],
		isBetter: true,
		why: SIGNAL_ENDS_NOT_THE_INIT,
		askedIn: "tini #104",
	},
];

export const DIFFERENCES: readonly Difference[] = [...OF_OPTIONS, ...OF_THE_CHILD, ...OF_SIGNALS];
