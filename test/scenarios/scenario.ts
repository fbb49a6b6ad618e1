// A story of a container as plain values. It is played twice: on the simulated machine (simulated.ts), and by
// real processes under the real binary (real.ts). What is expected of both is the same, and so each of them
// checks the other.
import type { Actor } from "../simulation/actor.ts";

export interface Scenario {
	/** A sentence. */
	readonly name: string;
	/** Options of my_init. */
	readonly options?: readonly string[];
	/** Whether stdin, stdout and stderr are a terminal (docker run -it). */
	readonly onTerminal?: boolean;
	/** What the main command does; null: there is none. */
	readonly main: Actor | null;
	readonly events: readonly ScenarioEvent[];
	readonly expected: Expected;
}

/** Times count from the main child's start. Real processes are late now and then: leave 200 ms between two events. */
export type ScenarioEvent = { readonly atMs: number } & (
	| { readonly do: "signal"; readonly signal: number }
	/** docker exec. */
	| { readonly do: "enter"; readonly actor: Actor }
	/** A key of the terminal, named by its signal. */
	| { readonly do: "press"; readonly signal: number }
	| { readonly do: "count" }
);

/** How many processes there are beside PID 1. */
export interface Count {
	readonly zombies: number;
	readonly stopped: number;
	readonly running: number;
}

export interface Expected {
	readonly exitCode: number;
	readonly endsAtMs: number;
	/** The lines that actors leave, in order. */
	readonly said?: readonly string[];
	readonly counts?: readonly Count[];
	/** How many processes the init says it kills. */
	readonly killed?: number;
}

/** What a player of scenarios has seen. */
export interface Observed extends Required<Omit<Expected, "endsAtMs">> {
	readonly endedAtMs: number;
}

/** The number of "killing PID …" lines in what the init has said. */
export function countKilled(stderr: string): number {
	return stderr.split("\n").filter((line) => line.includes("killing PID ")).length;
}

export const count = (zombies: number, stopped: number, running: number): Count => ({
	...{ zombies, stopped, running },
});
