// The edge of stages.ts: scripts, hooks and the main command as system calls.
import { startFailure } from "../boot/start_command.ts";
import { startProgram } from "../boot/start_program.ts";
import type { Event } from "./events.ts";
import type { Edge } from "./perform.ts";
import type { State } from "./state.ts";

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

export function lookAgain({ stagesEdge }: Edge, { stages }: State): Event | undefined {
	if (stagesEdge === undefined || stages === undefined) return undefined;
	return { type: "found", found: stagesEdge.findAgain(stages.found.watch) };
}

/** Those that have come into the folder while the main command ran, too. */
export function startServices(
	{ kernel, log, stagesEdge }: Edge,
	{ settings, stages }: State,
): void {
	if (stagesEdge === undefined || stages === undefined) return;
	if (settings.logLevel === undefined) log.setLevel("notice");
	const { services, watch } = stages.found;
	if (watch >= 0) kernel.close(watch);
	stagesEdge.services = stagesEdge.openServices();
	stagesEdge.services.begin(kernel.nowMs(), services.length === 0);
}

export function startMain({ log, stagesEdge }: Edge): Event | undefined {
	const started = stagesEdge?.startMain();
	if (started === undefined) return undefined;
	if (typeof started === "number") return { type: "started", pid: started };
	log.say("error", started.text);
	return { type: "not-started", exitCode: started.exitCode };
}
