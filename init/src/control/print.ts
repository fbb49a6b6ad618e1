// What the verbs say on stdout: all of it, however slow the reader is.
import { EAGAIN } from "../kernel/errno.ts";
import type { Kernel } from "../kernel/kernel.ts";

const STDOUT = 1;
/** How often it is looked whether somebody wants us to end meanwhile. */
const LOOK_MS = 1_000;

/** False where nobody reads it any more. */
export function print(kernel: Kernel, text: string): boolean {
	let rest = text;
	while (rest !== "") {
		const written = kernel.write(STDOUT, rest);
		if (written < 0 && written !== -EAGAIN) return false;
		if (written > 0) rest = rest.slice(written);
		// A signal that is pending ends the sleep; taken here, none would be noticed later.
		else if (kernel.waitWritable(STDOUT, LOOK_MS) === 0 && kernel.waitSignal(0) > 0) return false;
	}
	return true;
}
