// A service on its way up: waiting for others, launched, ready.
import { EXIT_NOT_READY } from "../exit_codes.ts";
import { obstacle } from "./dependencies.ts";
import { fail, settleEnd } from "./ending.ts";
import { firstCheck } from "./health.ts";
import {
	act,
	checkAt,
	enter,
	find,
	type Machine,
	note,
	say,
	secondsOf,
	wakeAt,
} from "./machine.ts";
import { takeBack } from "./overlapping.ts";
import { isAboutToStart, isVacant, type Service, shownName } from "./service.ts";

/** It is to run: as soon as what it depends on is there. */
export function tryStart(machine: Machine, service: Service, nowMs: number): void {
	if (machine.isHeld || service.isDoomed || !isVacant(service) || isAboutToStart(service)) return;
	const found = obstacle(machine, service.definition.dependsOn);
	if (found?.isForEver) {
		const text = `it depends on ${found.name}: ${found.text}`;
		if (service.definition.schedule === "") fail(machine, service, 1, text, nowMs);
		else notRun(machine, service, text, nowMs);
		return;
	}
	if (found !== undefined) {
		enter(service, "waiting", nowMs, found.text);
		return;
	}
	enter(service, "starting", nowMs);
	act(machine, { type: "launch", service });
}

/** A scheduled one is left out for once. */
function notRun(machine: Machine, service: Service, why: string, nowMs: number): void {
	say(machine, "warning", `${shownName(service)} is not run this time: ${why}`);
	if (takeBack(service)) enter(service, "running", nowMs);
	else enter(service, "scheduled", nowMs, why);
	act(machine, { type: "schedule", service });
}

/** Its process runs. */
export function launched(machine: Machine, service: Service, pid: number, nowMs: number): void {
	const { ready } = service.definition;
	service.pid = pid;
	service.lastPid = pid;
	service.startedAtMs = nowMs;
	service.readyAtMs = Number.POSITIVE_INFINITY;
	service.starts++;
	service.isPaused = false;
	service.stopStep = "none";
	service.afterStop = "stay";
	if (service.firstStartMs < 0) service.firstStartMs = nowMs;
	enter(service, "starting", nowMs);
	note(machine, service, "started");
	if (ready === undefined) {
		becameReady(machine, service, nowMs);
		return;
	}
	if (ready.timeoutMs > 0) wakeAt(machine, service, nowMs + ready.timeoutMs);
	if (ready.kind === "program")
		act(machine, { type: "run", service, role: "ready", program: ready.program });
}

/** It could not be started. */
export function notLaunched(
	machine: Machine,
	service: Service,
	code: number,
	text: string,
	nowMs: number,
): void {
	say(machine, "warning", `${shownName(service)}: ${text}`);
	service.startedAtMs = nowMs;
	service.readyAtMs = Number.POSITIVE_INFINITY;
	service.endedAtMs = nowMs;
	service.starts++;
	service.endStatus = code << 8;
	if (takeBack(service)) {
		enter(service, "running", nowMs);
		act(machine, { type: "schedule", service });
		return;
	}
	// It is not about to start any more.
	enter(service, "stopping", nowMs, service.reason);
	settleEnd(machine, service, nowMs);
	if (service.reason === "") service.reason = text;
}

/** It can be used from now on. */
export function becameReady(machine: Machine, service: Service, nowMs: number): void {
	if (service.pid === 0 || service.isReady || service.state !== "starting") return;
	const { definition } = service;
	service.isReady = true;
	service.readyAtMs = nowMs;
	if (service.firstReadyMs < 0) service.firstReadyMs = nowMs;
	enter(service, "running", nowMs);
	if (definition.ready !== undefined) {
		act(machine, { type: "forget-readiness", service });
		note(machine, service, "ready");
	}
	if (definition.mayOverlap) act(machine, { type: "schedule", service });
	if (definition.postStart !== undefined)
		act(machine, { type: "run", service, role: "post-start", program: definition.postStart });
	firstCheck(machine, service, nowMs);
	wakeDependents(machine, service, nowMs);
}

/** Something has changed with it: who waits for it looks again. Not by calling ourselves: a long chain would use up the stack. */
export function wakeDependents(machine: Machine, service: Service, nowMs: number): void {
	const { woken } = machine;
	const isFirst = woken.length === 0;
	woken.push(service, ...service.dependents);
	if (!isFirst) return;
	for (let i = 0; i < woken.length; i++) {
		const dependent = woken[i];
		if (dependent?.state === "waiting") tryStart(machine, dependent, nowMs);
	}
	machine.woken = [];
	lookAtMain(machine);
}

/** Whether the main command can be started, or never can. */
export function lookAtMain(machine: Machine): void {
	if (machine.mainDependencies === undefined || machine.isHeld) return;
	const found = obstacle(machine, machine.mainDependencies);
	if (found !== undefined && !found.isForEver) {
		// It is looked at again each time that something is ready: who is there already comes last then.
		const at = machine.mainDependencies.findIndex(({ name }) => name === found.name);
		if (at > 0)
			machine.mainDependencies = [
				...machine.mainDependencies.slice(at),
				...machine.mainDependencies.slice(0, at),
			];
		return;
	}
	machine.mainDependencies = undefined;
	if (found === undefined) act(machine, { type: "main-due" });
	else over(machine, 1, `the main command cannot be started: ${found.text}`);
}

/** The container is to end. */
export function over(machine: Machine, exitCode: number, why: string): void {
	if (machine.isOver || machine.isHeld) return;
	machine.isOver = true;
	act(machine, { type: "over", exitCode, why });
}

/** The time in which it was to become ready is over, or who looked for that has ended before, with that code. */
export function neverReady(machine: Machine, service: Service, code?: number): string {
	const text =
		code === undefined || code === EXIT_NOT_READY
			? `not ready within ${secondsOf(service.definition.ready?.timeoutMs ?? 0)}`
			: `whether it is ready is not known: initctl await ended with status ${code}`;
	say(machine, "warning", `${shownName(service)}: ${text}`);
	return text;
}

/** Has those that it needs started too, as `docker compose up NAME` does. */
export function want(machine: Machine, service: Service, nowMs: number): void {
	const wanted = [service];
	service.isWanted = true;
	for (let i = 0; i < wanted.length; i++)
		for (const { name, isRequired } of wanted[i]?.definition.dependsOn ?? []) {
			const needed = isRequired ? find(machine, name) : undefined;
			if (needed === undefined || needed.isWanted) continue;
			needed.isWanted = true;
			wanted.push(needed);
		}
	const vacant = wanted.filter(isVacant);
	for (const one of wanted) {
		if (one.state === "stopping") one.afterStop = "restart";
		else if (one.stopStep === "due") takeStopBack(machine, one, nowMs);
	}
	// All of them, before anybody asks whether the others will ever be there.
	for (const one of vacant) if (!isAboutToStart(one)) enter(one, "waiting", nowMs);
	for (const one of vacant) {
		one.attempts = 0;
		tryStart(machine, one, nowMs);
	}
}

/** It was to be asked to end once others had ended. */
function takeStopBack(machine: Machine, service: Service, nowMs: number): void {
	const { healthcheck } = service.definition;
	service.stopStep = "none";
	service.afterStop = "stay";
	// Whoever is to be stopped is not checked any more.
	if (healthcheck !== undefined && service.isReady)
		checkAt(machine, service, nowMs + healthcheck.intervalMs);
}
