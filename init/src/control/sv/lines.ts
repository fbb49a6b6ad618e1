// What sv prints, as runit's does.
import { printableText } from "../../log/log.ts";
import type { ServiceStatus } from "../protocol.ts";

/** "run: web: (pid 42) 3s, want down"; `word` is how the service was called. */
export function statusLine(word: string, service: ServiceStatus): string {
	const { pid, finishPid, sinceMs, isNormallyUp, isPaused, isWanted, state } = service;
	const seconds = `${Math.floor(sinceMs / 1_000)}s`;
	const name = printableText(word);
	if (pid + finishPid === 0) {
		const normally = isNormallyUp ? ", normally up" : "";
		return `down: ${name}: ${seconds}${normally}${isWanted ? ", want up" : ""}`;
	}
	return [
		pid === 0 ? `finish: ${name}: (pid ${finishPid})` : `run: ${name}: (pid ${pid})`,
		` ${seconds}`,
		isNormallyUp ? "" : ", normally down",
		isPaused ? ", paused" : "",
		isWanted ? "" : ", want down",
		pid !== 0 && state === "stopping" ? ", got TERM" : "",
	].join("");
}

export function failLine(word: string, why: string): string {
	return `fail: ${printableText(word)}: ${printableText(why)}`;
}
