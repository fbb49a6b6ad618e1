// Services: started beside the main command, started again when they end, ended by a stop.
import type { Action } from "./events.ts";

/** Where services lie, each in a folder with an executable `run`, as runit has them. */
export const SERVICES_FOLDER = "/etc/service";

export interface Service {
	readonly name: string;
	/** 0: it does not run. */
	pid: number;
	startedAtMs: number;
	/** When it is started again; Infinity: not. */
	restartAtMs: number;
	/** How long it waited for its last restart. */
	delayMs: number;
}

/** As Docker restarts containers: 100 ms, doubled each time up to a minute, and from anew after 10 s without an end. */
const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 60_000;
const STABLE_MS = 10_000;

export function newService(name: string): Service {
	return { name, pid: 0, startedAtMs: 0, restartAtMs: Number.POSITIVE_INFINITY, delayMs: 0 };
}

export function serviceStarted(service: Service, pid: number, nowMs: number): void {
	service.pid = pid;
	service.startedAtMs = nowMs;
	service.restartAtMs = Number.POSITIVE_INFINITY;
}

/** It has ended, or could not be started. Where nothing is started any more, nobody asks when it would be. */
export function serviceEnded(service: Service, nowMs: number): void {
	const wasStable = service.pid !== 0 && nowMs - service.startedAtMs >= STABLE_MS;
	service.pid = 0;
	service.delayMs =
		wasStable || service.delayMs === 0
			? FIRST_DELAY_MS
			: Math.min(service.delayMs * 2, LONGEST_DELAY_MS);
	service.restartAtMs = nowMs + service.delayMs;
}

/** When the next of them is to be started again. */
export function nextRestartMs(services: readonly Service[]): number {
	return services.reduce(
		(earliest, { restartAtMs }) => Math.min(earliest, restartAtMs),
		Number.POSITIVE_INFINITY,
	);
}

export function restartDue(services: readonly Service[], nowMs: number): readonly Action[] {
	return services
		.filter(({ restartAtMs }) => restartAtMs <= nowMs)
		.map((service) => ({ type: "start-service", service }));
}

/** None is started any more, and all that run are asked to end, at once. */
export function endServices(services: readonly Service[]): readonly Action[] {
	return services
		.filter(({ pid }) => pid !== 0)
		.flatMap((service): readonly Action[] => [
			{
				type: "say",
				level: "notice",
				text: `Shutting down ${service.name} (PID ${service.pid})...`,
			},
			{ type: "stop-service", service },
		]);
}

export function allServicesEnded(services: readonly Service[]): boolean {
	return services.every(({ pid }) => pid === 0);
}
