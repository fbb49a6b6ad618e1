// A supervision of services that does nothing.
import type { ServiceManager } from "../../../init/src/pid1/service_manager.ts";

export function idleManager(): ServiceManager {
	return {
		startMain: () => undefined,
		begin() {},
		reaped() {},
		descriptors: () => [],
		readable() {},
		step() {},
		deadlineMs: () => Number.POSITIVE_INFINITY,
		hold() {},
		stop() {},
		kill() {},
		release() {},
		take: () => [],
	};
}
