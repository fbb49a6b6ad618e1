// What is done to every init by each of its names.
import { constants } from "node:os";
import type { Case } from "./case.ts";
import { childView } from "./child_view.ts";
import { ends, endsBy, keepsCode } from "./ending.ts";
import { initView } from "./init_view.ts";
import { ITSELF } from "./launch.ts";
import { reaps, stops } from "./processes.ts";
import { nameOf } from "./signal_names.ts";
import { catchable, FAULTS, OF_THE_C_LIBRARY, STOPS_AND_CONT } from "./signal_sets.ts";
import { forwards, leaves, reaches } from "./signals.ts";
import {
	below,
	CHLD_IGNORED,
	exits,
	killed,
	OPEN_DESCRIPTORS,
	ORPHAN_BEFORE_END,
} from "./surroundings.ts";
import { isAJob, letsScriptRead, typedKeys } from "./typed_keys.ts";

const { SIGTERM } = constants.signals;

/** Where the options end and the command begins. */
export const OPTIONS_OF_ALL: readonly Case[] = [
	ends("no arguments", []),
	ends("--", ["--"]),
	ends("-h before a command", ["-h", "--", "true"]),
	ends("no --", exits(4)),
	ends("an option behind the command", ["true", "-h"]),
	ends("-- twice", ["--", "--", "true"]),
	ends("an empty command", ["--", ""]),
];

export const ENDS_OF_ALL: readonly Case[] = [
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
	ends("itself as command", ["--", ITSELF, "--", ...exits(5)]),
	ends("below a file", ["--", "/etc/passwd/x"]),
	ends("a name that is too long", ["--", `/${"x".repeat(300)}`]),
	ends("stdin closed", ["--", ...exits(3)], { before: "exec 0<&-;" }),
	endsBy("TERM", ["--", "sleep", "60"], ["SIGTERM"]),
];

/** The state that the child is started in, from each state that the init is. */
export function childViews(title: string, options: readonly string[]): Case[] {
	return [
		childView(title, options),
		childView(`${title}, not PID 1`, options, below),
		childView(`${title}, every signal blocked`, options, { through: ["enter", "block", "--"] }),
		childView(`${title}, HUP and INT ignored`, options, {
			through: ["env", "--ignore-signal=HUP,INT"],
		}),
		childView(`${title}, on a terminal`, options, { onTerminal: true }),
		childView(`${title}, on a terminal, not PID 1`, options, { ...below, onTerminal: true }),
		childView(`${title}, descriptors`, options, { before: OPEN_DESCRIPTORS }),
	];
}

/** What the init itself keeps. */
export function initViews(options: readonly string[]): Case[] {
	return [
		initView("what the init keeps", options),
		initView("what the init keeps, not PID 1", options, below),
	];
}

/** Keys on a terminal, as PID 1, below a shell that is PID 1, and as a job of an interactive one. */
export function keys(options: readonly string[]): Case[] {
	return [
		...typedKeys(options),
		...typedKeys(options, below),
		isAJob("a job of an interactive shell", options),
		letsScriptRead("a script reads after it, its stdin was no terminal", options),
	];
}

/** For those that know -g: signals reach the whole process group of the child. */
export const SIGNALS_WITH_OPTION_G: readonly Case[] = [
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
	stops("TSTP", ["--"], "SIGTSTP"),
	stops("TSTP, not PID 1", ["--"], "SIGTSTP", below),
	stops("TSTP, on a terminal", ["--"], "SIGTSTP", { onTerminal: true }),
	reaps("orphans", ["--"]),
	reaps("orphans, not PID 1", ["--"], below),
];
