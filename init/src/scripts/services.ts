// A script of its own: the supervision of services, in PID 1.
import type { StartServices } from "../pid1/service_manager.ts";
import { Services } from "../services/manager.ts";

export const startServices: StartServices = (kernel, log, settings, command) =>
	new Services(
		{ kernel, log, command, isStrict: settings.onStartupFailure === "stop" },
		kernel.nowMs(),
	);

globalThis.script = startServices;
