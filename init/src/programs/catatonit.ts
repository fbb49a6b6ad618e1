// catatonit [OPTIONS] [--] COMMAND [ARG...], and -P, to be the process of a pod that only waits: also as podman-init. What is the
// same and what is better than in catatonit itself: docs/drop-in.md.
import { type Kernel, LEADS_GROUP } from "../kernel/kernel.ts";
import { openLog } from "../log/log.ts";
import { readVariables } from "../options/read_options.ts";
import { newForwardingSettings } from "../options/settings.ts";
import { readShortOptions, type ShortOptions } from "../options/short_options.ts";
import { VERSION } from "../version.ts";
import { kept, refuse, showUsage } from "./answers.ts";
import type { Manners } from "./manners.ts";
import { pauseProcess } from "./pause.ts";
import { superviseArgument } from "./supervise_command.ts";

const STDOUT = 1;
const STDERR = 2;
const EXIT_NOT_STARTED = 1;
const OPTIONS: ShortOptions = { flags: "ghLPV", valued: "", long: [["version", "V"]] };

const MANNERS: Manners = {
	leads: LEADS_GROUP,
	keepsSignals: true,
	// What a fault of its own raises, and the terminal's stops.
	rewrites: kept("ILL TRAP ABRT BUS FPE SEGV SYS TSTP TTIN TTOU"),
	lastTerminal: 2,
	tendsTerminal: true,
	stopsItself: false,
	adoptsOrphans: true,
	closesDescriptors: true,
	leavesDirectory: false,
	startFailure: EXIT_NOT_STARTED,
	otherFailure: 1,
};

export function catatonit(kernel: Kernel, first: number): number {
	const settings = newForwardingSettings();
	const log = openLog(kernel, settings.logLevel);
	readVariables(kernel, log, settings);
	let request = "";
	const command = readShortOptions(kernel, first, OPTIONS, (letter) => {
		if (letter === "g") settings.signalScope = "group";
		else request = letter;
		return letter === "g" || letter === "P" ? undefined : "";
	});
	if (typeof command === "string" && command !== "")
		return refuse(kernel, log, command, "catatonit");
	switch (request) {
		case "h":
			showUsage(kernel, "catatonit", STDERR);
			return 0;
		case "L":
			showUsage(kernel, "licence", STDOUT);
			return 0;
		case "V":
			// As catatonit has it, for engines that look for tini's form.
			kernel.write(STDOUT, `tini version ${VERSION}_catatonit_baseimage-ts\n`);
			return 0;
		case "P":
			return pauseProcess(kernel, log, settings);
	}
	if (typeof command === "string" || command === 0)
		return refuse(kernel, log, "a command is missing", "catatonit");
	return superviseArgument(kernel, log, settings, MANNERS, command);
}
