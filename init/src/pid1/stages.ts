// What a container does beside its main command: start-up scripts before it, services beside it, hooks around the services'
// end. Decisions only; perform_stages.ts does what follows from them. A script and a hook run in the main child's place.
import { exitCode } from "../kernel/status.ts";
import { end, kill } from "./ending.ts";
import type { Action, Event } from "./events.ts";
import { stageEndMs } from "./stage_times.ts";
import type { Phase, State } from "./state.ts";

/** What start-up scripts may add to, or take from. */
export interface Found {
	readonly preShutdown: readonly string[];
	readonly postShutdown: readonly string[];
	/** Their names; empty: there are none. What they do is known to the service manager. */
	readonly services: readonly string[];
	/** The descriptor that has the folder of services watched until they are supervised; below 0: there is none. */
	readonly watch: number;
}

/** Plain data, changed by transitions alone; not there where an image has none of it. */
export interface Stages {
	/** Start-up scripts that are still to run, and later hooks. */
	queue: readonly string[];
	found: Found;
	/** Whether scripts have run since then. */
	isFoundOld: boolean;
	/** Whether services are started, and were not seen to have ended. */
	servicesRun: boolean;
	/** Whether the main command is to be started once services are ready. */
	isMainAwaited: boolean;
	/** The exit code that a service has ended the container with; undefined: none has. */
	serviceCode: number | undefined;
	/** The script or hook that runs in the main child's place; empty: that is the main child's. */
	running: string;
	/** When somebody is told of a start-up script that still runs, and when it is killed. */
	noticeAtMs: number;
	timeoutAtMs: number;
	/** Whether the time of this stage of the stop is over. */
	isOverdue: boolean;
	/** Whether nobody else was left when the main child ended. */
	isAlone: boolean;
}

export function newStages(queue: readonly string[], found: Found): Stages {
	return {
		queue,
		found,
		isFoundOld: queue.length > 0,
		running: "",
		servicesRun: false,
		isMainAwaited: false,
		serviceCode: undefined,
		noticeAtMs: Number.POSITIVE_INFINITY,
		timeoutAtMs: Number.POSITIVE_INFINITY,
		isOverdue: false,
		isAlone: false,
	};
}

const NOTICE_MS = 10_000;

/** Whether it is the main command that runs in the main child's place. */
export function isMainCommand({ stages }: State): boolean {
	return stages === undefined || stages.running === "";
}

/** Runs the next start-up script; after the last one the services and the main command. */
export function goOnStarting(state: State, stages: Stages): readonly Action[] {
	const next = takeNext(stages);
	if (next !== "") return [{ type: "run-script", path: next }];
	if (stages.isFoundOld) return [{ type: "look-again" }];
	state.phase = "running";
	if (stages.found.services.length === 0) return [{ type: "start-main" }];
	stages.servicesRun = true;
	stages.isMainAwaited = true;
	return [{ type: "start-services" }];
}

function takeNext(stages: Stages): string {
	const [next = "", ...rest] = stages.queue;
	stages.queue = rest;
	stages.running = next;
	return next;
}

/** A script, a hook or the main command runs (pid 0: there is none). */
export function started(
	state: State,
	stages: Stages,
	pid: number,
	nowMs: number,
): readonly Action[] {
	state.mainPid = pid;
	state.mainGroup = pid;
	const { startupTimeoutMs } = state.settings;
	stages.noticeAtMs = nowMs + NOTICE_MS;
	stages.timeoutAtMs = startupTimeoutMs === 0 ? Number.POSITIVE_INFINITY : nowMs + startupTimeoutMs;
	return [];
}

/** It could not be started, for which the exit code stands. */
export function notStarted(
	state: State,
	stages: Stages,
	code: number,
	nowMs: number,
): readonly Action[] {
	switch (state.phase) {
		case "starting":
			return scriptEnded(state, stages, code, nowMs);
		case "pre-shutdown":
		case "post-shutdown":
			return nextHook(state, stages);
		default:
			state.exitCode = code;
			return stopAtOnce(state, stages, false, nowMs);
	}
}

/** A start-up script has ended with the exit code. */
export function scriptEnded(
	state: State,
	stages: Stages,
	code: number,
	nowMs: number,
): readonly Action[] {
	const over = placeIsFree(state);
	const reload: Action = { type: "reload-environment" };
	if (code === 0) return [...over, reload, ...goOnStarting(state, stages)];
	const text = `${stages.running} failed with status ${code}`;
	const failed: Action = { type: "say", level: "error", text };
	if (state.settings.onStartupFailure === "continue") {
		return [...over, failed, reload, ...goOnStarting(state, stages)];
	}
	state.exitCode = code;
	return [...over, failed, ...stopAtOnce(state, stages, false, nowMs)];
}

/** A script or a hook has ended: Ctrl-C comes to us, and who comes after us can read. */
function placeIsFree(state: State): readonly Action[] {
	state.mainPid = 0;
	return state.hasTerminal ? [{ type: "take-terminal" }] : [];
}

/** A script takes long: who is being waited for is said once, and at the end of its time it is killed. */
export function scriptDeadline(state: State, stages: Stages, nowMs: number): readonly Action[] {
	const who = `${stages.running} (PID ${state.mainPid})`;
	if (nowMs >= stages.timeoutAtMs) {
		stages.timeoutAtMs = Number.POSITIVE_INFINITY;
		const seconds = state.settings.startupTimeoutMs / 1_000;
		const text = `${who} has not ended within ${seconds} s. Forcing it to exit.`;
		return [{ type: "say", level: "warning", text }, { type: "kill-group" }];
	}
	stages.noticeAtMs = Number.POSITIVE_INFINITY;
	const text = `still waiting for ${who} after ${NOTICE_MS / 1_000} s`;
	return [{ type: "say", level: "warning", text }];
}

/** A stop without a main child that would be asked first; its budget begins now. */
export function stopAtOnce(
	state: State,
	stages: Stages,
	isAlone: boolean,
	nowMs: number,
): readonly Action[] {
	state.killAtMs = Math.min(state.killAtMs, nowMs + state.settings.stopTimeoutMs);
	return stopBesides(state, stages, isAlone);
}

/** The main child is gone: hooks, services, hooks, and all others. */
export function stopBesides(state: State, stages: Stages, isAlone: boolean): readonly Action[] {
	stages.isAlone = isAlone;
	const hooks = beginHooks(state, stages, "pre-shutdown", stages.found.preShutdown);
	return stages.servicesRun ? [{ type: "hold-services" }, ...hooks] : hooks;
}

export function beginHooks(
	state: State,
	stages: Stages,
	phase: Phase,
	hooks: readonly string[],
): readonly Action[] {
	state.phase = phase;
	stages.isOverdue = false;
	stages.queue = hooks;
	return nextHook(state, stages);
}

/** The next hook of the stage, or the next stage. */
function nextHook(state: State, stages: Stages): readonly Action[] {
	const next = takeNext(stages);
	if (next === "") {
		return state.phase === "pre-shutdown" ? stopServices(state, stages) : endAll(state, stages);
	}
	stages.isAlone = false;
	return [{ type: "run-hook", path: next }];
}

function stopServices(state: State, stages: Stages): readonly Action[] {
	state.phase = "stopping-services";
	stages.isOverdue = false;
	return stages.servicesRun
		? [{ type: "stop-services", endMs: stageEndMs(state, stages) }]
		: beginHooks(state, stages, "post-shutdown", stages.found.postShutdown);
}

function endAll(state: State, stages: Stages): readonly Action[] {
	if (stages.isAlone || state.settings.wait === "none") return end(state);
	state.phase = "sweeping";
	return [{ type: "sweep" }];
}

/** A failing hook is named, and changes nothing else. */
export function hookEnded(state: State, stages: Stages, code: number): readonly Action[] {
	const text = `${stages.running} failed with status ${code}`;
	const over = placeIsFree(state);
	const failed: readonly Action[] = code === 0 ? [] : [{ type: "say", level: "warning", text }];
	return [...over, ...failed, ...nextHook(state, stages)];
}

/** The time of a stage is over: whoever has not ended is killed, and the next stage begins. */
export function stageDeadline(state: State, stages: Stages, nowMs: number): readonly Action[] {
	if (nowMs >= state.killAtMs) return kill(state, nowMs);
	stages.isOverdue = true;
	// A hook's end leads to the next stage: none begins any more in this one.
	const text = `left out, since the time of the hooks before them is over: ${stages.queue.join(", ")}`;
	const leftOut: readonly Action[] =
		stages.queue.length > 0 ? [{ type: "say", level: "warning", text }] : [];
	stages.queue = [];
	if (state.phase !== "stopping-services")
		return [tooLate(stages.running, state.mainPid), ...leftOut, { type: "kill-group" }];
	return [{ type: "kill-services" }];
}

export function tooLate(name: string, pid: number): Action {
	const text = `${name} (PID ${pid}) did not shut down in time. Forcing it to exit.`;
	return { type: "say", level: "warning", text };
}

/** The exit code that a status of the main child's place stands for. */
export function codeOf(event: Extract<Event, { type: "main-ended" }>): number {
	return exitCode(event.status);
}
