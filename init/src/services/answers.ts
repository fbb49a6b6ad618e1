// What PID 1 answers to a request over the control socket.
import type { Done, Request, ServiceStatus, Totals, WaitFor } from "../control/protocol.ts";
import { SIGCONT, SIGSTOP } from "../kernel/signals.ts";
import { exitCode } from "../kernel/status.ts";
import { restartAsked, startAsked, stopAsked, withTied } from "./asked.ts";
import { type Answer, refusal } from "./control_server.ts";
import type { Definition } from "./definition.ts";
import type { History } from "./history.ts";
import { act, type Machine } from "./machine.ts";
import { hasNext, isAlive, isFinal, isUsable, type Service } from "./service.ts";

/** What requests are answered from. */
export interface Known {
	readonly machine: Machine;
	readonly history: History;
	/** When PID 1 began with services. */
	readonly beganMs: number;
	reaped(): number;
	/** Since 1970. */
	realMs(): number;
}

export function answerTo(known: Known, request: Request, nowMs: number): Answer {
	const { machine, history } = known;
	if (request.verb === "totals") return totals(known);
	if (request.verb === "events") return events(history, request.follows);
	const services = named(machine, request.names);
	if (typeof services === "string") return refusal(services);
	switch (request.verb) {
		case "status":
			return once(services.map((service) => statusOf(known, service, nowMs)));
		case "start":
		case "once":
			return changed(services, request.waits, (service) =>
				startAsked(machine, service, request.verb === "once", nowMs),
			);
		case "stop":
			return stopped(machine, services, request.waits, nowMs);
		case "restart":
			return restarted(machine, withTied(services), request.waits, nowMs);
		case "signal":
			return signalled(machine, services, request.signal, request.isGroup);
		case "wait":
			return waited(request.names.length > 0 ? services : services.filter(isMeant), request.until);
	}
}

/** The services of these names, in order of name where none is given; which of them there is not. */
function named(machine: Machine, names: readonly string[]): readonly Service[] | string {
	if (names.length === 0) {
		const key = ({ definition }: Service): string => definition.name;
		return [...machine.services].sort((one, other) => (key(one) < key(other) ? -1 : 1));
	}
	const services: Service[] = [];
	for (const name of names) {
		const found = machine.services.filter(
			({ definition }) => definition.name === name || isInstance(definition, name),
		);
		if (found.length === 0) return `there is no service ${name}`;
		services.push(...found);
	}
	return services;
}

/** Whether it is one of several: web-2 of web, which knows its number. */
function isInstance({ name, launch }: Definition, service: string): boolean {
	if (!name.startsWith(`${service}-`)) return false;
	return launch.environment.includes(`INSTANCE=${name.slice(service.length + 1)}`);
}

function once(lines: readonly object[]): Answer {
	return () => ({ text: linesOf(lines), isEnd: true });
}

function linesOf(lines: readonly object[]): string {
	return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}

function totals({ machine, beganMs, reaped }: Known): Answer {
	return (nowMs) => {
		const line: Totals = {
			uptimeMs: Math.round(nowMs - beganMs),
			reaped: reaped(),
			services: machine.services.length,
		};
		return { text: linesOf([line]), isEnd: true };
	};
}

function events(history: History, follows: boolean): Answer {
	let place = 0;
	return () => {
		const text = linesOf(history.since(place));
		place = history.end;
		return { text, isEnd: !follows };
	};
}

function statusOf(known: Known, service: Service, nowMs: number): ServiceStatus {
	const { definition, state, health, pid, starts, endStatus, reason, isPaused, isWanted } = service;
	const since = (atMs: number): number | undefined =>
		atMs < 0 ? undefined : Math.round(atMs - known.beganMs);
	return {
		name: definition.name,
		state,
		health,
		pid,
		finishPid: Math.max(0, service.helpers.finish),
		sinceMs: Math.round(nowMs - service.sinceMs),
		restarts: Math.max(0, starts - 1),
		exitCode: endStatus < 0 ? undefined : exitCode(endStatus),
		nextMs: nextStartMs(known, service, nowMs),
		reason,
		isPaused,
		isWanted,
		isNormallyUp: !definition.isDown,
		startedAtMs: since(service.firstStartMs),
		readyAtMs: since(service.firstReadyMs),
	};
}

/** Until it is started again; undefined: that is not known, or it is not to be. */
function nextStartMs(known: Known, service: Service, nowMs: number): number | undefined {
	if (service.state === "backoff") return Math.round(service.wakeAtMs - nowMs);
	if (service.state !== "scheduled" || !hasNext(service)) return undefined;
	return Math.max(0, Math.round(service.dueS * 1_000 - known.realMs()));
}

/** Started or restarted: answered once each runs, or does not any more. */
function changed(
	services: readonly Service[],
	waits: boolean,
	ask: (service: Service) => string,
): Answer {
	const before = services.map(({ starts }) => starts);
	const errors = services.map(ask);
	return () => {
		const isDone = services.every(
			(service, place) => !waits || errors[place] !== "" || hasCome(service, before[place] ?? 0),
		);
		if (!isDone) return NOT_YET;
		const done = services.map((service, place): Done => {
			const isThere = service.isReady || service.state === "completed";
			const error = errors[place] ?? "";
			return {
				name: service.definition.name,
				error: error !== "" || isThere || !waits ? error : service.reason,
			};
		});
		return { text: linesOf(done), isEnd: true };
	};
}

function restarted(
	machine: Machine,
	services: readonly Service[],
	waits: boolean,
	nowMs: number,
): Answer {
	const error = restartAsked(machine, services, nowMs);
	return changed(services, waits, () => error);
}

const NOT_YET = { text: "", isEnd: false };

function hasCome(service: Service, startsBefore: number): boolean {
	const isStopping = service.stopStep !== "none";
	if (service.isReady) return !isStopping;
	const { starts, state } = service;
	if (isFinal(service)) return !isStopping;
	// A scheduled one that is not run this time has a reason.
	if (state === "scheduled") return starts > startsBefore || service.reason !== "";
	return state === "backoff" && starts > startsBefore;
}

function stopped(
	machine: Machine,
	services: readonly Service[],
	waits: boolean,
	nowMs: number,
): Answer {
	stopAsked(machine, services, nowMs);
	return () => {
		if (waits && services.some((service) => isAlive(service))) return NOT_YET;
		const done = services.map(({ definition }): Done => ({ name: definition.name, error: "" }));
		return { text: linesOf(done), isEnd: true };
	};
}

function signalled(
	machine: Machine,
	services: readonly Service[],
	signal: number,
	isGroup: boolean,
): Answer {
	const done = services.map((service): Done => {
		const { name } = service.definition;
		if (service.pid === 0) return { name, error: "it does not run" };
		if (signal === SIGSTOP || signal === SIGCONT) service.isPaused = signal === SIGSTOP;
		act(machine, { type: "signal", service, signal, isGroup });
		return { name, error: "" };
	});
	return once(done);
}

/** Whether it is among those that are waited for where nobody is named: not one that nobody wants. */
function isMeant({ isWanted, state }: Service): boolean {
	return isWanted || state !== "stopped";
}

/** Each is there, or will never be by itself. */
function waited(services: readonly Service[], until: WaitFor): Answer {
	return () => {
		const isDone = services.every(
			(service) => isThere(service, until) || (isFinal(service) && !isAlive(service)),
		);
		if (!isDone) return NOT_YET;
		const done = services.map((service): Done => {
			const why = service.reason === "" ? `it is ${service.state}` : service.reason;
			return { name: service.definition.name, error: isThere(service, until) ? "" : why };
		});
		return { text: linesOf(done), isEnd: true };
	};
}

function isThere(service: Service, until: WaitFor): boolean {
	switch (until) {
		case "started":
			return service.pid !== 0 || isUsable(service);
		case "ready":
			return isUsable(service);
		case "healthy":
			return service.definition.healthcheck === undefined
				? isUsable(service)
				: service.health === "healthy";
		case "stopped":
			return !isAlive(service) && isFinal(service);
	}
}
