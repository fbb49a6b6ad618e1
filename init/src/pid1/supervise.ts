// The event loop of PID 1.
import { fault } from "../fault.ts";
import { describeErrno, ECHILD, EINTR } from "../kernel/errno.ts";
import { SIGCHLD, SIGURG, signalName } from "../kernel/signals.ts";
import { endSignal, exitCode, isStopped, stopSignal } from "../kernel/status.ts";
import { replaced } from "../options/settings.ts";
import type { Action, Event } from "./events.ts";
import { newOutsiders, type Outsiders } from "./outsiders.ts";
import { type Edge, perform } from "./perform.ts";
import type { ServiceManager } from "./service_manager.ts";
import { goOnStarting, isMainCommand } from "./stages.ts";
import { type Beginning, initialState, nextDeadlineMs, type State } from "./state.ts";
import { decide } from "./transitions.ts";
import { ZombieWatch } from "./zombie_watch.ts";

/** No flood of one kind of event may keep the others waiting. */
const SIGNALS_AT_ONCE = 64;
const CHILDREN_AT_ONCE = 4_096;
const NONE: readonly never[] = [];
/** Where poll(2) fails, which takes memory or descriptors that are used up. */
const WITHOUT_POLL_MS = 50;

/**
 * Supervises until nothing is left to wait for, and returns the exit code.
 *
 * From here on PID 1 must not die: what fails is said and survived. An exception would be a fault of
 * ours, and leads to safe mode (native/safe_mode.c).
 */
export function supervise(edge: Edge, beginning: Beginning): number {
	const state = initialState(beginning);
	const outsiders = newOutsiders();
	const { zombieWarnMs } = state.settings;
	const zombies =
		zombieWarnMs === 0 ? undefined : new ZombieWatch(zombieWarnMs, edge.kernel.nowMs());
	// A script may have become us by exec: the children of it that had ended before are not announced again.
	let isMoreToReap = true;
	if (state.stages !== undefined) {
		state.phase = "starting";
		act(edge, state, goOnStarting(state, state.stages));
	}
	while (state.phase !== "over") {
		const first = firstSignal(
			edge,
			outsiders,
			isMoreToReap ? 0 : timeoutMs(edge, state, outsiders, zombies),
		);
		const { phase } = state;
		// Signals first: while the main child is not yet waited for, its pid is nobody else's.
		takeSignals(edge, state, first);
		isMoreToReap = takeChildren(edge, state, outsiders);
		if (untilDeadlineMs(edge, state) <= 0) happen(edge, state, { type: "deadline" });
		const services = edge.stagesEdge?.services;
		if (services !== undefined) attend(edge, state, services);
		// Who is left may matter now, and may be nobody, whose end no signal will tell.
		if (state.phase !== phase) isMoreToReap = true;
		zombies?.look(edge.kernel, edge.log, edge.kernel.nowMs());
	}
	const exitCode = replaced(state.settings.exitRemap, state.exitCode);
	edge.lastWords?.write(edge.kernel, edge.log, exitCode);
	return exitCode;
}

/** Sleeps until something happens; the signal that did, or 0. */
function firstSignal(edge: Edge, outsiders: Outsiders, timeoutMs: number): number {
	const services = edge.stagesEdge?.services;
	const others = services?.descriptors() ?? NONE;
	if (outsiders.descriptors.length === 0 && others.length === 0) return nextSignal(edge, timeoutMs);
	const readable = outsiders.sleep(edge.kernel, timeoutMs, others);
	if (readable === undefined)
		return nextSignal(edge, timeoutMs < 0 ? WITHOUT_POLL_MS : Math.min(timeoutMs, WITHOUT_POLL_MS));
	if (readable.length > 0) services?.readable(readable, edge.kernel.nowMs());
	return nextSignal(edge, 0);
}

function nextSignal({ kernel }: Edge, timeoutMs: number): number {
	const signal = kernel.waitSignal(timeoutMs);
	if (signal >= 0) return signal;
	if (signal === -EINTR) return 0;
	throw new Error(`sigtimedwait: ${describeErrno(signal)}`);
}

function timeoutMs(
	edge: Edge,
	state: State,
	outsiders: Outsiders,
	zombies: ZombieWatch | undefined,
): number {
	const untilLook = zombies?.timeoutMs(edge.kernel.nowMs()) ?? Number.POSITIVE_INFINITY;
	const untilServices = untilServicesMs(edge);
	const timeout = Math.min(
		untilDeadlineMs(edge, state),
		outsiders.timeoutMs,
		untilLook,
		untilServices,
	);
	return timeout === Number.POSITIVE_INFINITY ? -1 : Math.max(0, timeout);
}

function untilServicesMs({ kernel, stagesEdge }: Edge): number {
	if (stagesEdge?.services === undefined) return Number.POSITIVE_INFINITY;
	const nowMs = kernel.nowMs();
	return stagesEdge.services.deadlineMs(nowMs) - nowMs;
}

/** What services want to have done, and what has come of them. */
function attend(edge: Edge, state: State, services: ServiceManager): void {
	services.step(edge.kernel.nowMs(), state.mainPid);
	for (;;) {
		const events = services.take();
		if (events.length === 0) return;
		for (const event of events) happen(edge, state, event);
	}
}

/** Asks for the time only when there is a deadline. */
function untilDeadlineMs(edge: Edge, state: State): number {
	const deadline = nextDeadlineMs(state);
	return deadline === Number.POSITIVE_INFINITY ? deadline : deadline - edge.kernel.nowMs();
}

function happen(edge: Edge, state: State, event: Event): void {
	act(edge, state, decide(state, event, edge.kernel.nowMs()));
}

function act(edge: Edge, state: State, actions: readonly Action[]): void {
	let due = actions;
	for (let i = 0; ; i++) {
		const action = due[i];
		if (action === undefined) return;
		if (action.type === "sweep") fault(edge.kernel, "sweep");
		const event = perform(edge, state, action);
		if (event === undefined) continue;
		// Not by calling ourselves: hundreds of scripts in a row that cannot be started would use up the stack.
		due = [...decide(state, event, edge.kernel.nowMs()), ...due.slice(i + 1)];
		i = -1;
	}
}

function takeSignals(edge: Edge, state: State, first: number): void {
	let signal = first;
	for (let taken = 1; signal !== 0; taken++) {
		// Children are asked for anyway; a SIGPIPE of our own comes from a closed stderr.
		if (signal !== SIGCHLD && edge.kernel.signalSender() !== edge.kernel.processId()) {
			fault(edge.kernel, "signal");
			if (edge.log.saysInfo) edge.log.say("info", `received ${signalName(signal)}`);
			happen(edge, state, { type: "signal", signal });
		} else if (signal === SIGURG)
			happen(edge, state, { type: "service-came", stages: edge.stagesEdge?.stages });
		if (taken === SIGNALS_AT_ONCE) return;
		signal = nextSignal(edge, 0);
	}
}

/** Collects the ended children: one SIGCHLD may stand for thousands. Returns whether there may be more of them. */
function takeChildren(edge: Edge, state: State, outsiders: Outsiders): boolean {
	// Looked up once: thousands of orphans may follow.
	const { kernel, stagesEdge } = edge;
	const { namesOrphans } = state.settings;
	let mainStatus: number | undefined;
	let isChildless = false;
	let taken = 0;
	outsiders.lookNoMore();
	for (; taken < CHILDREN_AT_ONCE; taken++) {
		const pid = kernel.reap();
		if (pid <= 0) {
			isChildless = pid === -ECHILD;
			break;
		}
		fault(kernel, "reap");
		if (pid === state.mainPid) {
			// Once it is waited for, its pid may be somebody else's.
			if (mainStatus === undefined) {
				mainStatus = mainChanged(edge, state, kernel.childStatus());
				continue;
			}
		} else if (namesOrphans) edge.log.say("warning", `reaped PID ${pid}, an orphan`);
		stagesEdge?.services?.reaped(pid, kernel.childStatus());
	}
	const { phase } = state;
	const isEnding = phase === "sweeping" || phase === "killing" || phase === "lingering";
	// No SIGCHLD will come for those that had ended before.
	const isMore = taken === CHILDREN_AT_ONCE;
	// The end of a script or a hook leads on whoever is left.
	const isAsked = isEnding || (mainStatus !== undefined && isMainCommand(state));
	const isLast = isAsked && isChildless && isNobodyElse(edge, state, outsiders);
	if (mainStatus !== undefined)
		happen(edge, state, { type: "main-ended", status: mainStatus, isLast });
	else if (isLast) happen(edge, state, { type: "tree-empty" });
	return isMore;
}

/** Without children: whether nobody is left whose end is waited for. */
function isNobodyElse({ kernel }: Edge, state: State, outsiders: Outsiders): boolean {
	return !state.isPid1 || state.settings.wait === "none" || outsiders.areGone(kernel);
}

/** The status of the main child's end; undefined when it was only stopped. */
function mainChanged(edge: Edge, state: State, status: number): number | undefined {
	if (isStopped(status)) {
		happen(edge, state, { type: "main-stopped", signal: stopSignal(status) });
		return undefined;
	}
	// A start-up script or a hook may stand in its place.
	if (isMainCommand(state)) {
		edge.lastWords?.mainEnded(edge.kernel, status);
		if (edge.log.saysInfo) sayMainEnded(edge, state, status);
		const text = `${state.mainName} exited with status ${exitCode(status)}.`;
		if (state.stages !== undefined) edge.log.say("notice", text);
	}
	return status;
}

function sayMainEnded({ log }: Edge, { mainPid }: State, status: number): void {
	const signal = endSignal(status);
	const how =
		signal === 0 ? `exited with ${exitCode(status)}` : `was ended by ${signalName(signal)}`;
	log.say("info", `the main child, PID ${mainPid}, ${how}`);
}
