// What can happen to services, and what each means: from events to changed data and actions.
import { type Definition, type Dependency, EVERY_SERVICE } from "./definition.ts";
import { clearAgain, finishIfDue, settleEnd } from "./ending.ts";
import { checkDue, checked } from "./health.ts";
import {
	act,
	addServices,
	enter,
	findDeadline,
	type Machine,
	removeService,
	say,
	wakeAt,
} from "./machine.ts";
import { setAside } from "./overlapping.ts";
import { isAboutToStart, isAlive, type Role, type Service, setHelper } from "./service.ts";
import { becameReady, lookAtMain, neverReady, tryStart, wakeDependents } from "./starting.ts";
import { ask, beginStop, stopIsLate } from "./stopping.ts";

/** All definitions are known: what can be started is. `main` undefined: the main command waits for all. */
export function begin(
	machine: Machine,
	definitions: readonly Definition[],
	main: readonly Dependency[] | undefined,
	nowMs: number,
): void {
	addServices(machine, definitions, nowMs);
	const isForAll = main?.some(({ name }) => name === EVERY_SERVICE.name) !== false;
	machine.mainDependencies = isForAll
		? machine.services.filter(countsForMain).map(startedOf)
		: main;
	startWanted(machine, nowMs);
	lookAtMain(machine);
}

/** Those that have come at run time. */
export function addLater(
	machine: Machine,
	definitions: readonly Definition[],
	nowMs: number,
): void {
	addServices(machine, definitions, nowMs);
	startWanted(machine, nowMs);
}

function startWanted(machine: Machine, nowMs: number): void {
	const fresh = machine.services.filter(({ isWanted, state }) => isWanted && state === "stopped");
	// All of them, before anybody asks whether the others will ever be there.
	for (const service of fresh) enter(service, "waiting", nowMs);
	for (const service of fresh) {
		if (service.state !== "waiting") continue;
		if (service.definition.schedule === "") tryStart(machine, service, nowMs);
		else settleEnd(machine, service, nowMs);
	}
}

function countsForMain({ definition }: Service): boolean {
	return !definition.isDown && definition.schedule === "";
}

function startedOf({ definition }: Service): Dependency {
	return { ...EVERY_SERVICE, name: definition.name };
}

/** A program that was run for it has ended, or could not be started. */
export function helperEnded(
	machine: Machine,
	service: Service,
	role: Role,
	code: number,
	nowMs: number,
): void {
	const { name } = service.definition;
	setHelper(service, role, 0);
	switch (role) {
		case "ready":
			if (code === 0) becameReady(machine, service, nowMs);
			else if (service.state === "starting")
				beginStop(machine, service, "retry", neverReady(machine, service, code), nowMs);
			break;
		case "check":
			checked(machine, service, code === 0, nowMs);
			break;
		case "post-start":
			if (code !== 0) say(machine, "warning", `${name}: post_start failed with status ${code}`);
			break;
		case "pre-stop":
			if (code !== 0) say(machine, "warning", `${name}: pre_stop failed with status ${code}`);
			if (service.stopStep === "pre-stop") ask(machine, service, nowMs);
			break;
		case "finish":
			settleEnd(machine, service, nowMs);
			break;
		case "control":
			controlEnded(machine, service, code);
			break;
	}
}

/** runit's script for a start, a signal or a stop: only one that ends with 0 takes the signal's place. */
function controlEnded(machine: Machine, service: Service, code: number): void {
	const { controlled } = service;
	service.controlled = undefined;
	if (isAboutToStart(service)) act(machine, { type: "launch", service, isAnnounced: true });
	if (controlled !== undefined && code !== 0) act(machine, { ...controlled, isPlain: true });
	if (service.isDownDue) act(machine, { type: "control-down", service });
	else finishIfDue(machine, service);
}

/** Does what is due, and finds out when the next deadline is. */
export function deadlines(machine: Machine, nowMs: number): void {
	for (const service of machine.services) {
		if (service.wakeAtMs <= nowMs) {
			service.wakeAtMs = Number.POSITIVE_INFINITY;
			stateIsDue(machine, service, nowMs);
		}
		if (service.checkAtMs <= nowMs) {
			service.checkAtMs = Number.POSITIVE_INFINITY;
			checkDue(machine, service, nowMs);
		}
	}
	findDeadline(machine);
}

function stateIsDue(machine: Machine, service: Service, nowMs: number): void {
	if (service.isClearing) {
		clearAgain(machine, service, nowMs);
		return;
	}
	switch (service.state) {
		case "starting":
			beginStop(machine, service, "retry", neverReady(machine, service), nowMs);
			break;
		case "backoff":
			tryStart(machine, service, nowMs);
			break;
		case "scheduled":
		case "running":
			act(machine, { type: "look-at-clock", service });
			break;
		case "stopping":
			stopIsLate(machine, service, nowMs);
			break;
	}
}

/** Its time has come: beside the run before, if that still goes on. */
export function due(machine: Machine, service: Service, nowMs: number): void {
	if (service.stopStep !== "none") {
		// Left out for once: it is to end, or a start will take that back.
		act(machine, { type: "schedule", service });
		return;
	}
	if (service.pid !== 0) setAside(service);
	tryStart(machine, service, nowMs);
}

/** Its folder is gone, or another one: it is stopped and forgotten. */
export function doom(machine: Machine, service: Service, why: string, nowMs: number): void {
	service.isDoomed = true;
	service.isWanted = false;
	beginStop(machine, service, "stay", `its folder ${why}`, nowMs);
	if (isAlive(service)) return;
	removeService(machine, service);
	wakeDependents(machine, service, nowMs);
}

/** The clock says when it starts next. */
export function scheduled(
	machine: Machine,
	service: Service,
	dueS: number,
	nowMs: number,
	inMs: number,
): void {
	service.dueS = dueS;
	wakeAt(machine, service, nowMs + inMs);
}
