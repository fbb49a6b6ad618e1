// Scheduled runs that still go on while the next one runs. Where any run goes on, the service has a pid: the newest one's.
import type { Service } from "./service.ts";

/** So many are known at once; older ones are left to themselves. */
const MOST_OVERLAPPING = 64;

/** The run that goes on makes room for a newer one. */
export function setAside(service: Service): void {
	service.overlapping = [...service.overlapping, service.pid].slice(-MOST_OVERLAPPING);
	service.pid = 0;
	service.isReady = false;
}

/** The newest run has ended, or was not started: the one before it takes its place. Returns whether there is one. */
export function takeBack(service: Service): boolean {
	const { overlapping } = service;
	const newest = overlapping[overlapping.length - 1];
	if (newest === undefined) return false;
	service.pid = newest;
	service.overlapping = overlapping.slice(0, -1);
	// It was ready before it was set aside.
	service.isReady = true;
	return true;
}
