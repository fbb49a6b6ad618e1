// Waiting for what no event tells of: the state of other processes.
import { setTimeout as sleep } from "node:timers/promises";

const LOOK_AGAIN_MS = 2;
/** How long anything is waited for that is expected to happen at once: on a busy machine too, for it asserts nothing about speed. */
export const PATIENCE_MS = 60_000;

/** Looks until there is an answer, and returns it. @throws when there is none in time, with `what` was awaited. */
export async function until<Answer>(
	what: string,
	look: () => Answer | undefined | false | Promise<Answer | undefined | false>,
	timeoutMs = PATIENCE_MS,
): Promise<Answer> {
	const deadline = performance.now() + timeoutMs;
	for (;;) {
		const answer = await look();
		if (answer !== undefined && answer !== false) return answer;
		if (performance.now() > deadline) {
			throw new Error(`waited ${timeoutMs} ms in vain: ${what}`);
		}
		await sleep(LOOK_AGAIN_MS);
	}
}
