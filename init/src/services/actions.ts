// What follows from the decisions on services: perform.ts does it.
import type { LogLevel } from "../log/log.ts";
import type { Program } from "./definition.ts";
import type { Role, Service } from "./service.ts";

export interface SignalAction {
	readonly type: "signal";
	readonly service: Service;
	readonly signal: number;
	readonly isGroup: boolean;
	/** No script of runit's is run in its place. */
	readonly isPlain?: true;
}

export type ServiceAction =
	/** `isAnnounced`: runit's control/u has run already. */
	| { readonly type: "launch"; readonly service: Service; readonly isAnnounced?: true }
	/** Run a program for it: its end, or that it could not be started, is an event. */
	| {
			readonly type: "run";
			readonly service: Service;
			readonly role: Role;
			readonly program: Program;
	  }
	| { readonly type: "kill-helper"; readonly service: Service; readonly role: Role }
	| SignalAction
	/** It was asked to end for good: runit's control/d. */
	| { readonly type: "control-down"; readonly service: Service }
	/** Ask it to end, with all its runs; those that are stopped go on, so that they can obey. */
	| { readonly type: "ask"; readonly service: Service; readonly signal: number }
	/** Kill it with its process group, and what runit runs at its end. */
	| { readonly type: "kill"; readonly service: Service }
	/** How many processes has it left behind? An event answers. */
	| { readonly type: "count-leftovers"; readonly service: Service }
	| { readonly type: "end-leftovers"; readonly service: Service; readonly signal: number }
	/** It is no service any more. */
	| { readonly type: "forget"; readonly service: Service }
	/** Nobody waits for its being ready any more. */
	| { readonly type: "forget-readiness"; readonly service: Service }
	/** When is it due next? `scheduled` answers. */
	| { readonly type: "schedule"; readonly service: Service }
	/** The time for its next run may have come. */
	| { readonly type: "look-at-clock"; readonly service: Service }
	| { readonly type: "say"; readonly level: LogLevel; readonly text: string }
	| { readonly type: "say-all"; readonly level: LogLevel; readonly texts: readonly string[] }
	/** For those who follow. */
	| {
			readonly type: "note";
			readonly service: Service;
			/** Of its process then; 0: there was none. */
			readonly pid: number;
			readonly event: string;
			readonly text: string;
	  }
	| { readonly type: "main-due" }
	/** The container ends with the code. */
	| { readonly type: "over"; readonly exitCode: number; readonly why: string }
	/** After a stop of all: none is alive. */
	| { readonly type: "all-ended" };
