// A script of its own: programs that are started rarely, and are not PID 1.
import type { ProgramScript } from "../kernel/kernel.ts";
import type { StartServices } from "../pid1/service_manager.ts";
import { initctl } from "../programs/initctl.ts";
import { setuser } from "../programs/setuser.ts";
import { usageOf } from "../programs/usage.ts";

const USAGE = "usage ";

/** Of a usage, `first` is the descriptor that it is written to. */
export const runTool: ProgramScript = (kernel, name, first) => {
	if (name === "setuser") return setuser(kernel, first);
	if (!name.startsWith(USAGE)) return initctl(kernel, first);
	kernel.write(first, usageOf(name.slice(USAGE.length)));
	return 0;
};

declare global {
	/** What a script is evaluated for: native/kernel_scripts.c looks for it under this name. */
	var script: ProgramScript | StartServices;
}
globalThis.script = runTool;
