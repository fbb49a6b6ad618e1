/** The contract of a measurement: one file in this folder, and one line in all.ts. */
import type { Init } from "../inits/init.ts";
import type { Tools } from "../native/tools.ts";

/** What a number counts; see report/quantity.ts for how it is written. */
export type Unit = "ns" | "bytes" | "KiB" | "count" | "per minute" | "per second";

/** What a measurement may use. */
export interface Bench {
	readonly inits: readonly Init[];
	readonly tools: Tools;
	/** A smoke run: few rounds, small sizes. */
	readonly quick: boolean;
	/** How many times each init is started where starts are timed. */
	readonly rounds: number;
	/** Tells those who wait how far it is. */
	progress(step: string): void;
}

/** One row of the table: a quantity, measured for every init. */
export interface Measured extends RowHead {
	/** By the init's name; the n-th number of each belongs to the n-th round. */
	readonly samples: ReadonlyMap<string, readonly number[]>;
	/** Why there is none, by the init's name. */
	readonly absent: ReadonlyMap<string, string>;
}

/** What a row is about. */
export interface RowHead {
	/** Stable, for comparing runs: "start.pid1.static-true". */
	readonly id: string;
	readonly title: string;
	readonly unit: Unit;
	readonly better: "less" | "more";
	/** Shown in the README as well. */
	readonly headline: boolean;
	/** Why a peer that is ahead in this row is so: said where one is. */
	readonly whenBehind: string;
	/** What the project promises of our own init in this row. */
	readonly limit?: Limit;
	/** Where the row belongs in a chart of cost against size. */
	readonly growth?: Growth;
}

/** At most so many times the reference, or at most so much in the row's unit. */
export interface Limit {
	readonly of: "ratio" | "median";
	readonly most: number;
}

/** A row that is one point of a line: the same cost at another size. */
export interface Growth {
	readonly family: string;
	readonly size: number;
	/** What the sizes count, such as "orphans at once". */
	readonly things?: string;
	/** Whether the row's quantity is for each of the `size` things, as it is when this is not told, or for all together. */
	readonly of?: "each" | "all";
}

/** One subject of the report. */
export interface Measurement {
	/** For --only, and the chart's file name. */
	readonly name: string;
	readonly title: string;
	/** How it is measured, for whoever doubts the numbers. */
	readonly method: string;
	measure(bench: Bench): Promise<Measured[]>;
}
