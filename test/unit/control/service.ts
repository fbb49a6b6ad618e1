// A service as PID 1 describes it, for tests.
import type { ServiceStatus } from "../../../init/src/control/protocol.ts";

export function service(name: string, more: Partial<ServiceStatus> = {}): ServiceStatus {
	return {
		...{
			name,
			state: "running",
			health: undefined,
			pid: 42,
			finishPid: 0,
			sinceMs: 3_200,
			restarts: 0,
		},
		...{ exitCode: undefined, nextMs: undefined, reason: "", isPaused: false, isWanted: true },
		...{ isNormallyUp: true, startedAtMs: undefined, readyAtMs: undefined },
		...more,
	};
}
