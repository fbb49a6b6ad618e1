import { ExitCode } from "./exit-codes.ts";
import { Failure } from "./failure.ts";

/** How to wait for a condition: all times in milliseconds. */
export interface Wait {
	everyMs: number;
	limitMs: number;
	signal: AbortSignal;
	/** What is waited for, with the value last seen: the error message when the limit is reached. */
	describe: () => string;
}

/** Asks `probe` again and again until it gives a value; throws a Failure at the limit. */
export async function until<T>(probe: () => Promise<T | undefined>, wait: Wait): Promise<T> {
	const deadline = performance.now() + wait.limitMs;
	for (;;) {
		wait.signal.throwIfAborted();
		const value = await probe();
		if (value !== undefined) return value;
		if (performance.now() >= deadline) {
			const seconds = wait.limitMs / 1000;
			throw new Failure(ExitCode.system, `waited ${seconds} s for ${wait.describe()}`);
		}
		await pause(wait.everyMs, wait.signal);
	}
}

/** Sleeps; throws the signal's reason at once when it is aborted. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
	const { promise, resolve } = Promise.withResolvers<void>();
	const timer = setTimeout(resolve, milliseconds);
	try {
		await abandonOn(signal, promise);
	} finally {
		clearTimeout(timer);
	}
}

/** The outcome of `work`, or undefined when that takes longer. Throws the signal's reason at once when it is aborted. */
export async function within<T>(
	milliseconds: number,
	work: Promise<T>,
	signal: AbortSignal,
): Promise<T | undefined> {
	const { promise: late, resolve } = Promise.withResolvers<undefined>();
	const timer = setTimeout(() => resolve(undefined), milliseconds);
	try {
		return await abandonOn(signal, Promise.race([work, late]));
	} finally {
		// A timer that nobody needs any more would keep the command from its end.
		clearTimeout(timer);
	}
}

/** The outcome of `work`, or the signal's reason at once when it is aborted first. */
export async function abandonOn<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
	// An abandoned request may still fail; nobody asks any more.
	work.catch(() => undefined);
	signal.throwIfAborted();
	const { promise: aborted, reject } = Promise.withResolvers<never>();
	const onAbort = () => reject(signal.reason);
	signal.addEventListener("abort", onAbort, { once: true });
	try {
		return await Promise.race([work, aborted]);
	} finally {
		signal.removeEventListener("abort", onAbort);
	}
}
