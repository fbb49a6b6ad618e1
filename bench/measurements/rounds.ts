/** Rounds in which every init has one turn, in an order that rotates: what the machine does besides hits all of them alike. */
import type { Init } from "../inits/init.ts";
import { Unmeasurable } from "../native/launcher.ts";
import type { Measured, RowHead } from "./measurement.ts";

/** What each init's turns gave, and what kept others from theirs. */
export interface Turns<Turn> {
	readonly taken: ReadonlyMap<string, readonly Turn[]>;
	readonly absent: ReadonlyMap<string, string>;
}

/**
 * Gives each init one turn in each round. One that throws {@link Unmeasurable} is left out, with the reason.
 */
export async function interleave<Turn>(
	inits: readonly Init[],
	rounds: number,
	turn: (init: Init, round: number) => Promise<Turn>,
): Promise<Turns<Turn>> {
	const taken = new Map<string, Turn[]>(inits.map(({ name }) => [name, []]));
	const absent = new Map<string, string>();
	for (let round = 0; round < rounds; round++) {
		for (let position = 0; position < inits.length; position++) {
			const init = inits[(round + position) % inits.length];
			if (init === undefined || absent.has(init.name)) continue;
			try {
				taken.get(init.name)?.push(await turn(init, round));
			} catch (error) {
				if (!(error instanceof Unmeasurable)) throw error;
				absent.set(init.name, error.message);
				taken.delete(init.name);
			}
		}
	}
	return { taken, absent };
}

/** A row of one number out of each turn. */
export function rowOf<Turn>(
	head: RowHead,
	turns: Turns<Turn>,
	pick: (turn: Turn) => number,
): Measured {
	const samples = [...turns.taken].map(([name, list]): [string, number[]] => [
		name,
		list.map(pick),
	]);
	return { ...head, samples: new Map(samples), absent: turns.absent };
}
