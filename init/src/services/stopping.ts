// A service on its way down: asked by its signal, killed when its time is over; and all of them, in the reverse order of their
// dependencies.

import { isNeeded } from "./dependencies.ts";
import { clearNoMore } from "./ending.ts";
import { act, enter, find, type Machine, note, say, wakeAt } from "./machine.ts";
import { takeBack } from "./overlapping.ts";
import { type AfterStop, isAlive, isFinal, isVacant, type Service, shownName } from "./service.ts";
import { wakeDependents } from "./starting.ts";

/** Asks it to end; what follows then is `after`. */
export function beginStop(
	machine: Machine,
	service: Service,
	after: AfterStop,
	why: string,
	nowMs: number,
): void {
	// What somebody has asked for is not forgotten where it fails meanwhile.
	const isAsked = service.stopStep === "due" && (after === "retry" || after === "fail");
	if (!isAsked) service.afterStop = after;
	if (service.stopStep !== "none" && service.stopStep !== "due") return;
	const isThere = service.pid !== 0 || takeBack(service);
	service.isReady = false;
	if (!isThere) {
		if (!isVacant(service)) return;
		enter(service, "stopped", nowMs, why);
		wakeDependents(machine, service, nowMs);
		return;
	}
	service.stopByMs = nowMs + service.definition.stopGraceMs;
	enter(service, "stopping", nowMs, why);
	note(machine, service, "stopping", why);
	const { preStop } = service.definition;
	if (preStop === undefined) {
		ask(machine, service, nowMs);
		return;
	}
	service.stopStep = "pre-stop";
	// So that it is asked itself too.
	wakeAt(machine, service, stopEndMs(machine, service, nowMs, 2));
	act(machine, { type: "run", service, role: "pre-stop", program: preStop });
}

/** These are to end, each as soon as nobody of them who depends on it is alive; `after`: what somebody has asked for. */
export function stopInOrder(
	machine: Machine,
	services: readonly Service[],
	after: "stay" | "restart",
	nowMs: number,
): void {
	const alive = services.filter(isAlive);
	for (const service of alive) {
		service.afterStop = after;
		if (service.stopStep === "none") service.stopStep = "due";
	}
	for (const service of services)
		if (!isAlive(service)) beginStop(machine, service, after, whyStopped(after), nowMs);
	askThoseDue(machine, alive, nowMs);
}

/** It is to end now. */
export function ask(machine: Machine, service: Service, nowMs: number): void {
	const { stopSignal, runitFolder } = service.definition;
	service.stopStep = "asked";
	service.isDownDue = runitFolder !== "" && !service.isWanted;
	act(machine, { type: "ask", service, signal: stopSignal });
	if (service.isDownDue) act(machine, { type: "control-down", service });
	wakeAt(machine, service, stopEndMs(machine, service, nowMs, 1));
}

/** When its time for one of so many steps is over: in a stop of all, those that it needs have as much each. */
function stopEndMs(machine: Machine, service: Service, nowMs: number, steps: number): number {
	const shares = (machine.ranks[`:${service.definition.name}`] ?? 1) * steps;
	const leftMs = Math.min((service.stopByMs - nowMs) / steps, (machine.endMs - nowMs) / shares);
	return nowMs + leftMs;
}

/** It was asked to end before all others were: from now on it has no more time than they have. */
function hurryStop(machine: Machine, service: Service, nowMs: number): void {
	const { stopStep, wakeAtMs } = service;
	if (stopStep !== "pre-stop" && stopStep !== "asked") return;
	const endMs = stopEndMs(machine, service, nowMs, stopStep === "asked" ? 1 : 2);
	wakeAt(machine, service, Math.min(wakeAtMs, endMs));
}

/** Its time is over. */
export function stopIsLate(machine: Machine, service: Service, nowMs: number): void {
	if (service.stopStep === "pre-stop") {
		sayLate(machine, service, "pre_stop");
		act(machine, { type: "kill-helper", service, role: "pre-stop" });
		ask(machine, service, nowMs);
		return;
	}
	killLate(machine, service);
}

export function killLate(machine: Machine, service: Service): void {
	const name = shownName(service);
	const text = `${name} (PID ${service.pid}) did not shut down in time. Forcing it to exit.`;
	service.stopStep = "killed";
	service.wakeAtMs = Number.POSITIVE_INFINITY;
	say(machine, "warning", text);
	note(machine, service, "killed", text);
	act(machine, { type: "kill", service });
}

/** None is started any more: who waits for a start waits in vain. */
export function holdAll(machine: Machine, nowMs: number): void {
	machine.isHeld = true;
	for (const service of machine.services)
		if (!isAlive(service) && !isFinal(service)) enter(service, "stopped", nowMs);
}

/** The container ends: each is asked as soon as nobody who depends on it is alive. */
export function stopAll(machine: Machine, endMs: number, nowMs: number): void {
	machine.isStopping = true;
	machine.isHeld = true;
	machine.endMs = endMs;
	for (const service of machine.services) {
		service.isWanted = false;
		clearNoMore(machine, service);
		if (service.pid === 0) takeBack(service);
		if (isAlive(service)) {
			if (service.stopStep === "none") service.stopStep = "due";
		} else enter(service, "stopped", nowMs);
	}
	machine.ending = machine.services.filter(isAlive);
	machine.ranks = ranksOf(machine.ending);
	for (const service of machine.ending) hurryStop(machine, service, nowMs);
	askThoseDue(machine, machine.ending, nowMs);
	lookWhetherAllEnded(machine);
}

/** Of these, whom nobody needs any more. */
function askThoseDue(machine: Machine, services: readonly Service[], nowMs: number): void {
	const due = services.filter((one) => one.stopStep === "due" && !isNeeded(machine, one));
	if (due.length === 0) return;
	if (machine.isStopping)
		act(machine, { type: "say-all", level: "notice", texts: due.flatMap(farewells) });
	for (const service of due) {
		if (machine.isStopping) beginStop(machine, service, "stay", "", nowMs);
		else beginStop(machine, service, service.afterStop, whyStopped(service.afterStop), nowMs);
	}
}

function whyStopped(after: AfterStop): string {
	return after === "restart" ? "a restart was asked for" : "somebody asked for it";
}

/** By ":NAME", for those that need others: how many are asked one after the other, from it on. */
function ranksOf(ending: readonly Service[]): Record<string, number> {
	const ranks: Record<string, number> = {};
	const awaited: Record<string, number> = {};
	for (const { dependents } of ending)
		for (const { definition } of dependents) {
			const key = `:${definition.name}`;
			awaited[key] = (awaited[key] ?? 0) + 1;
		}
	const ranked = ending.filter(({ definition }) => awaited[`:${definition.name}`] === undefined);
	for (let place = 0; place < ranked.length; place++) {
		const service = ranked[place];
		if (service === undefined) break;
		const rank = ranks[`:${service.definition.name}`] ?? 1;
		for (const dependent of service.dependents) {
			const key = `:${dependent.definition.name}`;
			ranks[key] = Math.max(ranks[key] ?? 1, rank + 1);
			const left = (awaited[key] ?? 0) - 1;
			awaited[key] = left;
			if (left === 0) ranked.push(dependent);
		}
	}
	return ranks;
}

function farewells(service: Service): string[] {
	const { pid, overlapping } = service;
	// Of one that has ended by itself its `finish` may still run.
	const own = pid === 0 ? [] : [`Shutting down ${shownName(service)} (PID ${pid})...`];
	return [...own, ...overlapping.map((other) => `... and its PID ${other}`)];
}

/** One has ended: those that it needed may be asked now. */
export function goOnStopping(machine: Machine, service: Service, nowMs: number): void {
	const needed = service.definition.dependsOn.map(({ name }) => find(machine, name));
	askThoseDue(
		machine,
		needed.filter((one) => one !== undefined),
		nowMs,
	);
	if (machine.isStopping) lookWhetherAllEnded(machine);
}

/** Nobody starts any more: who has ended once need not be looked at again. */
export function lookWhetherAllEnded(machine: Machine): void {
	const { ending } = machine;
	for (;;) {
		const last = ending[ending.length - 1];
		if (last === undefined) break;
		if (isAlive(last)) return;
		ending.pop();
	}
	if (machine.isStopping) act(machine, { type: "all-ended" });
}

/** The time of all is over. */
export function killAll(machine: Machine): void {
	// No `finish` is begun any more.
	machine.endMs = Number.NEGATIVE_INFINITY;
	for (const service of machine.services) {
		if (service.pid !== 0 && service.stopStep !== "killed") killLate(machine, service);
		if (service.helpers.finish === 0) continue;
		sayLate(machine, service, "finish");
		act(machine, { type: "kill", service });
	}
	// Their loggers may be all that is left: they are not waited for.
	lookWhetherAllEnded(machine);
}

function sayLate(machine: Machine, service: Service, what: string): void {
	const text = `${shownName(service)}: its ${what} did not end in time. Forcing it to exit.`;
	say(machine, "warning", text);
}
