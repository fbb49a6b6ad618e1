// Settings that cannot all be kept: what is said of them at the start, and by initctl explain.
import { signalName } from "../kernel/signals.ts";
import { mainShare } from "../pid1/stage_times.ts";
import { type Replacement, replaced, type Settings } from "./settings.ts";

/** One line for each. */
export function contradictions(settings: Settings): string[] {
	const found: string[] = [];
	const { stopDelayMs, stopTimeoutMs, stopOn, rewrites, exitRemap } = settings;
	const longestDelayMs = stopTimeoutMs * mainShare(settings);
	if (stopDelayMs > longestDelayMs) {
		found.push(
			`a stop delay of ${seconds(stopDelayMs)} is cut to ${seconds(longestDelayMs)}, the main child's share of the stop timeout`,
		);
	}
	for (const signal of stopOn) {
		if (replaced(rewrites, signal) === 0)
			found.push(`${signalName(signal)} is dropped by a rewrite, and so begins no stop`);
	}
	const unreached = unreachedSignal(settings);
	if (unreached !== undefined)
		found.push(`${unreached} is never sent: the stop timeout is over before`);
	const twice = firstTwice(rewrites);
	if (twice !== undefined)
		found.push(`two rewrites are for ${signalName(twice)}: the first of them holds`);
	const code = firstTwice(exitRemap);
	if (code !== undefined)
		found.push(`two exit codes are given for ${code}: the first of them holds`);
	return found;
}

/** The first signal of the ladder whose turn comes too late. */
function unreachedSignal({
	stopSignals,
	stopTimeoutMs,
	stopDelayMs,
}: Settings): string | undefined {
	let atMs = stopDelayMs;
	for (const { signal, waitMs } of stopSignals) {
		if (atMs >= stopTimeoutMs) return signalName(signal);
		atMs += waitMs;
	}
	return undefined;
}

function firstTwice(replacements: readonly Replacement[]): number | undefined {
	return replacements.find(
		({ from }, index) => replacements.findIndex((other) => other.from === from) < index,
	)?.from;
}

function seconds(ms: number): string {
	return `${ms / 1_000} s`;
}
