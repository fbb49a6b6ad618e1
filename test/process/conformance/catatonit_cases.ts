// What is done to catatonit, and to ours by its names.
import { constants } from "node:os";
import type { Case } from "./case.ts";
import {
	childViews,
	ENDS_OF_ALL,
	initViews,
	keys,
	OPTIONS_OF_ALL,
	SIGNALS_WITH_OPTION_G,
} from "./common_cases.ts";
import { ends, endsBy } from "./ending.ts";
import { reaps } from "./processes.ts";
import { catchable } from "./signal_sets.ts";
import { forwards, leavesUnasked, reaches } from "./signals.ts";
import { below, exits, killed } from "./surroundings.ts";

const { SIGTERM } = constants.signals;

/** For a second name of the same program. */
export const CATATONIT_IN_SHORT: readonly Case[] = [
	ends("the exit code", ["--", ...exits(3)]),
	ends("a signal's exit code", ["--", ...killed("TERM")]),
	ends("--version", ["--version"]),
	forwards("every catchable signal", ["--"], catchable()),
	reaches("TERM", ["--"], SIGTERM),
	reaps("orphans", ["--"]),
];

const OPTIONS: readonly Case[] = [
	...OPTIONS_OF_ALL,
	...["-h", "--help", "-V", "--version", "-L", "-x", "--nonsense", "-g"].map((word) =>
		ends(word, [word]),
	),
	ends("-V before a command", ["-V", "true"]),
	ends("--version before a command", ["--version", "true"]),
	ends("--vers", ["--vers"]),
	...[["-V", "-P"], ["-VP"], ["-h", "-P"], ["-V", "-x"], ["-h", "-x"], ["-hV"], ["-L", "-x"]].map(
		(words) => ends(words.join(" "), words),
	),
	ends("-g, a command", ["-g", "--", ...exits(5)]),
	endsBy("-P, TERM", ["-P"], ["SIGTERM"]),
	endsBy("-P, INT", ["-P"], ["SIGINT"]),
	endsBy("-P, USR1 and HUP before TERM", ["-P"], ["SIGUSR1", "SIGHUP", "SIGTERM"]),
	endsBy("-P and a command, TERM", ["-P", "--", "sleep", "60"], ["SIGTERM"]),
	endsBy("-P, not PID 1, TERM", ["-P"], ["SIGTERM"], below),
	endsBy("-P, not PID 1, INT", ["-P"], ["SIGINT"], below),
];

const CHILD: readonly Case[] = [...childViews("the child's state", ["--"]), ...initViews(["--"])];

const TERMINAL: readonly Case[] = keys(["--"]);

const SIGNALS: readonly Case[] = [
	...SIGNALS_WITH_OPTION_G,
	leavesUnasked("who is left, not PID 1, the child ends by itself", ["--"]),
];

export const CATATONIT_CASES: readonly Case[] = [
	...OPTIONS,
	...ENDS_OF_ALL,
	...CHILD,
	...TERMINAL,
	...SIGNALS,
];
