// pause: PID 1 of a pod whose containers share their processes. It starts nothing, reaps, and ends with 0 when it is told to.
import { type Kernel, LEADS_NOTHING } from "../kernel/kernel.ts";
import { SIGINT, SIGTERM } from "../kernel/signals.ts";
import { type Log, openLog } from "../log/log.ts";
import { readVariables } from "../options/read_options.ts";
import { completeSettings, newForwardingSettings, type Settings } from "../options/settings.ts";
import { VERSION } from "../version.ts";
import type { Manners } from "./manners.ts";
import { superviseCommand } from "./supervise_command.ts";

const STDOUT = 1;

const MANNERS: Manners = {
	leads: LEADS_NOTHING,
	keepsSignals: false,
	rewrites: [],
	lastTerminal: -1,
	tendsTerminal: false,
	stopsItself: false,
	adoptsOrphans: true,
	closesDescriptors: false,
	leavesDirectory: false,
	startFailure: 0,
	otherFailure: 0,
};

export function pause(kernel: Kernel, first: number): number {
	for (let index = first; index < kernel.argumentCount(); index++)
		if (kernel.argument(index)?.toLowerCase() === "-v") {
			kernel.write(STDOUT, `pause ${VERSION}_baseimage-ts\n`);
			return 0;
		}
	const settings = newForwardingSettings();
	const log = openLog(kernel, settings.logLevel);
	readVariables(kernel, log, settings);
	if (kernel.processId() !== 1)
		log.say("warning", "not PID 1: orphans of other containers do not come here");
	return pauseProcess(kernel, log, settings);
}

/**
 * Reaps until TERM or INT. The other containers' processes are their own runtimes' to end, but all of them end with PID 1: where
 * an engine stops all containers at once, INIT_WAIT=term gives them their time.
 */
export function pauseProcess(kernel: Kernel, log: Log, settings: Settings): number {
	if (settings.stopOn.length === 0) settings.stopOn = [SIGTERM, SIGINT];
	log.setLevel(settings.logLevel);
	completeSettings(settings);
	return superviseCommand(kernel, log, settings, MANNERS, undefined);
}
