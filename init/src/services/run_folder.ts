// Where sockets lie while the container runs.
import { RUN_FOLDERS } from "../control/protocol.ts";
import { EEXIST } from "../kernel/errno.ts";
import type { Kernel } from "../kernel/kernel.ts";

const MODE = 0o755;

/** The first folder that is ours to write to, or can be made; undefined: there is none. Nobody else may write to it. */
export function makeRunFolder(kernel: Kernel): string | undefined {
	return RUN_FOLDERS.find((path) => {
		const made = kernel.makeDirectory(path, MODE);
		if (made >= 0) return true;
		return made === -EEXIST && kernel.directoryOwner(path) === kernel.userId();
	});
}
