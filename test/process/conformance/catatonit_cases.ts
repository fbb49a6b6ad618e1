// What is done to catatonit, and to ours by its names.
import { constants } from "node:os";
import type { Case } from "./case.ts";
import { childView } from "./child_view.ts";
import { ends, endsBy, keepsCode } from "./ending.ts";
import { reaps, stops } from "./processes.ts";
import { nameOf } from "./signal_names.ts";
import { catchable, FAULTS, OF_THE_C_LIBRARY, STOPS_AND_CONT } from "./signal_sets.ts";
import { forwards, leaves, leavesUnasked, reaches } from "./signals.ts";
import { CHLD_IGNORED, OPEN_DESCRIPTORS, ORPHAN_BEFORE_END } from "./surroundings.ts";

const { SIGTERM } = constants.signals;
const below = { place: "not PID 1" } as const;
const exits = (code: number) => ["sh", "-c", `exit ${code}`];
const killed = (signal: string) => ["sh", "-c", `kill -${signal} $$`];

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
	...["-h", "--help", "-V", "--version", "-L", "-x", "--nonsense", "-g"].map((word) =>
		ends(word, [word]),
	),
	ends("no arguments", []),
	ends("--", ["--"]),
	ends("-h before a command", ["-h", "--", "true"]),
	ends("-V before a command", ["-V", "true"]),
	ends("--version before a command", ["--version", "true"]),
	ends("--vers", ["--vers"]),
	ends("no --", exits(4)),
	ends("an option behind the command", ["true", "-h"]),
	ends("-- twice", ["--", "--", "true"]),
	ends("an empty command", ["--", ""]),
	ends("-g, a command", ["-g", "--", ...exits(5)]),
	endsBy("-P, TERM", ["-P"], ["SIGTERM"]),
	endsBy("-P, INT", ["-P"], ["SIGINT"]),
	endsBy("-P, USR1 and HUP before TERM", ["-P"], ["SIGUSR1", "SIGHUP", "SIGTERM"]),
	endsBy("-P and a command, TERM", ["-P", "--", "sleep", "60"], ["SIGTERM"]),
	endsBy("-P, not PID 1, TERM", ["-P"], ["SIGTERM"], below),
	endsBy("-P, not PID 1, INT", ["-P"], ["SIGINT"], below),
];

const ENDS: readonly Case[] = [
	...[0, 1, 127, 255].map((code) => ends(`code ${code}`, ["--", ...exits(code)])),
	...["TERM", "KILL", "SEGV"].map((signal) =>
		ends(`killed by ${signal}`, ["--", ...killed(signal)]),
	),
	ends("no such command", ["--", "no-such-command"]),
	ends("not executable", ["--", "/etc/passwd"]),
	ends("a folder", ["--", "/etc"]),
	ends("not PID 1", ["--", ...exits(7)], below),
	ends("an orphan", ["--", ...ORPHAN_BEFORE_END]),
	keepsCode("SIGCHLD inherited as ignored", ["--"], { through: CHLD_IGNORED }),
	ends("on a terminal", ["--", ...exits(9)], { onTerminal: true }),
	ends("stdin closed", ["--", ...exits(3)], { before: "exec 0<&-;" }),
	endsBy("TERM", ["--", "sleep", "60"], ["SIGTERM"]),
];

const CHILD: readonly Case[] = [
	childView("the child's state", ["--"]),
	childView("the child's state, not PID 1", ["--"], below),
	childView("the child's state, every signal blocked", ["--"], {
		through: ["enter", "block", "--"],
	}),
	childView("the child's state, HUP and INT ignored", ["--"], {
		through: ["env", "--ignore-signal=HUP,INT"],
	}),
	childView("the child's state, on a terminal", ["--"], { onTerminal: true }),
	childView("the child's state, on a terminal, not PID 1", ["--"], { ...below, onTerminal: true }),
	childView("the child's state, descriptors", ["--"], { before: OPEN_DESCRIPTORS }),
];

const SIGNALS: readonly Case[] = [
	forwards("every catchable signal", ["--"], catchable()),
	forwards("every catchable signal, -g", ["-g", "--"], catchable()),
	forwards(
		"every harmless signal, not PID 1",
		["--"],
		catchable([...FAULTS, ...OF_THE_C_LIBRARY]),
		below,
	),
	...STOPS_AND_CONT.map((signal) => forwards(`${nameOf(signal)} alone`, ["--"], [signal])),
	...[6, 11, 33].map((signal) =>
		forwards(`${nameOf(signal)} alone, not PID 1`, ["--"], [signal], below),
	),
	reaches("TERM", ["--"], SIGTERM),
	reaches("TERM, -g", ["-g", "--"], SIGTERM),
	leaves("who is left, not PID 1", ["--"]),
	leaves("who is left, not PID 1, -g", ["-g", "--"]),
	leavesUnasked("who is left, not PID 1, the child ends by itself", ["--"]),
	stops("TSTP", ["--"], "SIGTSTP"),
	stops("TSTP, not PID 1", ["--"], "SIGTSTP", below),
	stops("TSTP, on a terminal", ["--"], "SIGTSTP", { onTerminal: true }),
	reaps("orphans", ["--"]),
	reaps("orphans, not PID 1", ["--"], below),
];

export const CATATONIT_CASES: readonly Case[] = [...OPTIONS, ...ENDS, ...CHILD, ...SIGNALS];
