// What the programs that stand in for others say in the same way.
import type { Kernel } from "../kernel/kernel.ts";
import { signalNumber } from "../kernel/signals.ts";
import type { Log } from "../log/log.ts";
import type { Replacement } from "../options/settings.ts";

const STDERR = 2;
/** What tini, dumb-init and catatonit end with where they do not understand their arguments. */
const EXIT_REFUSED = 1;

export const LICENCE =
	"baseimage-ts, MIT License; QuickJS and musl, MIT License: /usr/share/doc/baseimage-ts\n";

/** Rewrites by which a program keeps these signals to itself; their names with blanks between them. */
export function kept(names: string): Replacement[] {
	return names.split(" ").map((name) => ({ from: signalNumber(name) ?? 0, to: 0 }));
}

/** Says what is wrong and shows the usage; the exit code. */
export function refuse(kernel: Kernel, log: Log, text: string, usage: string): number {
	log.say("error", text);
	kernel.write(STDERR, usage);
	return EXIT_REFUSED;
}
