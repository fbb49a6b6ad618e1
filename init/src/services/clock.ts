// When a scheduled service is due, by the clock on the wall: it may be set while we sleep.
import type { Kernel } from "../kernel/kernel.ts";
import type { Log } from "../log/log.ts";
import { due, scheduled } from "./happenings.ts";
import type { Machine } from "./machine.ts";
import { nextTime, readSchedule } from "./schedule.ts";
import type { Service } from "./service.ts";

/** So it is looked at again so often. */
const LONGEST_WAIT_MS = 3_600_000;
/**
 * A clock that is put back by less shows a fixed hour again, and brings it not again; by more it is followed at once: cron(8) of
 * Debian. What comes at every hour follows it at once, but for the corrections of a clock that is nearly right.
 */
const FIXED_HOUR_AGAIN_S = 3 * 3_600;
const ANY_HOUR_AGAIN_S = 60;

interface Parts {
	readonly kernel: Kernel;
	readonly log: Log;
	readonly machine: Machine;
}

/** Finds out when it is due next, as often as somebody asks. */
export function setNextTime(parts: Parts, service: Service, nowMs: number): void {
	const { kernel, log, machine } = parts;
	const schedule = readSchedule(service.definition.schedule);
	const realS = kernel.realMs() / 1_000;
	const againS = schedule.hasFixedHour ? FIXED_HOUR_AGAIN_S : ANY_HOUR_AGAIN_S;
	// Once it is over that bound, it stays so while the clock comes near to what it has shown before.
	if (service.ranS - realS >= againS) service.ranS = 0;
	const afterS = Math.max(realS, service.ranS);
	const next = nextTime(schedule, afterS, (seconds) => kernel.localTime(seconds));
	if (next === undefined) {
		log.say("warning", `${service.definition.name}: its schedule never comes`);
		return;
	}
	const inMs = Math.min(LONGEST_WAIT_MS, Math.ceil((next - realS) * 1_000));
	scheduled(machine, service, next, nowMs, inMs);
}

/** It may be due; where it is not, somebody has set the clock, or the wait was cut. */
export function lookAtClock(parts: Parts, service: Service, nowMs: number): void {
	if (service.dueS * 1_000 > parts.kernel.realMs()) {
		setNextTime(parts, service, nowMs);
		return;
	}
	service.ranS = service.dueS;
	due(parts.machine, service, nowMs);
}
