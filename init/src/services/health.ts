// Health checks, as Compose has them.
import type { Healthcheck } from "./definition.ts";
import { act, checkAt, type Machine, note, say } from "./machine.ts";
import type { Service } from "./service.ts";
import { wakeDependents } from "./starting.ts";
import { beginStop } from "./stopping.ts";

/** It is ready: the checks begin. */
export function firstCheck(machine: Machine, service: Service, nowMs: number): void {
	const { healthcheck } = service.definition;
	if (healthcheck === undefined) return;
	service.health = "starting";
	service.failures = 0;
	checkAt(machine, service, nowMs + intervalOf(healthcheck, service, nowMs));
}

/** The interval is over: check now; or the check that runs takes too long. */
export function checkDue(machine: Machine, service: Service, nowMs: number): void {
	const { healthcheck } = service.definition;
	if (healthcheck === undefined || service.pid === 0 || service.stopStep !== "none") return;
	if (service.helpers.check !== 0) {
		act(machine, { type: "kill-helper", service, role: "check" });
		checked(machine, service, false, nowMs);
		return;
	}
	checkAt(machine, service, nowMs + healthcheck.timeoutMs);
	act(machine, { type: "run", service, role: "check", program: healthcheck.program });
}

/** A check has ended. */
export function checked(
	machine: Machine,
	service: Service,
	isHealthy: boolean,
	nowMs: number,
): void {
	const { healthcheck } = service.definition;
	// Who is asked to end already is not asked for something else.
	if (healthcheck === undefined || service.pid === 0 || service.stopStep !== "none") return;
	const wasHealthy = service.health === "healthy";
	if (isHealthy) service.health = "healthy";
	// The first success ends the time of starting.
	checkAt(machine, service, nowMs + intervalOf(healthcheck, service, nowMs));
	if (isHealthy) {
		service.failures = 0;
		if (wasHealthy) return;
		note(machine, service, "healthy");
		wakeDependents(machine, service, nowMs);
		return;
	}
	const isStarting = nowMs - service.startedAtMs < healthcheck.startPeriodMs;
	if (isStarting && service.health === "starting") return;
	service.failures++;
	if (service.failures < healthcheck.retries || service.health === "unhealthy") return;
	service.health = "unhealthy";
	becameUnhealthy(machine, service, healthcheck, nowMs);
}

function becameUnhealthy(
	machine: Machine,
	service: Service,
	{ onUnhealthy }: Healthcheck,
	nowMs: number,
): void {
	const text = `unhealthy: ${service.failures} checks in a row have failed`;
	note(machine, service, "unhealthy", text);
	say(machine, "warning", `${service.definition.name} is ${text}`);
	// As after a failure, but for who is restarted for this alone.
	const after = service.definition.restart === "no" ? "restart" : "retry";
	if (onUnhealthy === "restart") beginStop(machine, service, after, text, nowMs);
	if (onUnhealthy === "fail") beginStop(machine, service, "fail", text, nowMs);
}

function intervalOf(
	{ startPeriodMs, startIntervalMs, intervalMs }: Healthcheck,
	{ startedAtMs, health }: Service,
	nowMs: number,
): number {
	const isStarting = health === "starting" && nowMs - startedAtMs < startPeriodMs;
	return isStarting ? Math.min(startIntervalMs, intervalMs) : intervalMs;
}
