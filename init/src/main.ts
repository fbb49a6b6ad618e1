// Which program am I? The binary answers to several names, as busybox does.
import { EXIT_USAGE } from "./exit_codes.ts";
import {
	CONTROL_SCRIPT,
	DEFINITIONS_SCRIPT,
	HELPERS_SCRIPT,
	type Kernel,
	TOOLS_SCRIPT,
} from "./kernel/kernel.ts";
import { openLog, printableText } from "./log/log.ts";
import { catatonit } from "./programs/catatonit.ts";
import { dumbInit } from "./programs/dumb_init.ts";
import { myInit } from "./programs/my_init.ts";
import { pause } from "./programs/pause.ts";
import { meantBy, NAMES, type Name, type Program } from "./programs/program.ts";
import { tini } from "./programs/tini.ts";
import { makeBuiltIns } from "./warm_up.ts";

const PROGRAMS: Readonly<Record<Name, Program>> = {
	my_init: myInit,
	tini,
	"tini-static": tini,
	"docker-init": tini,
	init: tini,
	"dumb-init": dumbInit,
	catatonit,
	"podman-init": catatonit,
	pause,
	setuser: (kernel, first) => kernel.program(TOOLS_SCRIPT)(kernel, "setuser", first),
	sv: (kernel, first) => kernel.program(CONTROL_SCRIPT)(kernel, "sv", first),
	initctl: (kernel, first) =>
		kernel.program(scriptOf(kernel.argument(first)))(kernel, "initctl", first),
};

/** Which script has the verb of initctl. */
function scriptOf(verb: string | undefined): number {
	switch (verb) {
		case "check":
		case "compile":
		case "show":
			return DEFINITIONS_SCRIPT;
		case "status":
		case "start":
		case "stop":
		case "restart":
		case "signal":
		case "wait":
		case "events":
		case "metrics":
		case "health":
			return CONTROL_SCRIPT;
		case "await":
		case "log":
			return HELPERS_SCRIPT;
		default:
			return TOOLS_SCRIPT;
	}
}

/** The exit code of the program that our own name and arguments ask for. */
export function runProgram(kernel: Kernel): number {
	let argument = 0;
	for (;;) {
		const { name, first } = meantBy(kernel, argument);
		if (name === undefined) return refuse(kernel, argument + 2);
		const result = PROGRAMS[name](kernel, first);
		if (result >= 0) return result;
		argument = -result;
	}
}

function refuse(kernel: Kernel, argument: number): number {
	const name = printableText(kernel.argument(argument) ?? "nothing");
	const text = `"as" needs the name of a program that this binary is: ${NAMES.join(", ")}; got ${name}`;
	openLog(kernel, "error").say("error", text);
	return EXIT_USAGE;
}

declare global {
	/** The entry point: native/main.c looks for it under this name. */
	var main: (kernel: Kernel) => number;
}
makeBuiltIns();
globalThis.main = runProgram;
