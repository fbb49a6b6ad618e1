// The scenarios. In each comment stands what of the kernel it holds the simulated machine to.
import {
	changeUser,
	daemonize,
	exec,
	exit,
	fork,
	forkMany,
	ignore,
	newGroup,
	newSession,
	on,
	raise,
	say,
	sleep,
	sleepForever,
	wait,
} from "../simulation/actor.ts";
import {
	CHLD,
	CONT,
	HUP,
	INT,
	KILL,
	QUIT,
	RTMIN,
	STOP,
	TERM,
	TSTP,
	USR1,
	USR2,
} from "../simulation/signal_actions.ts";
import { count, type Scenario } from "./scenario.ts";

const stubborn = [ignore(TERM), ignore(INT), sleepForever];

/** How things end by themselves. */
const ENDS: readonly Scenario[] = [
	{
		name: "the main child's exit code is the container's",
		main: [sleep(200), exit(42)],
		events: [],
		expected: { exitCode: 42, endsAtMs: 200 },
	},
	{
		name: "a main child that dies of a signal ends the container with 128 + N",
		main: [sleep(200), raise(USR1)],
		events: [],
		expected: { exitCode: 138, endsAtMs: 200 },
	},
	{
		// Zombies stay with a living parent that does not wait, and go to PID 1 with its end.
		name: "twenty zombies of a careless parent are gone when it ends",
		main: [fork(...forkMany(20, exit(1)), sleep(500), exit(0)), sleep(1_200), exit(0)],
		events: [
			{ atMs: 300, do: "count" },
			{ atMs: 800, do: "count" },
		],
		// The one that is left is the main child's own.
		expected: { exitCode: 0, endsAtMs: 1_200, counts: [count(20, 0, 2), count(1, 0, 1)] },
	},
	{
		// A child's parent is PID 1 after its own was killed.
		name: "the children of a killed parent are reaped at their ends",
		main: [fork(...forkMany(3, sleep(700)), raise(KILL)), sleep(1_400), exit(0)],
		events: [
			{ atMs: 300, do: "count" },
			{ atMs: 1_000, do: "count" },
		],
		expected: { exitCode: 0, endsAtMs: 1_400, counts: [count(1, 0, 4), count(1, 0, 1)] },
	},
	{
		// Who ignores SIGCHLD has no zombies.
		name: "a main child that ignores SIGCHLD leaves nothing to reap",
		main: [ignore(CHLD), ...forkMany(3, exit(1)), sleep(600), exit(0)],
		events: [{ atMs: 300, do: "count" }],
		expected: { exitCode: 0, endsAtMs: 600, counts: [count(0, 0, 1)] },
	},
	{
		// Handlers are lost by exec, ignored signals stay ignored; both are inherited by fork.
		name: "a main child that becomes another program is still the main child",
		main: [
			...[ignore(USR1), on(USR2, say("handled")), fork(raise(USR2), sleep(100)), wait],
			exec("other", raise(USR1), say("deaf"), raise(USR2), say("never")),
		],
		events: [],
		expected: { exitCode: 140, endsAtMs: 100, said: ["handled", "deaf"] },
	},
];

/** Stops. */
const STOPS: readonly Scenario[] = [
	{
		name: "a daemon finishes its work after the main child's end",
		main: [
			daemonize(on(TERM, sleep(500), say("flushed"), exit(0)), sleepForever),
			...[sleep(300), say("main ends"), exit(5)],
		],
		events: [],
		expected: { exitCode: 5, endsAtMs: 800, said: ["main ends", "flushed"] },
	},
	{
		// A signal to a process does not reach its group.
		name: "a stop signal reaches the main child alone, its worker at its end",
		main: [
			fork(on(TERM, say("worker"), exit(0)), sleepForever),
			...[on(TERM, sleep(400), say("main"), exit(0)), sleepForever],
		],
		events: [{ atMs: 300, do: "signal", signal: TERM }],
		expected: { exitCode: 0, endsAtMs: 700, said: ["main", "worker"] },
	},
	{
		name: "the others are asked at two thirds of the budget, what is left is killed at its end",
		options: ["--stop-timeout=1500ms"],
		main: [fork(on(TERM, say("worker"), exit(0)), sleepForever), ...stubborn],
		events: [
			{ atMs: 300, do: "signal", signal: TERM },
			{ atMs: 1_000, do: "count" },
			{ atMs: 1_550, do: "count" },
		],
		expected: {
			...{ exitCode: 137, endsAtMs: 1_800, said: ["worker"], killed: 1 },
			counts: [count(0, 0, 2), count(1, 0, 1)],
		},
	},
	{
		name: "a second stop signal is forwarded, and leads to the kill 2 s later",
		main: [
			daemonize(on(TERM, say("daemon asked")), sleepForever),
			...[on(TERM, say("TERM")), on(INT, say("INT")), sleepForever],
		],
		events: [
			{ atMs: 300, do: "signal", signal: TERM },
			{ atMs: 600, do: "signal", signal: INT },
		],
		expected: {
			...{ exitCode: 137, endsAtMs: 2_600, killed: 2 },
			said: ["TERM", "INT", "daemon asked"],
		},
	},
	{
		name: "a budget of 0 kills at once",
		options: ["--stop-timeout=0"],
		main: [fork(...stubborn), ...stubborn],
		events: [{ atMs: 300, do: "signal", signal: TERM }],
		expected: { exitCode: 137, endsAtMs: 300, killed: 2 },
	},
	{
		name: "the budget counts from a signal that is only forwarded",
		options: ["--stop-timeout=1500ms"],
		main: [fork(...stubborn), on(QUIT, sleep(400), exit(0)), sleepForever],
		events: [{ atMs: 300, do: "signal", signal: QUIT }],
		expected: { exitCode: 0, endsAtMs: 1_800, killed: 1 },
	},
	{
		// TERM waits for a stopped process until CONT; KILL and CONT do not.
		name: "a stopped process obeys, since it is continued",
		main: [
			fork(on(TERM, say("obeyed"), exit(0)), raise(STOP), sleepForever),
			...[sleep(500), exit(0)],
		],
		events: [{ atMs: 250, do: "count" }],
		expected: { exitCode: 0, endsAtMs: 500, said: ["obeyed"], counts: [count(0, 1, 1)] },
	},
	{
		name: "a stopped main child obeys, since it is continued",
		main: [on(TERM, say("obeyed"), exit(3)), raise(STOP), sleepForever],
		events: [
			{ atMs: 250, do: "count" },
			{ atMs: 500, do: "signal", signal: TERM },
		],
		expected: { exitCode: 3, endsAtMs: 500, said: ["obeyed"], counts: [count(0, 1, 0)] },
	},
	{
		// No SIGCHLD tells of them, waitpid does not know them.
		name: "a process from outside is asked and waited for",
		main: [sleep(600), exit(0)],
		events: [
			{
				atMs: 200,
				do: "enter",
				actor: [on(TERM, sleep(500), say("outsider"), exit(0)), sleepForever],
			},
		],
		expected: { exitCode: 0, endsAtMs: 1_100, said: ["outsider"] },
	},
	{
		// Orphans of an outsider go to PID 1, not outside.
		name: "an init without a command reaps what outsiders leave, and ends with 0",
		main: null,
		events: [
			{ atMs: 200, do: "enter", actor: [fork(sleep(500), exit(0)), exit(0)] },
			{ atMs: 500, do: "count" },
			{ atMs: 1_000, do: "count" },
			{ atMs: 1_200, do: "signal", signal: TERM },
		],
		expected: { exitCode: 0, endsAtMs: 1_200, counts: [count(0, 0, 1), count(0, 0, 0)] },
	},
	{
		name: "processes of another user are asked and waited for as well",
		main: [
			fork(changeUser, on(TERM, sleep(300), say("other user"), exit(0)), sleepForever),
			...[sleep(300), exit(0)],
		],
		events: [],
		expected: { exitCode: 0, endsAtMs: 600, said: ["other user"] },
	},
];

/** Signals and job control. */
const SIGNALS: readonly Scenario[] = [
	{
		// Real-time signals queue while the receiver is stopped or busy; a standard one is kept once.
		name: "real-time signals are all forwarded, in their order",
		main: [
			...[on(RTMIN + 3, say("3")), on(RTMIN + 4, say("4")), on(TERM, exit(0))],
			...[raise(STOP), sleepForever],
		],
		events: [
			{ atMs: 250, do: "signal", signal: RTMIN + 4 },
			{ atMs: 300, do: "signal", signal: RTMIN + 3 },
			{ atMs: 350, do: "signal", signal: RTMIN + 4 },
			{ atMs: 600, do: "signal", signal: CONT },
			{ atMs: 900, do: "signal", signal: TERM },
		],
		expected: { exitCode: 0, endsAtMs: 900, said: ["3", "4", "4"] },
	},
	{
		// A stop signal of the terminal does not stop a group that nobody could continue.
		name: "an orphaned group is not stopped by TSTP, another one is",
		main: [
			fork(newSession, newGroup, raise(TSTP), say("orphaned goes on")),
			...[fork(newGroup, raise(TSTP), say("never")), sleep(500), exit(0)],
		],
		events: [{ atMs: 250, do: "count" }],
		// TERM ends the stopped one as soon as it is continued.
		expected: {
			...{ exitCode: 0, endsAtMs: 500, said: ["orphaned goes on"] },
			counts: [count(1, 1, 1)],
		},
	},
	{
		// POSIX: stopped members of a group that becomes orphaned are hung up and continued.
		name: "a stopped group is hung up when the last who could continue it ends",
		main: [
			fork(
				...[
					newSession,
					fork(on(HUP, say("hung up"), exit(0)), newGroup, raise(STOP), sleepForever),
				],
				...[sleep(300), exit(0)],
			),
			...[sleep(700), exit(0)],
		],
		events: [],
		expected: { exitCode: 0, endsAtMs: 700, said: ["hung up"] },
	},
	{
		name: "Ctrl-C reaches the main child, once, and not its session's others",
		onTerminal: true,
		main: [
			fork(newGroup, on(INT, say("behind")), on(TERM, exit(0)), sleepForever),
			...[on(INT, say("key"), exit(130)), sleepForever],
		],
		events: [{ atMs: 400, do: "press", signal: INT }],
		expected: { exitCode: 130, endsAtMs: 400, said: ["key"] },
	},
	{
		name: "Ctrl-Z does not leave the main child stopped where there is no shell before it",
		onTerminal: true,
		main: [sleep(600), say("went on"), exit(0)],
		events: [
			{ atMs: 250, do: "press", signal: TSTP },
			{ atMs: 400, do: "count" },
		],
		expected: { exitCode: 0, endsAtMs: 600, said: ["went on"], counts: [count(0, 0, 1)] },
	},
];

export const SCENARIOS: readonly Scenario[] = [...ENDS, ...STOPS, ...SIGNALS];
