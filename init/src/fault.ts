// Failures on demand, to test that PID 1 survives its own errors (native/safe_mode.c). The shipped
// bundle is built with FAULTS = false, and the bundler leaves all of this out.
import type { Kernel } from "./kernel/kernel.ts";

declare const FAULTS: boolean;

/** Where a failure can be asked for. */
export type FaultPlace = "before-start" | "after-start" | "signal" | "reap" | "sweep";

/** Fails here if MY_INIT_FAULT is "PLACE:throw", "PLACE:memory" or "PLACE:stack". */
export function fault(kernel: Kernel, place: FaultPlace): void {
	if (!FAULTS) return;
	const wanted = kernel.environment("MY_INIT_FAULT");
	if (wanted === `${place}:throw`) throw new Error(`fault injected at ${place}`);
	if (wanted === `${place}:memory`) exhaustMemory();
	if (wanted === `${place}:stack`) exhaustStack(0);
}

function exhaustMemory(): never {
	const kept: string[][] = [];
	for (;;) kept.push(new Array<string>(4096).fill("x"));
}

function exhaustStack(depth: number): number {
	return exhaustStack(depth + 1) + 1;
}
