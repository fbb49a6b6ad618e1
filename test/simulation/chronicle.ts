// What happened on the simulated machine, fact by fact: what the checker judges, and the log of a replay.
import type { PendingSignal } from "./pending_signals.ts";
import type { SimulatedProcess } from "./process.ts";
import type { WokenBy } from "./sleeping.ts";

/** By which call of the init a signal was sent. */
export type Way = "kill" | "killGroup" | "killAll" | "signalProcess";

export type Happening =
	| {
			readonly type: "born";
			readonly process: SimulatedProcess;
			readonly parent: SimulatedProcess | undefined;
	  }
	/** The init has started it, or (the init itself) has become it. */
	| {
			readonly type: "executed";
			readonly process: SimulatedProcess;
			/** The file, or its interpreter. */
			readonly path: string;
			/** Whether it is its end that safe mode waits for. */
			readonly isMain: boolean;
			readonly commandLine: readonly string[];
			readonly environment: readonly string[];
	  }
	/** The init could not start it; the result is what the call answered, −errno. */
	| { readonly type: "not-started"; readonly path: string; readonly result: number }
	/** The init has changed its user. */
	| {
			readonly type: "became";
			readonly user: number;
			readonly group: number;
			readonly groups: readonly number[];
	  }
	| { readonly type: "adopted"; readonly process: SimulatedProcess }
	| { readonly type: "stopped"; readonly process: SimulatedProcess; readonly signal: number }
	| { readonly type: "continued"; readonly process: SimulatedProcess }
	| { readonly type: "ended"; readonly process: SimulatedProcess; readonly status: number }
	| { readonly type: "reaped"; readonly process: SimulatedProcess; readonly byInit: boolean }
	/** The init signalled a process that was there, perhaps as a zombie. */
	| {
			readonly type: "signalled";
			readonly process: SimulatedProcess;
			readonly signal: number;
			readonly way: Way;
			readonly wasAlive: boolean;
			readonly isDescendant: boolean;
	  }
	/** The init named a pid that nobody has. */
	| { readonly type: "missed"; readonly pid: number; readonly signal: number }
	/** kill(−1), whether it was allowed or not. */
	| { readonly type: "kill-all"; readonly signal: number }
	| { readonly type: "received"; readonly received: PendingSignal }
	| {
			readonly type: "slept";
			readonly sinceMs: number;
			readonly timeoutMs: number;
			/** How many of its children were ended and not waited for when it went to sleep. */
			readonly zombies: number;
			/** How many other processes there were then, of whatever kind. */
			readonly others: number;
			readonly hadSignals: boolean;
			readonly wokenBy: WokenBy;
			readonly openDescriptors: number;
	  }
	| { readonly type: "wrote"; readonly descriptor: number; readonly bytes: string }
	/** Nobody took what the init wrote. */
	| { readonly type: "dropped"; readonly descriptor: number }
	| { readonly type: "wrote-file"; readonly path: string; readonly bytes: string }
	/** The init listed /proc. */
	| { readonly type: "listed" }
	| { readonly type: "closed"; readonly descriptor: number }
	| { readonly type: "said"; readonly process: SimulatedProcess; readonly text: string }
	| { readonly type: "healed" }
	| { readonly type: "exited"; readonly code: number };

export type Fact = Happening & { readonly atMs: number };

/** One line for the log of a replay. */
export function describeFact({ atMs, ...fact }: Fact): string {
	const details = Object.entries(fact)
		.filter(([key]) => key !== "type")
		.map(([key, value]) => `${key}=${describeValue(value)}`);
	return `${atMs.toFixed(3).padStart(12)} ms  ${fact.type} ${details.join(" ")}`;
}

function describeValue(value: unknown): string {
	if (typeof value === "object" && value !== null && "serial" in value && "pid" in value) {
		return `${value.pid}#${value.serial}`;
	}
	return JSON.stringify(value);
}
