// The decisions of PID 1, as a table: in each phase, what each event changes and which actions follow.
// Nothing here touches the system; perform.ts does.
import { end, giveUp, KILL_AGAIN_MS, kill } from "./ending.ts";
import type { Action, Event } from "./events.ts";
import { followMainStop, mainEnded, mainEndedBeforeSweep, mainEndedUnasked } from "./main_child.ts";
import type { Phase, State } from "./state.ts";
import { ask, asksForStop, beginStop, climb, passOn, signalDuringStop } from "./stopping.ts";

type Decision<Type extends Event["type"]> = (
	state: State,
	event: Extract<Event, { type: Type }>,
	nowMs: number,
) => readonly Action[];
type Row = { readonly [Type in Event["type"]]: Decision<Type> };

const ignore = (): readonly Action[] => [];

const stopOrPassOn: Decision<"signal"> = (state, { signal }, nowMs) =>
	asksForStop(state, signal) ? beginStop(state, signal, nowMs) : passOn(state, signal, nowMs);

const TABLE: Readonly<Record<Phase, Row>> = {
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
			if (nowMs < state.sweepAtMs) return climb(state, nowMs);
			state.phase = "sweeping";
			return [{ type: "sweep" }];
		},
		"tree-empty": ignore,
	},
	lingering: {
		signal: stopOrPassOn,
		"main-ended": ignore,
		"main-stopped": ignore,
		deadline: ignore,
		"tree-empty": end,
	},
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
	}
}
