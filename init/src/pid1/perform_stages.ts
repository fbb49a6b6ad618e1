// The edge of stages.ts: scripts, hooks, services and the main command as system calls.
import { startFailure } from "../boot/start_command.ts";
import { startProgram } from "../boot/start_program.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { SIGCONT, SIGKILL, SIGTERM } from "../kernel/signals.ts";
import type { Event } from "./events.ts";
import type { Edge } from "./perform.ts";
import { SERVICES_FOLDER, type Service } from "./services.ts";

const NO_TERMINAL = -1;

/** Starts a start-up script, in the terminal's foreground, or a hook. */
export function runScript(
	{ kernel, log, terminal }: Edge,
	path: string,
	isStartup: boolean,
): Event {
	log.say("notice", `Running ${path}...`);
	const how = { directory: "", terminal: isStartup ? terminal : NO_TERMINAL, isMain: isStartup };
	const pid = startProgram(kernel, path, how);
	if (pid > 0) return { type: "started", pid };
	const { exitCode, text } = startFailure(path, pid);
	log.say(isStartup ? "error" : "warning", text);
	return { type: "not-started", exitCode };
}

export function startMain({ log, stagesEdge }: Edge): Event | undefined {
	const started = stagesEdge?.startMain();
	if (started === undefined) return undefined;
	if (typeof started === "number") return { type: "started", pid: started };
	log.say("error", started.text);
	return { type: "not-started", exitCode: started.exitCode };
}

export function startService({ kernel, log }: Edge, service: Service): Event {
	const directory = `${SERVICES_FOLDER}/${service.name}`;
	const pid = startProgram(kernel, "./run", { directory, terminal: NO_TERMINAL, isMain: false });
	if (pid > 0) {
		if (log.saysInfo) log.say("info", `started service ${service.name}, PID ${pid}`);
		return { type: "service-started", service, pid };
	}
	log.say("warning", startFailure(`${directory}/run`, pid).text);
	return { type: "service-ended", service };
}

/** As `sv down` does: TERM, and CONT so that a stopped one can obey. */
export function stopService(kernel: Kernel, { pid }: Service): void {
	kernel.kill(pid, SIGTERM);
	kernel.kill(pid, SIGCONT);
}

/** With what it has started in its process group. */
export function killService(kernel: Kernel, { pid }: Service): void {
	kernel.killGroup(pid, SIGKILL);
}
