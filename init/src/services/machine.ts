// The services as a whole: plain data, and what all decisions have in common.
import type { ServiceState } from "../control/protocol.ts";
import type { ServiceAction } from "./actions.ts";
import type { Definition, Dependency } from "./definition.ts";
import { blankService, newService, type Service } from "./service.ts";

/** The name of the definition that belongs to the main command. */
export const MAIN = "main";

export interface Machine {
	services: Service[];
	/** By ":NAME", a key that no property of every object has. */
	byName: Record<string, Service>;
	/** Names of definitions, one for the main command among them: runit's folders of these names are left out. */
	taken: readonly string[];
	/** What all services share until they differ. */
	blank: Service | undefined;
	/** What the main command waits for, what was missing last first; undefined: it has been started, or there is none. */
	mainDependencies: readonly Dependency[] | undefined;
	/** Whether there is a main command, whose end ends the container. */
	hasMain: boolean;
	/** Whether all are being stopped, and until when. */
	isStopping: boolean;
	endMs: number;
	/** By ":NAME": how many shares of the time until then one leaves to others, and takes itself; missing: 1. */
	ranks: Readonly<Record<string, number>>;
	/** Of those that are being stopped with all others: none behind the last of these is alive. */
	ending: Service[];
	/** The code of the service in the main command's place, which has ended in the stop of all. */
	mainCode: number | undefined;
	isOver: boolean;
	/** Whether none is started any more, since the main command has ended. */
	isHeld: boolean;
	/** The next deadline, and whose it is: valid as long as that one still wants it. */
	wakeAtMs: number;
	wakes: Service | undefined;
	actions: ServiceAction[];
	/** Who is to look again whether it can start; not empty: somebody goes through them just now. */
	woken: Service[];
	/** Between 0 and 1: where in its range a delay lies. */
	jitter: number;
}

export function newMachine(hasMain: boolean): Machine {
	return {
		services: [],
		byName: {},
		taken: [],
		blank: undefined,
		mainDependencies: undefined,
		hasMain,
		isStopping: false,
		endMs: Number.POSITIVE_INFINITY,
		ranks: {},
		ending: [],
		mainCode: undefined,
		isOver: false,
		isHeld: false,
		wakeAtMs: Number.POSITIVE_INFINITY,
		wakes: undefined,
		actions: [],
		woken: [],
		jitter: 0,
	};
}

/** Adds services, which do nothing yet; one whose name is taken is left out. */
export function addServices(
	machine: Machine,
	definitions: readonly Definition[],
	nowMs: number,
): void {
	for (const definition of definitions) {
		const key = `:${definition.name}`;
		if (machine.byName[key] !== undefined) continue;
		machine.blank ??= blankService(definition);
		const service = newService(definition, machine.blank, nowMs);
		machine.byName[key] = service;
		machine.services.push(service);
	}
	// Those that were there before may depend on one that has come back.
	for (const service of machine.services)
		for (const { name } of service.definition.dependsOn) {
			const needed = machine.byName[`:${name}`];
			if (needed !== undefined && !needed.dependents.includes(service))
				needed.dependents = [...needed.dependents, service];
		}
}

/** Forgets a service that nothing is left of. */
export function removeService(machine: Machine, service: Service): void {
	machine.services = machine.services.filter((other) => other !== service);
	const byName: Record<string, Service> = {};
	for (const other of machine.services) byName[`:${other.definition.name}`] = other;
	machine.byName = byName;
	act(machine, { type: "forget", service });
}

export function find(machine: Machine, name: string): Service | undefined {
	return machine.byName[`:${name}`];
}

export function act(machine: Machine, action: ServiceAction): void {
	machine.actions.push(action);
}

export function say(machine: Machine, level: "notice" | "warning" | "error", text: string): void {
	act(machine, { type: "say", level, text });
}

export function note(machine: Machine, service: Service, event: string, text = ""): void {
	act(machine, { type: "note", service, pid: service.pid, event, text });
}

export function enter(service: Service, state: ServiceState, nowMs: number, reason = ""): void {
	service.state = state;
	service.sinceMs = nowMs;
	service.reason = reason;
	service.wakeAtMs = Number.POSITIVE_INFINITY;
}

/** The state wants a deadline then. */
export function wakeAt(machine: Machine, service: Service, atMs: number): void {
	service.wakeAtMs = atMs;
	noteDeadline(machine, service, atMs);
}

/** The health check does. */
export function checkAt(machine: Machine, service: Service, atMs: number): void {
	service.checkAtMs = atMs;
	noteDeadline(machine, service, atMs);
}

function noteDeadline(machine: Machine, service: Service, atMs: number): void {
	if (atMs >= machine.wakeAtMs) return;
	machine.wakeAtMs = atMs;
	machine.wakes = service;
}

/** When the next deadline is; Infinity: there is none. All are looked at only when the earliest has been given up. */
export function nextDeadlineMs(machine: Machine): number {
	const { wakes } = machine;
	if (wakes === undefined) return machine.wakeAtMs;
	if (Math.min(wakes.wakeAtMs, wakes.checkAtMs) === machine.wakeAtMs) return machine.wakeAtMs;
	findDeadline(machine);
	return machine.wakeAtMs;
}

export function findDeadline(machine: Machine): void {
	machine.wakeAtMs = Number.POSITIVE_INFINITY;
	machine.wakes = undefined;
	for (const service of machine.services)
		noteDeadline(machine, service, Math.min(service.wakeAtMs, service.checkAtMs));
}

/** Whether the time of a stop of all is over. */
export function isTimeOver({ endMs }: Machine): boolean {
	return endMs === Number.NEGATIVE_INFINITY;
}

export function secondsOf(ms: number): string {
	const tenths = Math.round(ms / 100);
	return `${Math.floor(tenths / 10)}.${tenths % 10} s`;
}
