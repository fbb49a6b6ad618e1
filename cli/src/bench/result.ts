/** What was measured in one container. */
export interface Run {
	/** From the request to start to the first byte, or to the port that answers. */
	startMs: number;
	/** From the request to stop, with the engine's usual grace of 10 s, to its answer. */
	stopMs: number;
	exitCode: number;
	/** Resident memory of PID 1 (VmRSS); undefined: it cannot be read from here. */
	rssKiB?: number;
	storm: Storm | { unmeasured: string };
}

/** Processes that lost their parent, and what became of them. */
export interface Storm {
	/** Seen alive with PID 1 as their parent. */
	orphans: number;
	/** Of them, still zombies one second after the last of them had ended. */
	zombies: number;
}

/** Several values of one thing. */
export interface Spread {
	median: number;
	lowest: number;
	highest: number;
	values: number[];
}

/** One image, over all rounds. */
export interface Measured {
	image: string;
	standIn: boolean;
	platform: string;
	/** The name of PID 1 in the process table; "?" where it cannot be read. */
	pid1: string;
	startMs: Spread;
	stopMs: Spread;
	rssKiB: Spread | null;
	/** Of the round with most zombies; null where no storm could be made. */
	storm: Storm | null;
	/** Why there is none. */
	stormUnmeasured: string | null;
	/** The different ones that were seen. */
	exitCodes: number[];
}

/** The outcome of `baseimage bench`; with `--json` it is printed as it is. */
export interface BenchReport {
	/** Version of this object's shape: a field may be added, none changes its meaning. */
	schema: 1;
	engine: string;
	runs: number;
	/** What a start ends with. */
	ready: "first byte on stdout" | `port ${number}`;
	/** What was run in place of the images' own commands; null: those. */
	command: string[] | null;
	images: Measured[];
}
