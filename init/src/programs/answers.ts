// What the programs that stand in for others say in the same way.
import { type Kernel, TOOLS_SCRIPT } from "../kernel/kernel.ts";
import { signalNumber } from "../kernel/signals.ts";
import type { Log } from "../log/log.ts";
import type { Replacement } from "../options/settings.ts";

const STDERR = 2;
/** What tini, dumb-init and catatonit end with where they do not understand their arguments. */
const EXIT_REFUSED = 1;

/** Rewrites by which a program keeps these signals to itself; their names with blanks between them. */
export function kept(names: string): Replacement[] {
	return names.split(" ").map((name) => ({ from: signalNumber(name) ?? 0, to: 0 }));
}

/** Says what is wrong and shows the usage; the exit code. */
export function refuse(kernel: Kernel, log: Log, text: string, name: string): number {
	log.say("error", text);
	showUsage(kernel, name, STDERR);
	return EXIT_REFUSED;
}

/** What a program prints for --help, or its licence, which are seldom wanted: usage.ts has them, in a script of its own. */
export function showUsage(kernel: Kernel, name: string, descriptor: number): void {
	kernel.program(TOOLS_SCRIPT)(kernel, `usage ${name}`, descriptor);
}
