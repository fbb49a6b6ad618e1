// The decisions of PID 1, as a table: in each phase, what each event changes and which actions follow.
// Nothing here touches the system; perform.ts does.
import { end, giveUp, KILL_AGAIN_MS, kill } from "./ending.ts";
import type { Action, Event } from "./events.ts";
import { followMainStop, mainEnded, mainEndedBeforeSweep, mainEndedUnasked } from "./main_child.ts";
import {
	foundAgain,
	mainIsDue,
	serviceCame,
	servicesAreOver,
	servicesHaveEnded,
} from "./services_stage.ts";
import {
	codeOf,
	hookEnded,
	notStarted,
	type Stages,
	scriptDeadline,
	scriptEnded,
	stageDeadline,
	started,
	stopAtOnce,
} from "./stages.ts";
import type { Phase, State } from "./state.ts";
import {
	ask,
	asksForStop,
	climb,
	hurry,
	mainShareOver,
	passOn,
	signalDuringStop,
	stopRequested,
} from "./stopping.ts";

type Decision<Type extends Event["type"]> = (
	state: State,
	event: Extract<Event, { type: Type }>,
	nowMs: number,
) => readonly Action[];
type Row = { readonly [Type in PhaseEvent]: Decision<Type> };
/** What has the same consequences in every phase is not in the table. */
type PhaseEvent = "signal" | "main-ended" | "main-stopped" | "deadline" | "tree-empty";

const ignore = (): readonly Action[] => [];

type StageDecision<Type extends Event["type"]> = (
	state: State,
	stages: Stages,
	event: Extract<Event, { type: Type }>,
	nowMs: number,
) => readonly Action[];

/** A decision of phases that only a container with stages comes into. */
function staged<Type extends Event["type"]>(decision: StageDecision<Type>): Decision<Type> {
	return (state, event, nowMs) =>
		state.stages === undefined ? [] : decision(state, state.stages, event, nowMs);
}

/** Hooks run, or services are waited for. */
const STOPPING_BESIDES: Row = {
	signal: (state, { signal }, nowMs) => {
		if (asksForStop(state, signal)) hurry(state, nowMs);
		return [];
	},
	"main-ended": staged((state, stages, event) => hookEnded(state, stages, codeOf(event))),
	"main-stopped": followMainStop,
	deadline: staged((state, stages, _event, nowMs) => stageDeadline(state, stages, nowMs)),
	"tree-empty": ignore,
};

const stopOrPassOn: Decision<"signal"> = (state, { signal }, nowMs) =>
	asksForStop(state, signal) ? stopRequested(state, signal, nowMs) : passOn(state, signal, nowMs);

const TABLE: Readonly<Record<Phase, Row>> = {
	starting: {
		signal: staged((state, stages, { signal }, nowMs) => {
			if (!asksForStop(state, signal)) return [];
			// It is told and waited for as a main child would be.
			state.mainName = stages.running;
			stages.running = "";
			return stopRequested(state, signal, nowMs);
		}),
		"main-ended": staged((state, stages, event, nowMs) =>
			scriptEnded(state, stages, codeOf(event), nowMs),
		),
		"main-stopped": followMainStop,
		deadline: staged((state, stages, _event, nowMs) => scriptDeadline(state, stages, nowMs)),
		"tree-empty": ignore,
	},
	running: {
		signal: stopOrPassOn,
		"main-ended": mainEndedUnasked,
		"main-stopped": followMainStop,
		deadline: ignore,
		"tree-empty": ignore,
	},
	delaying: {
		signal: (state, event, nowMs) =>
			asksForStop(state, event.signal) ? ask(state, nowMs) : passOn(state, event.signal, nowMs),
		"main-ended": mainEndedBeforeSweep,
		"main-stopped": followMainStop,
		deadline: (state, _event, nowMs) =>
			nowMs >= state.killAtMs ? kill(state, nowMs) : ask(state, nowMs),
		"tree-empty": ignore,
	},
	asking: {
		signal: signalDuringStop,
		"main-ended": mainEndedBeforeSweep,
		"main-stopped": followMainStop,
		deadline: (state, _event, nowMs) => {
			if (nowMs >= state.killAtMs) return kill(state, nowMs);
			if (nowMs >= state.sweepAtMs) return mainShareOver(state);
			return climb(state, nowMs);
		},
		"tree-empty": ignore,
	},
	lingering: {
		signal: stopOrPassOn,
		"main-ended": ignore,
		"main-stopped": ignore,
		deadline: ignore,
		"tree-empty": (state, _event, nowMs) =>
			state.stages === undefined ? end(state) : stopAtOnce(state, state.stages, true, nowMs),
	},
	"pre-shutdown": STOPPING_BESIDES,
	"stopping-services": STOPPING_BESIDES,
	"post-shutdown": STOPPING_BESIDES,
	sweeping: {
		signal: signalDuringStop,
		"main-ended": mainEnded,
		"main-stopped": followMainStop,
		deadline: (state, _event, nowMs) =>
			nowMs >= state.killAtMs ? kill(state, nowMs) : climb(state, nowMs),
		"tree-empty": end,
	},
	killing: {
		signal: ignore,
		"main-ended": mainEnded,
		"main-stopped": ignore,
		deadline: (state, _event, nowMs) => {
			if (nowMs >= state.giveUpAtMs) return giveUp(state);
			state.killAgainAtMs = nowMs + KILL_AGAIN_MS;
			return [{ type: "kill-again" }];
		},
		"tree-empty": end,
	},
	over: {
		signal: ignore,
		"main-ended": ignore,
		"main-stopped": ignore,
		deadline: ignore,
		"tree-empty": ignore,
	},
};

/** Changes the state by the event and returns what is to be done, in this order. */
export function decide(state: State, event: Event, nowMs: number): readonly Action[] {
	const row = TABLE[state.phase];
	switch (event.type) {
		case "signal":
			return row.signal(state, event, nowMs);
		case "main-ended":
			return row["main-ended"](state, event, nowMs);
		case "main-stopped":
			return row["main-stopped"](state, event, nowMs);
		case "deadline":
			return row.deadline(state, event, nowMs);
		case "tree-empty":
			return row["tree-empty"](state, event, nowMs);
		case "service-came":
			return serviceCame(state, event.stages);
		default:
			return state.stages === undefined ? [] : decideBesides(state, state.stages, event, nowMs);
	}
}

/** What was started beside, or in place of, the main child. */
function decideBesides(
	state: State,
	stages: Stages,
	event: Exclude<Event, { type: PhaseEvent | "service-came" }>,
	nowMs: number,
): readonly Action[] {
	switch (event.type) {
		case "started":
			return started(state, stages, event.pid, nowMs);
		case "not-started":
			return notStarted(state, stages, event.exitCode, nowMs);
		case "found":
			return foundAgain(state, stages, event.found);
		case "main-due":
			return mainIsDue(state, stages, event.name);
		case "services-over":
			return servicesAreOver(state, stages, event, nowMs);
		case "services-ended":
			return servicesHaveEnded(state, stages, event.mainCode);
	}
}
