// The event loop of PID 1.
import { fault } from "../fault.ts";
import { describeErrno, ECHILD } from "../kernel/errno.ts";
import { SIGCHLD, signalName } from "../kernel/signals.ts";
import { endSignal, exitCode, isStopped, stopSignal } from "../kernel/status.ts";
import type { Event } from "./events.ts";
import { Outsiders } from "./outsiders.ts";
import { type Edge, perform } from "./perform.ts";
import { type Beginning, initialState, nextDeadlineMs, type State } from "./state.ts";
import { decide } from "./transitions.ts";

/** No flood of one kind of event may keep the others waiting. */
const SIGNALS_AT_ONCE = 64;
const CHILDREN_AT_ONCE = 4_096;

const EINTR = 4;

/**
 * Supervises until nothing is left to wait for, and returns the exit code.
 *
 * From here on PID 1 must not die: what fails is said and survived. An exception would be a fault of
 * ours, and leads to safe mode (native/safe_mode.c).
 */
export function supervise(edge: Edge, beginning: Beginning, signals: number): number {
	const state = initialState(beginning);
	const outsiders = new Outsiders(edge.kernel);
	// A script may have become us by exec: the children of it that had ended before are not announced again.
	let isMoreToReap = true;
	while (state.phase !== "over") {
		const ready = edge.kernel.poll(
			[signals, ...outsiders.descriptors],
			isMoreToReap ? 0 : timeoutMs(edge, state, outsiders),
		);
		if (typeof ready !== "number") outsiders.ended(ready);
		else if (ready !== -EINTR) throw new Error(`poll: ${describeErrno(ready)}`);

		// Signals first: while the main child is not yet waited for, its pid is nobody else's.
		takeSignals(edge, state, signals);
		isMoreToReap = takeChildren(edge, state, outsiders);
		if (untilDeadlineMs(edge, state) <= 0) happen(edge, state, { type: "deadline" });
	}
	return state.exitCode;
}

function timeoutMs(edge: Edge, state: State, outsiders: Outsiders): number {
	const timeout = Math.min(untilDeadlineMs(edge, state), outsiders.timeoutMs);
	return timeout === Number.POSITIVE_INFINITY ? -1 : Math.max(0, timeout);
}

/** Asks for the time only when there is a deadline. */
function untilDeadlineMs(edge: Edge, state: State): number {
	const deadline = nextDeadlineMs(state);
	return deadline === Number.POSITIVE_INFINITY ? deadline : deadline - edge.kernel.nowMs();
}

function happen(edge: Edge, state: State, event: Event): void {
	for (const action of decide(state, event, edge.kernel.nowMs())) {
		if (action.type === "sweep") fault(edge.kernel, "sweep");
		perform(edge, state, action);
	}
}

function takeSignals(edge: Edge, state: State, descriptor: number): void {
	for (let taken = 0; taken < SIGNALS_AT_ONCE; taken++) {
		const received = edge.kernel.readSignal(descriptor);
		if (typeof received === "number") return;
		const [signal, sender] = received;
		// Children are asked for anyway; a SIGPIPE of our own comes from a closed stderr.
		if (signal === SIGCHLD || sender === edge.kernel.processId()) continue;
		fault(edge.kernel, "signal");
		edge.log.say("info", `received ${signalName(signal)}`);
		happen(edge, state, { type: "signal", signal });
	}
}

/** Collects the ended children: one SIGCHLD may stand for thousands. Returns whether there may be more of them. */
function takeChildren(edge: Edge, state: State, outsiders: Outsiders): boolean {
	let mainStatus: number | undefined;
	let isChildless = false;
	let taken = 0;
	for (; taken < CHILDREN_AT_ONCE; taken++) {
		const change = edge.kernel.reap();
		if (typeof change === "number") {
			isChildless = change === -ECHILD;
			break;
		}
		const [pid, status] = change;
		fault(edge.kernel, "reap");
		// Once it is waited for, its pid may be somebody else's.
		const isMain = pid === state.mainPid && mainStatus === undefined;
		if (isMain) mainStatus = mainChanged(edge, state, status);
	}
	const isStopping = state.phase === "sweeping" || state.phase === "killing";
	// No SIGCHLD will come for those that had ended before.
	const isMore = taken === CHILDREN_AT_ONCE;
	if (mainStatus === undefined && !isStopping) return isMore;
	const isLast = isChildless && (!state.isPid1 || outsiders.areGone());
	if (mainStatus !== undefined)
		happen(edge, state, { type: "main-ended", status: mainStatus, isLast });
	else if (isLast) happen(edge, state, { type: "tree-empty" });
	return isMore;
}

/** The status of the main child's end; undefined when it was only stopped. */
function mainChanged(edge: Edge, state: State, status: number): number | undefined {
	if (isStopped(status)) {
		happen(edge, state, { type: "main-stopped", signal: stopSignal(status) });
		return undefined;
	}
	if (edge.log.says("info")) sayMainEnded(edge, state, status);
	return status;
}

function sayMainEnded({ log }: Edge, { mainPid }: State, status: number): void {
	const signal = endSignal(status);
	const how =
		signal === 0 ? `exited with ${exitCode(status)}` : `was ended by ${signalName(signal)}`;
	log.say("info", `the main child, PID ${mainPid}, ${how}`);
}
