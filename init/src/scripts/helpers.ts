// A script of its own: what stands beside a service: its readiness, its log.
import { awaitReady } from "../helpers/await/await.ts";
import { logLines } from "../helpers/log/log.ts";
import type { ProgramScript } from "../kernel/kernel.ts";
import { openLog } from "../log/log.ts";
import { wordsFrom } from "../options/words.ts";

export const runHelper: ProgramScript = (kernel, _name, first) => {
	const log = openLog(kernel, "warning");
	const words = wordsFrom(kernel, first + 1);
	return kernel.argument(first) === "log"
		? logLines(kernel, log, words)
		: awaitReady(kernel, log, words, first + 1);
};

globalThis.script = runHelper;
