// What the simulated machine does not have: sockets of streams, the lines of services. Programs that use them are tested as processes.
import type { Kernel, Result } from "../../init/src/kernel/kernel.ts";
import { ENOSYS } from "./errno.ts";

type Missing = Pick<
	Kernel,
	| "realMs"
	| "connectTcp"
	| "connectUnix"
	| "socketError"
	| "peerUser"
	| "peerProcess"
	| "waitWritable"
	| "watchFolder"
	| "fileIdentity"
	| "openAppend"
	| "renameFile"
	| "dressLines"
	| "relayLines"
	| "lostLines"
>;

export class BeyondMachine implements Missing {
	realMs(): number {
		return 0;
	}

	connectTcp(): Result {
		return -ENOSYS;
	}

	connectUnix(): Result {
		return -ENOSYS;
	}

	socketError(): Result {
		return -ENOSYS;
	}

	peerUser(): Result {
		return -ENOSYS;
	}

	peerProcess(): Result {
		return -ENOSYS;
	}

	waitWritable(): Result {
		return -ENOSYS;
	}

	watchFolder(_path: string): Result {
		return -ENOSYS;
	}

	fileIdentity(_path: string): string {
		return "";
	}

	openAppend(): Result {
		return -ENOSYS;
	}

	renameFile(): Result {
		return -ENOSYS;
	}

	dressLines(): Result {
		return -ENOSYS;
	}

	relayLines(): Result {
		return -ENOSYS;
	}

	lostLines(): number {
		return 0;
	}
}
