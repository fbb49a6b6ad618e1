// A script of its own: initctl's verbs that talk to PID 1, and sv.
import { control } from "../control/control.ts";
import { sv } from "../control/sv/sv.ts";
import type { ProgramScript } from "../kernel/kernel.ts";
import { openLog } from "../log/log.ts";
import { wordsFrom } from "../options/words.ts";

export const runControl: ProgramScript = (kernel, name, first) => {
	const log = openLog(kernel, "warning");
	if (name === "sv") return sv(kernel, log, wordsFrom(kernel, first));
	return control(kernel, log, kernel.argument(first) ?? "", wordsFrom(kernel, first + 1));
};

globalThis.script = runControl;
