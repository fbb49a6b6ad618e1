// What the end of a process means: whose it was is known by its pid.
import { exitCode } from "../kernel/status.ts";
import { ended, leftovers } from "./ending.ts";
import { helperEnded } from "./happenings.ts";
import { leftoversOf } from "./leftovers.ts";
import type { ServicesEdge } from "./perform.ts";
import type { Owner } from "./pids.ts";
import { shownName } from "./service.ts";
import { lookWhetherAllEnded } from "./stopping.ts";

export function partEnded(
	edge: ServicesEdge,
	{ service, part }: Owner,
	pid: number,
	status: number,
	nowMs: number,
): void {
	const { machine, log } = edge;
	switch (part) {
		case "itself":
			if (log.saysInfo) log.say("info", `service ${shownName(service)}, PID ${pid}, has ended`);
			ended(machine, service, pid, status, nowMs);
			break;
		case "logger":
			edge.loggers.ended(service, nowMs);
			lookWhetherAllEnded(machine);
			break;
		default:
			if (service.helpers[part] === pid)
				helperEnded(machine, service, part, exitCode(status), nowMs);
	}
}

/** It may have been the last that somebody left behind. */
export function orphanEnded(edge: ServicesEdge, nowMs: number): void {
	for (const service of edge.machine.services)
		if (service.isClearing && service.clearings > 0 && leftoversOf(edge, service).length === 0)
			leftovers(edge.machine, service, 0, nowMs);
}
