import type { ProcessReader } from "../processes/reader.ts";
import type { Pattern } from "./application.ts";

/** The records that the server wrote, and whether its end mark stands behind them. */
export interface FlushedFile {
	state: "whole" | "torn";
	records: number;
	recordsExpected: number;
}

/** What was seen in one container. */
export interface Observation {
	image: string;
	/** The image is a stand-in for the distribution's official one. */
	standIn: boolean;
	/** The name of PID 1 in the process table. */
	pid1: string;
	/** Distinct processes that were seen alive with PID 1 as their parent, before they ended. */
	orphans: number;
	/** How many of those are zombies one second after the last of them ended. */
	zombies: number;
	/** Entries of the process table at that moment: those alive, and all zombies. */
	processesLeft: number;
	processesAlive: number;
	/** From the request to stop, with the engine's usual grace of 10 s, to its answer. */
	stopSeconds: number;
	exitCode: number;
	file: FlushedFile;
	/** Where the process table was read. */
	countedFrom: ProcessReader["source"];
}

/** The outcome of `baseimage demo`; with `--json` it is printed as it is. */
export interface Demonstration {
	/** Version of this object's shape: a field may be added, none changes its meaning. */
	schema: 1;
	engine: string;
	pattern: Pattern;
	command: string[];
	plain: Observation;
	/** The plain base with the engine's own init (`docker run --init`), when it was asked for. */
	dockerInit?: Observation;
	baseimage: Observation;
	/** No zombie, the file whole, nobody killed: what the base image promises. */
	passed: boolean;
	/** The lines of a Dockerfile that use the image. */
	usage: string[];
}
