// Whether services are as they should be.
import { wholeNumber } from "../kernel/signals.ts";
import type { ServiceStatus } from "./protocol.ts";

/** Whether it does what is wanted of it: it runs, has done its work, or waits for its time. */
export function isUp({ state }: ServiceStatus): boolean {
	return state === "running" || state === "completed" || state === "scheduled";
}

/** Empty: it is as it should be; else in words what it is. One that nobody wants may be down, but not have failed. */
export function whatIsWrong(service: ServiceStatus): string {
	const { name, state, health, isWanted, reason } = service;
	const why = reason === "" ? "" : `: ${reason}`;
	if (state === "failed" || (isWanted && !isUp(service))) return `${name} is ${state}${why}`;
	return health === "unhealthy" ? `${name} is unhealthy${why}` : "";
}

/** Those of the names that no service has; the instances of a scaled one (web-1, web-2) have its name too. */
export function unknownAmong(
	names: readonly string[],
	services: readonly ServiceStatus[],
): string[] {
	return names.filter((name) => !services.some((service) => isCalled(service.name, name)));
}

function isCalled(service: string, name: string): boolean {
	const instance = service.startsWith(`${name}-`) ? service.slice(name.length + 1) : "";
	return service === name || (name !== "" && wholeNumber(instance) !== undefined);
}
