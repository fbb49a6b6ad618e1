// What is done to tini, and to ours by its names.
import { constants } from "node:os";
import type { Case } from "./case.ts";
import { childView } from "./child_view.ts";
import { ends, endsBy, keepsCode } from "./ending.ts";
import { reaps, stops } from "./processes.ts";
import { nameOf } from "./signal_names.ts";
import { catchable, FAULTS, OF_THE_C_LIBRARY, STOPS_AND_CONT } from "./signal_sets.ts";
import { forwards, leaves, leavesUnasked, reaches, tellsOfParentDeath } from "./signals.ts";
import { CHLD_IGNORED, OPEN_DESCRIPTORS, ORPHAN_BEFORE_END } from "./surroundings.ts";

const { SIGUSR1, SIGTERM } = constants.signals;
const below = { place: "not PID 1" } as const;
const exits = (code: number) => ["sh", "-c", `exit ${code}`];
const killed = (signal: string) => ["sh", "-c", `kill -${signal} $$`];

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
	...["-h", "--version", "-l", "-x", "--help", "--nonsense", "-v", "-s", "-p", "-e"].map((word) =>
		ends(word, [word]),
	),
	ends("no arguments", []),
	ends("--", ["--"]),
	ends("-h before a command", ["-h", "--", "true"]),
	ends("-h true", ["-h", "true"]),
	ends("--version before a command", ["--version", "--", "true"]),
	ends("--version as second option", ["-v", "--version"]),
	ends("--version=1", ["--version=1"]),
	ends("--vers", ["--vers"]),
	ends("no --", exits(4)),
	ends("an option behind the command", ["true", "-h"]),
	ends("-- twice", ["--", "--", "true"]),
	ends("-", ["-"]),
	ends("an empty command", ["--", ""]),
	...["-v", "-vv", "-vvv", "-vvvv", "-w", "-g", "-s", "-vvgs", "-gvs"].map((word) =>
		ends(`${word}, a command`, [word, "--", ...exits(5)]),
	),
	ends("-w, an orphan", ["-w", "--", ...ORPHAN_BEFORE_END]),
	ends("no -w, an orphan", ["--", ...ORPHAN_BEFORE_END]),
	...["SIGTERM", "SIGUSR1", "TERM", "15", "sigterm", "SIGFOO", "SIGRTMIN", "SIGKILL"].map((word) =>
		ends(`-p ${word}`, ["-p", word, "--", ...exits(6)]),
	),
	ends("-pSIGTERM", ["-pSIGTERM", "--", ...exits(6)]),
	tellsOfParentDeath("-p SIGUSR1, and the parent ends", ["-s", "-p", "SIGUSR1", "--"]),
	...["0", "255", "256", "-1", "3x", "x", "", "03", " 3", "+3"].map((word) =>
		ends(`-e "${word}", code 3`, ["-e", word, "--", ...exits(3)]),
	),
	ends("-e 3", ["-e", "3", "--", ...exits(3)]),
	ends("-e3", ["-e3", "--", ...exits(3)]),
	ends("-e 3 -e 4, code 4", ["-e", "3", "-e", "4", "--", ...exits(4)]),
	ends("-e 3 -e 4, code 3", ["-e", "3", "-e", "4", "--", ...exits(3)]),
	ends("-e 143, TERM", ["-e", "143", "--", ...killed("TERM")]),
	ends("-e 0, code 0", ["-e", "0", "--", "true"]),
];

const ENVIRONMENT: readonly Case[] = [
	...["0", "1", "2", "3", "9", "-1", "x", ""].map((value) =>
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
	...[0, 1, 127, 255].map((code) => ends(`code ${code}`, ["--", ...exits(code)])),
	...["TERM", "KILL", "SEGV", "HUP"].map((signal) =>
		ends(`killed by ${signal}`, ["--", ...killed(signal)]),
	),
	ends("no such command", ["--", "no-such-command"]),
	ends("no such path", ["--", "/no/such/path"]),
	ends("a folder", ["--", "/etc"]),
	ends("not executable", ["--", "/etc/passwd"]),
	ends("not PID 1", ["--", ...exits(7)], below),
	ends("not PID 1, -s", ["-s", "--", ...exits(7)], below),
	ends("not PID 1, TERM", ["--", ...killed("TERM")], below),
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
	childView("the child's state, TTIN and TTOU ignored", ["--"], {
		through: ["env", "--ignore-signal=TTIN,TTOU"],
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
	reaches("USR1, -g", ["-g", "--"], SIGUSR1),
	reaches("TERM, -g, not PID 1", ["-g", "--"], SIGTERM, below),
	leaves("who is left, not PID 1", ["--"]),
	leaves("who is left, not PID 1, -s", ["-s", "--"]),
	leaves("who is left, not PID 1, -g", ["-g", "--"]),
	leavesUnasked("who is left, not PID 1, the child ends by itself", ["-g", "-s", "--"]),
	stops("TSTP", ["--"], "SIGTSTP"),
	stops("TSTP, not PID 1", ["--"], "SIGTSTP", below),
	stops("TTIN, not PID 1", ["--"], "SIGTTIN", below),
	stops("TSTP, on a terminal", ["--"], "SIGTSTP", { onTerminal: true }),
	reaps("orphans", ["--"]),
	reaps("orphans, not PID 1", ["--"], below),
	reaps("orphans, not PID 1, -s", ["-s", "--"], below),
];

export const TINI_CASES: readonly Case[] = [
	...OPTIONS,
	...ENVIRONMENT,
	...ENDS,
	...CHILD,
	...SIGNALS,
];
