// What somebody asks for, by initctl or sv.
import type { Machine } from "./machine.ts";
import { isAlive, type Service } from "./service.ts";
import { want } from "./starting.ts";
import { stopInOrder } from "./stopping.ts";

/** Each returns why not, or nothing. */
export function startAsked(
	machine: Machine,
	service: Service,
	isOnce: boolean,
	nowMs: number,
): string {
	if (machine.isHeld) return "the container is stopping";
	service.isOnce = isOnce;
	want(machine, service, nowMs);
	return "";
}

/** Of these, who depends on another one ends first. Those that nobody named go on. */
export function stopAsked(machine: Machine, services: readonly Service[], nowMs: number): void {
	for (const service of services) service.isWanted = false;
	stopInOrder(machine, services, "stay", nowMs);
}

/** Stopped in order, and started again as those that they depend on are there. @param services with all that are tied to them */
export function restartAsked(
	machine: Machine,
	services: readonly Service[],
	nowMs: number,
): string {
	if (machine.isHeld) return "the container is stopping";
	for (const service of services) {
		service.isOnce = false;
		service.isWanted = true;
	}
	stopInOrder(machine, services.filter(isAlive), "restart", nowMs);
	for (const service of services) if (!isAlive(service)) startAsked(machine, service, false, nowMs);
	return "";
}

/** These, and all that a restart of them restarts too. */
export function withTied(services: readonly Service[]): readonly Service[] {
	const tied = [...services];
	for (let i = 0; i < tied.length; i++)
		for (const dependent of tied[i]?.dependents ?? [])
			if (isTied(dependent, tied[i]) && !tied.includes(dependent)) tied.push(dependent);
	return tied;
}

/** Whether a restart of the other one, that is asked for, restarts it too: it runs, and nobody has stopped it. */
function isTied({ definition, pid, isWanted }: Service, other: Service | undefined): boolean {
	if (pid === 0 || !isWanted) return false;
	return definition.dependsOn.some(
		({ name, restarts }) => restarts && name === other?.definition.name,
	);
}
