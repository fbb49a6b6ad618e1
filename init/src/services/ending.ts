// A service that has ended: what it has left behind, and whether it is started again.
import { SIGKILL, SIGTERM, signalName } from "../kernel/signals.ts";
import { endSignal, exitCode } from "../kernel/status.ts";
import {
	act,
	checkAt,
	enter,
	type Machine,
	note,
	removeService,
	say,
	secondsOf,
	wakeAt,
} from "./machine.ts";
import { takeBack } from "./overlapping.ts";
import { DUE, hasNext, isAlive, type Service, setHelper, shownName } from "./service.ts";
import { over, tryStart, wakeDependents } from "./starting.ts";
import { goOnStopping } from "./stopping.ts";

/** What is left of a dead instance has so long to end by itself, and is killed again so often. */
const LEFTOVER_GRACE_MS = 2_000;
const LEFTOVER_AGAIN_MS = 100;
const MOST_CLEARINGS = 10;
/** Whatever is asked for: what fails at once would take all of the CPU. */
const LEAST_DELAY_MS = 10;
/** The wait status of an exit with 1. */
const FAILED = 256;

/** Its process has been waited for, or that of a run beside which another one goes on. */
export function ended(
	machine: Machine,
	service: Service,
	pid: number,
	status: number,
	nowMs: number,
): void {
	service.endStatus = status;
	note(machine, service, "exited", howItEnded(status));
	if (pid !== service.pid) {
		service.overlapping = service.overlapping.filter((other) => other !== pid);
		return;
	}
	if (takeBack(service)) {
		// The next run was to be found out once this one was ready.
		if (service.state === "starting") {
			enter(service, "running", nowMs);
			act(machine, { type: "schedule", service });
		}
		return;
	}
	service.pid = 0;
	service.endedAtMs = nowMs;
	service.isReady = false;
	service.health = undefined;
	service.wakeAtMs = Number.POSITIVE_INFINITY;
	checkAt(machine, service, Number.POSITIVE_INFINITY);
	for (const role of ["ready", "check", "post-start", "pre-stop"] as const)
		if (service.helpers[role] !== 0) act(machine, { type: "kill-helper", service, role });
	act(machine, { type: "forget-readiness", service });
	// In a stop of all, the sweep behind it ends what is left.
	if (machine.isStopping) {
		if (service.definition.isMain) machine.mainCode = exitCode(status);
		finish(machine, service, nowMs);
		return;
	}
	// What failed it, if that was said, stays said.
	enter(service, "stopping", nowMs, service.reason);
	service.isClearing = true;
	service.clearings = 0;
	act(machine, { type: "count-leftovers", service });
}

/** So many processes of the dead instance are there. */
export function leftovers(machine: Machine, service: Service, count: number, nowMs: number): void {
	if (!service.isClearing) return;
	if (count === 0 || service.clearings > MOST_CLEARINGS) {
		const name = shownName(service);
		if (count > 0) say(machine, "warning", `${name}: ${count} of its processes outlast SIGKILL`);
		service.isClearing = false;
		finish(machine, service, nowMs);
		return;
	}
	if (service.clearings > 0) return;
	service.clearings = 1;
	if (service.afterStop !== "retry")
		service.reason = `${count} processes that it has left behind are ended`;
	act(machine, { type: "end-leftovers", service, signal: SIGTERM });
	const graceMs = Math.min(service.definition.stopGraceMs, LEFTOVER_GRACE_MS);
	wakeAt(machine, service, nowMs + graceMs);
}

/** They have not ended in time. */
export function clearAgain(machine: Machine, service: Service, nowMs: number): void {
	service.clearings++;
	act(machine, { type: "end-leftovers", service, signal: SIGKILL });
	wakeAt(machine, service, nowMs + LEFTOVER_AGAIN_MS);
	act(machine, { type: "count-leftovers", service });
}

/** runit's `finish` comes first, in a stop too. */
function finish(machine: Machine, service: Service, nowMs: number): void {
	service.wakeAtMs = Number.POSITIVE_INFINITY;
	if (service.definition.runitFolder === "") {
		settleEnd(machine, service, nowMs);
		return;
	}
	beginFinish(machine, service);
}

function beginFinish(machine: Machine, service: Service): void {
	setHelper(service, "finish", DUE);
	if (service.helpers.control === 0 && !service.isDownDue) finishIfDue(machine, service);
}

/** A stop of all has come: what it has left behind is ended with everybody else. */
export function clearNoMore(machine: Machine, service: Service): void {
	if (service.isClearing && service.definition.runitFolder !== "") beginFinish(machine, service);
	service.isClearing = false;
}

/** Runs `finish` once what runit runs before it has ended. */
export function finishIfDue(machine: Machine, service: Service): void {
	if (service.helpers.finish !== DUE) return;
	const code = endSignal(service.endStatus) === 0 ? exitCode(service.endStatus) : -1;
	const words = ["./finish", String(code), String(endSignal(service.endStatus))];
	act(machine, { type: "run", service, role: "finish", program: { words, isOurs: false } });
}

/** Nothing of it is left: what now? */
export function settleEnd(machine: Machine, service: Service, nowMs: number): void {
	const { afterStop, definition, stopStep } = service;
	service.wakeAtMs = Number.POSITIVE_INFINITY;
	service.stopStep = "none";
	service.afterStop = "stay";
	if (afterStop === "restart" && !machine.isHeld) {
		service.attempts = 0;
		tryStart(machine, service, nowMs);
	} else if (stopStep !== "none" && afterStop === "fail") {
		fail(machine, service, exitCode(service.endStatus), service.reason, nowMs);
	} else if (stopStep !== "none" && afterStop === "retry" && !machine.isHeld) {
		if (service.endStatus === 0) service.endStatus = FAILED;
		restartOrNot(machine, service, service.reason, nowMs);
	} else if (machine.isHeld || !service.isWanted) {
		enter(service, "stopped", nowMs);
		note(machine, service, "stopped");
	} else if (definition.schedule !== "") {
		act(machine, { type: hasNext(service) ? "look-at-clock" : "schedule", service });
		enter(service, "scheduled", nowMs);
	} else {
		restartOrNot(machine, service, "", nowMs);
	}
	if (service.isDoomed && !isAlive(service)) removeService(machine, service);
	wakeDependents(machine, service, nowMs);
	goOnStopping(machine, service, nowMs);
	lookWhetherAllIsDone(machine);
}

/** `reason`: why it was ended; empty: it has ended by itself. */
function restartOrNot(machine: Machine, service: Service, reason: string, nowMs: number): void {
	const { definition, endStatus } = service;
	const why = reason === "" ? howItEnded(endStatus) : reason;
	const { restart, mostRestarts, stableMs } = definition;
	const ranMs = service.endedAtMs - service.startedAtMs;
	const how = `${shownName(service)}: ${howItEnded(endStatus)} after ${secondsOf(ranMs)}`;
	const isDone = restart === "no" || (restart === "on-failure" && endStatus === 0);
	if (service.isOnce || isDone) {
		service.isWanted = false;
		if (endStatus !== 0) {
			fail(machine, service, exitCode(endStatus), why, nowMs);
			return;
		}
		enter(service, "completed", nowMs);
		note(machine, service, "completed");
		say(machine, "notice", how);
		if (definition.isMain)
			over(machine, 0, `${definition.name}, which runs in the main command's place, has ended`);
		return;
	}
	if (service.endedAtMs - service.readyAtMs >= stableMs) service.attempts = 0;
	if (mostRestarts >= 0 && service.attempts >= mostRestarts) {
		const text = `${why}, and was restarted ${mostRestarts} times`;
		fail(machine, service, exitCode(endStatus), text, nowMs);
		return;
	}
	service.attempts++;
	const delayMs = delayOf(machine, service);
	const count = `restart ${service.attempts}${mostRestarts < 0 ? "" : ` of ${mostRestarts}`}`;
	const when = delayMs === 0 ? "at once" : `in ${secondsOf(delayMs)}`;
	say(machine, endStatus === 0 ? "notice" : "warning", `${how}, ${count} ${when}`);
	if (delayMs === 0) {
		tryStart(machine, service, nowMs);
		return;
	}
	enter(service, "backoff", nowMs, why);
	note(machine, service, "backoff", `${count} ${when}`);
	wakeAt(machine, service, nowMs + delayMs);
}

/** None before the first restart in a row; then doubled each time, and up to a fifth less, so that not all come at once. */
function delayOf({ jitter }: Machine, { attempts, definition }: Service): number {
	if (attempts === 1) return 0;
	const mostMs = Math.max(definition.restartMaxDelayMs, LEAST_DELAY_MS);
	let delayMs = Math.max(definition.restartDelayMs, LEAST_DELAY_MS);
	for (let i = 2; i < attempts && delayMs < mostMs; i++) delayMs *= 2;
	return Math.min(delayMs, mostMs) * (1 - jitter / 5);
}

/** It is not started again. */
export function fail(
	machine: Machine,
	service: Service,
	code: number,
	why: string,
	nowMs: number,
): void {
	const { name, isCritical, isMain } = service.definition;
	service.isWanted = false;
	enter(service, "failed", nowMs, why);
	note(machine, service, "failed", why);
	say(machine, "error", `${shownName(service)} has failed: ${why}`);
	// Before the main command, which waits for it, is given up for that.
	const what = isMain ? "runs in the main command's place" : "is critical";
	if (isCritical || isMain)
		over(machine, code === 0 ? 1 : code, `${name}, which ${what}, has failed`);
	wakeDependents(machine, service, nowMs);
	lookWhetherAllIsDone(machine);
}

/** Without a main command, the container ends once no service runs or will run: with the code of one that has failed. */
function lookWhetherAllIsDone(machine: Machine): void {
	const { hasMain, services } = machine;
	if (hasMain || machine.isHeld || services.length === 0) return;
	const isDone = services.every(
		({ state, isClearing, pid }) =>
			(state === "completed" || state === "failed") && !isClearing && pid === 0,
	);
	if (!isDone) return;
	const failed = services.filter(({ state }) => state === "failed");
	// One that was never started has no code of its own.
	const ran = failed.find(({ endStatus }) => endStatus > 0);
	const code = ran === undefined ? Math.min(failed.length, 1) : exitCode(ran.endStatus);
	over(machine, code, "no service is left to run");
}

export function howItEnded(status: number): string {
	const signal = endSignal(status);
	return signal === 0 ? `exited ${exitCode(status)}` : `ended by SIG${signalName(signal)}`;
}
