import { constants } from "node:os";
import process from "node:process";

export const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
type EndSignal = (typeof SIGNALS)[number];

/** The run was ended by a signal; everything that it had made is already removed. */
export class Interrupted extends Error {
	override readonly name = "Interrupted";
	readonly signal: EndSignal;

	constructor(signal: EndSignal) {
		super(`interrupted by ${signal}`);
		this.signal = signal;
	}

	/** 128 + the number of the signal, as shells report it. */
	get exitCode(): number {
		return 128 + constants.signals[this.signal];
	}
}

/**
 * Runs `work` with an AbortSignal that fires at the first SIGINT, SIGTERM or SIGHUP, so that its
 * `finally` blocks clean up. Further signals are ignored meanwhile: cleaning up is bounded, and
 * an impatient second Ctrl-C would leave containers behind.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
	const controller = new AbortController();
	const listeners = SIGNALS.map((name) => {
		const listener = () => controller.abort(new Interrupted(name));
		process.on(name, listener);
		return { name, listener };
	});
	try {
		return await work(controller.signal);
	} catch (thrown) {
		// What fails after an interruption fails because of it.
		throw controller.signal.reason instanceof Interrupted ? controller.signal.reason : thrown;
	} finally {
		for (const { name, listener } of listeners) process.off(name, listener);
	}
}
