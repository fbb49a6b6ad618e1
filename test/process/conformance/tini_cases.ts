// What is done to tini, and to ours by its names.
import { constants } from "node:os";
import type { Case } from "./case.ts";
import { childView } from "./child_view.ts";
import {
	childViews,
	ENDS_OF_ALL,
	initViews,
	keys,
	OPTIONS_OF_ALL,
	SIGNALS_WITH_OPTION_G,
} from "./common_cases.ts";
import { ends } from "./ending.ts";
import { ITSELF } from "./launch.ts";
import { reaps, stops } from "./processes.ts";
import { catchable } from "./signal_sets.ts";
import { forwards, leaves, leavesUnasked, reaches, tellsOfParentDeath } from "./signals.ts";
import { below, exits, killed, ORPHAN_BEFORE_END } from "./surroundings.ts";

const { SIGUSR1, SIGTERM } = constants.signals;

/** For a second name of the same program. */
export const TINI_IN_SHORT: readonly Case[] = [
	ends("the exit code", ["--", ...exits(3)]),
	ends("a signal's exit code", ["--", ...killed("TERM")]),
	ends("--version", ["--version"]),
	childView("the child's state", ["--"]),
	forwards("every catchable signal", ["--"], catchable()),
	reaches("TERM", ["--"], SIGTERM),
	reaches("TERM, -g", ["-g", "--"], SIGTERM),
	reaps("orphans", ["--"]),
];

const OPTIONS: readonly Case[] = [
	...OPTIONS_OF_ALL,
	...["-h", "--version", "-l", "-x", "--help", "--nonsense", "-v", "-s", "-p", "-e"].map((word) =>
		ends(word, [word]),
	),
	ends("-h true", ["-h", "true"]),
	ends("--version before a command", ["--version", "--", "true"]),
	ends("--version as second option", ["-v", "--version"]),
	ends("--version=1", ["--version=1"]),
	ends("--vers", ["--vers"]),
	ends("-", ["-"]),
	...["-v", "-vv", "-vvv", "-vvvv", "-w", "-g", "-s", "-vvgs", "-gvs"].map((word) =>
		ends(`${word}, a command`, [word, "--", ...exits(5)]),
	),
	ends("-w, an orphan", ["-w", "--", ...ORPHAN_BEFORE_END]),
	...["SIGTERM", "SIGUSR1", "TERM", "15", "sigterm", "SIGFOO", "SIGRTMIN", "SIGKILL"].map((word) =>
		ends(`-p ${word}`, ["-p", word, "--", ...exits(6)]),
	),
	ends("-pSIGTERM", ["-pSIGTERM", "--", ...exits(6)]),
	tellsOfParentDeath("-p SIGUSR1, and the parent ends", ["-s", "-p", "SIGUSR1", "--"]),
	...["0", "255", "256", "-1", "3x", "x", "", "03", " 3", "+3", "3 ", " ", "-0"].map((word) =>
		ends(`-e "${word}", code 3`, ["-e", word, "--", ...exits(3)]),
	),
	ends("-e 0000000003, code 3", ["-e", "0000000003", "--", ...exits(3)]),
	ends("-e 143, itself as command, TERM", ["-e", "143", "--", ITSELF, "--", ...killed("TERM")]),
	ends("-s, itself as command", ["-s", "--", ITSELF, "--", ...exits(4)], below),
	ends("-l -h", ["-l", "-h"]),
	ends("-h -l", ["-h", "-l"]),
	ends("-h -x", ["-h", "-x"]),
	ends("-e 3", ["-e", "3", "--", ...exits(3)]),
	ends("-e3", ["-e3", "--", ...exits(3)]),
	ends("-e 3 -e 4, code 4", ["-e", "3", "-e", "4", "--", ...exits(4)]),
	ends("-e 3 -e 4, code 3", ["-e", "3", "-e", "4", "--", ...exits(3)]),
	ends("-e 143, TERM", ["-e", "143", "--", ...killed("TERM")]),
	ends("-e 0, code 0", ["-e", "0", "--", "true"]),
];

const ENVIRONMENT: readonly Case[] = [
	...["0", "1", "2", "3", "9", "-1", "x", "", "3x", " 3", "+3"].map((value) =>
		ends(`TINI_VERBOSITY=${value}`, ["--", "true"], { environment: { TINI_VERBOSITY: value } }),
	),
	...["", "1", "0"].map((value) =>
		reaches(`TERM, TINI_KILL_PROCESS_GROUP=${value}`, ["--"], SIGTERM, {
			environment: { TINI_KILL_PROCESS_GROUP: value },
		}),
	),
	...["", "1"].map((value) =>
		reaps(`orphans, not PID 1, TINI_SUBREAPER=${value}`, ["--"], {
			...below,
			environment: { TINI_SUBREAPER: value },
		}),
	),
];

const ENDS: readonly Case[] = [
	...ENDS_OF_ALL,
	ends("killed by HUP", ["--", ...killed("HUP")]),
	ends("no such path", ["--", "/no/such/path"]),
	ends("not PID 1, -s", ["-s", "--", ...exits(7)], below),
	ends("not PID 1, TERM", ["--", ...killed("TERM")], below),
];

const CHILD: readonly Case[] = [
	...childViews("the child's state", ["--"]),
	...initViews(["--"]),
	childView("the child's state, TTIN and TTOU ignored", ["--"], {
		through: ["env", "--ignore-signal=TTIN,TTOU"],
	}),
];

const TERMINAL: readonly Case[] = keys(["--"]);

const SIGNALS: readonly Case[] = [
	...SIGNALS_WITH_OPTION_G,
	reaches("USR1, -g", ["-g", "--"], SIGUSR1),
	reaches("TERM, -g, not PID 1", ["-g", "--"], SIGTERM, below),
	leaves("who is left, not PID 1, -s", ["-s", "--"]),
	leavesUnasked("who is left, not PID 1, the child ends by itself", ["-g", "-s", "--"]),
	stops("TTIN, not PID 1", ["--"], "SIGTTIN", below),
	reaps("orphans, not PID 1, -s", ["-s", "--"], below),
];

export const TINI_CASES: readonly Case[] = [
	...OPTIONS,
	...ENVIRONMENT,
	...ENDS,
	...CHILD,
	...TERMINAL,
	...SIGNALS,
];
