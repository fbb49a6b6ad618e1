// The container's terminal (docker run -it), if there is one.
import type { Kernel } from "../kernel/kernel.ts";

const NO_TERMINAL = -1;

/**
 * Among the descriptors up to the last one (−1: none), that of our controlling terminal, if its foreground is ours to give away:
 * always as PID 1, otherwise only when we stand in it ourselves (a shell may have started us in the background).
 */
export function findTerminal(kernel: Kernel, isPid1: boolean, last: number): number {
	for (let descriptor = 0; descriptor <= last; descriptor++) {
		const foreground = kernel.foregroundGroup(descriptor);
		if (foreground < 0) continue;
		return isPid1 || foreground === kernel.processGroup() ? descriptor : NO_TERMINAL;
	}
	return NO_TERMINAL;
}
