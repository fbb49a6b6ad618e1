// A case: one thing that is done to an init, and what is seen of it.
import type { Binary } from "../support/binaries.ts";

/** What was seen, by what was looked at. Words of messages are not: only whether there were any. */
export type Observation = Readonly<Record<string, string>>;

export interface Case {
	readonly name: string;
	/** Does it to one init, a peer or ours. @throws when the init cannot even be brought into the situation. */
	readonly observe: (init: Binary) => Promise<Observation>;
}

/** The cases of one name. */
export interface Suite {
	/** The name that our binary is called by. */
	readonly name: string;
	/** The peer that it is compared with, as bench/inits/peers.ts calls it. */
	readonly peer: string;
	readonly cases: readonly Case[];
}

/** Where the init runs. */
export type Place = "PID 1" | "not PID 1";
