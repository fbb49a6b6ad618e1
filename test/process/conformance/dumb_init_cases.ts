// What is done to dumb-init, and to ours by its name.
import { constants } from "node:os";
import type { Case } from "./case.ts";
import { childViews, ENDS_OF_ALL, initViews, keys, OPTIONS_OF_ALL } from "./common_cases.ts";
import { ends, endsBy } from "./ending.ts";
import { ITSELF } from "./launch.ts";
import { reaps, stops } from "./processes.ts";
import { nameOf } from "./signal_names.ts";
import { catchable, OF_THE_C_LIBRARY, STOPS_AND_CONT } from "./signal_sets.ts";
import { forwards, leaves, leavesUnasked, reaches } from "./signals.ts";
import { below, exits } from "./surroundings.ts";
import { typedKeys } from "./typed_keys.ts";

const { SIGTERM, SIGUSR1, SIGWINCH } = constants.signals;
const single = { environment: { DUMB_INIT_SETSID: "0" } };

const OPTIONS: readonly Case[] = [
	...OPTIONS_OF_ALL,
	...["-h", "--help", "-V", "--version", "-x", "--nonsense", "-c", "-v", "-r", "--rewrite"].map(
		(word) => ends(word, [word]),
	),
	ends("-V before a command", ["-V", "true"]),
	ends("--hel", ["--hel"]),
	ends("--sing, a command", ["--sing", ...exits(4)]),
	ends("--ver", ["--ver"]),
	...["-c", "--single-child", "-v", "--verbose", "-cv", "-vc"].map((word) =>
		ends(`${word}, a command`, [word, "--", ...exits(5)]),
	),
	...[
		"15:3",
		"15:0",
		"0:15",
		"31:1",
		"32:1",
		"1:31",
		"1:32",
		"1:64",
		"15:-1",
		"-1:3",
		"15",
		"15:",
		":3",
		"x:3",
		"15:x",
		"15:3x",
		"TERM:QUIT",
		"15:3:2",
		"",
		" 15:3",
		"15: 3",
		"+15:3",
		"15:+3",
		"0000000015:3",
	].map((word) => ends(`-r "${word}"`, ["-r", word, "--", ...exits(6)])),
	ends("--rewrite=15:3", ["--rewrite=15:3", "--", ...exits(6)]),
	ends("-r15:3", ["-r15:3", "--", ...exits(6)]),
	...["1", "0", "", "2"].map((value) =>
		ends(`DUMB_INIT_DEBUG=${value}`, ["true"], { environment: { DUMB_INIT_DEBUG: value } }),
	),
];

const ENDS: readonly Case[] = [
	...ENDS_OF_ALL,
	endsBy(
		"TERM, -r 15:9, itself as command",
		["-r", "15:9", "--", ITSELF, "sleep", "60"],
		["SIGTERM"],
	),
	ends("-V -x", ["-V", "-x"]),
	ends("-hV", ["-hV"]),
	endsBy("TERM, -r 15:9", ["-r", "15:9", "--", "sleep", "60"], ["SIGTERM"]),
];

const CHILD: readonly Case[] = [
	...childViews("the child's state", []),
	...initViews([]),
	...childViews("the child's state, -c", ["-c"]),
];

const TERMINAL: readonly Case[] = [
	...keys([]),
	...typedKeys(["-c"]).map((case_) => ({ ...case_, name: `${case_.name}, -c` })),
];

const SIGNALS: readonly Case[] = [
	forwards("every catchable signal", ["--"], catchable()),
	forwards("every catchable signal, -c", ["-c", "--"], catchable()),
	forwards("every catchable signal, not PID 1", ["--"], catchable(OF_THE_C_LIBRARY), below),
	forwards("TERM and USR1, -r 15:3", ["-r", "15:3", "--"], [SIGTERM, SIGUSR1]),
	forwards("TERM and USR1, -r 15:0", ["-r", "15:0", "--"], [SIGTERM, SIGUSR1]),
	forwards("TERM, -r 15:3 -r 15:2", ["-r", "15:3", "-r", "15:2", "--"], [SIGTERM]),
	forwards("TERM, -r 15:3 -r 3:2", ["-r", "15:3", "-r", "3:2", "--"], [SIGTERM]),
	forwards("33 alone, not PID 1", ["--"], [33], below),
	forwards("CONT alone", ["--"], [18]),
	...STOPS_AND_CONT.map((signal) =>
		forwards(`${nameOf(signal)} alone, -c`, ["-c", "--"], [signal]),
	),
	...STOPS_AND_CONT.map((signal) =>
		forwards(`${nameOf(signal)}, rewritten to WINCH`, ["-r", `${signal}:28`, "--"], [signal]),
	),
	forwards("TERM, on a terminal", ["--"], [SIGTERM], { onTerminal: true }),
	reaches("TERM", ["--"], SIGTERM),
	reaches("WINCH", ["--"], SIGWINCH),
	reaches("TERM, -c", ["-c", "--"], SIGTERM),
	reaches("TERM, DUMB_INIT_SETSID=0", ["--"], SIGTERM, single),
	reaches("TERM, not PID 1", ["--"], SIGTERM, below),
	leaves("who is left, not PID 1", ["--"]),
	leaves("who is left, not PID 1, -c", ["-c", "--"]),
	leavesUnasked("who is left, not PID 1, the child ends by itself", ["--"]),
	leavesUnasked("who is left, not PID 1, the child ends by itself, -c", ["-c", "--"]),
	leavesUnasked("who is left, not PID 1, the child ends by itself, -r 15:3", ["-r", "15:3", "--"]),
	leavesUnasked("who is left, not PID 1, the child ends by itself, -r 15:0", ["-r", "15:0", "--"]),
	...(["SIGTSTP", "SIGTTIN", "SIGTTOU"] as const).flatMap((signal) => [
		stops(signal, ["--"], signal),
		stops(`${signal}, not PID 1`, ["--"], signal, below),
	]),
	stops("SIGTSTP, -c", ["-c", "--"], "SIGTSTP"),
	stops("SIGTSTP, -c, not PID 1", ["-c", "--"], "SIGTSTP", below),
	stops("SIGTSTP, -r 20:0, not PID 1", ["-r", "20:0", "--"], "SIGTSTP", below),
	stops("SIGTSTP, on a terminal", ["--"], "SIGTSTP", { onTerminal: true }),
	reaps("orphans", ["--"]),
	reaps("orphans, -c", ["-c", "--"]),
	reaps("orphans, not PID 1", ["--"], below),
];

export const DUMB_INIT_CASES: readonly Case[] = [
	...OPTIONS,
	...ENDS,
	...CHILD,
	...TERMINAL,
	...SIGNALS,
];
