// KILL_PROCESS_TIMEOUT and KILL_ALL_PROCESSES_TIMEOUT, Phusion's two halves of a stop: for the main command, and for all others.
import type { Kernel } from "../kernel/kernel.ts";
import { wholeNumber } from "../kernel/signals.ts";
import { type Log, printableText } from "../log/log.ts";
import type { Settings } from "./settings.ts";

const OF_MAIN = "KILL_PROCESS_TIMEOUT";
const OF_ALL = "KILL_ALL_PROCESSES_TIMEOUT";
/** What the one counts that is not set. */
const DEFAULT_S = 5;
/** Three decades. Not Infinity, which stands for a budget that nobody has set. */
const NO_LIMIT_MS = 1e12;
const LONGEST_S = 7 * 24 * 3_600;

/** The budget of a stop is the sum of both, in seconds; 0 stands for no limit. INIT_STOP_TIMEOUT and the option win over them. */
export function readKillTimeouts(kernel: Kernel, log: Log, settings: Settings): void {
	const ofMain = readSeconds(kernel, log, OF_MAIN);
	const ofAll = readSeconds(kernel, log, OF_ALL);
	if (ofMain === undefined && ofAll === undefined) return;
	const main = ofMain ?? DEFAULT_S;
	const all = ofAll ?? DEFAULT_S;
	if (main === 0 || all === 0) {
		settings.stopTimeoutMs = NO_LIMIT_MS;
		return;
	}
	settings.stopTimeoutMs = (main + all) * 1_000;
	settings.mainShare = main / (main + all);
}

function readSeconds(kernel: Kernel, log: Log, name: string): number | undefined {
	const text = kernel.environment(name);
	if (text === undefined || text === "") return undefined;
	const seconds = wholeNumber(text.trim());
	if (seconds !== undefined && seconds <= LONGEST_S) return seconds;
	const expected = "expected a whole number of seconds (0: no limit)";
	log.say("warning", `${name}="${printableText(text)}" is ignored: ${expected}`);
	return undefined;
}
