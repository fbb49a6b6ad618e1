// What can happen to PID 1, and what it can do about it.
import type { LogLevel } from "../log/log.ts";
import type { ServicesEvent } from "./service_manager.ts";
import type { Found, Stages } from "./stages.ts";

export type Event =
	| { readonly type: "signal"; readonly signal: number }
	/** `isLast`: nobody else is left either. */
	| { readonly type: "main-ended"; readonly status: number; readonly isLast: boolean }
	| { readonly type: "main-stopped"; readonly signal: number }
	/** A script, a hook or the main command that was to be started runs; 0: there is none. */
	| { readonly type: "started"; readonly pid: number }
	/** It could not be started; the exit code says why. */
	| { readonly type: "not-started"; readonly exitCode: number }
	/** What there is beside the main command, now that all scripts have run. */
	| { readonly type: "found"; readonly found: Found }
	/** Something has come into the folder of services. The stages that are the state's from then on. */
	| { readonly type: "service-came"; readonly stages: Stages | undefined }
	| ServicesEvent
	/** The time that nextDeadlineMs named has come. */
	| { readonly type: "deadline" }
	/** No process is left but ourselves. */
	| { readonly type: "tree-empty" };

export type Action =
	/** Send the signal to the main child, or to whom else the settings say. */
	| { readonly type: "forward"; readonly signal: number }
	/** Stop ourselves, as the main child was stopped. */
	| { readonly type: "stop-self" }
	/** The main child is gone and nobody is waited for: send its group a last signal. */
	| { readonly type: "part"; readonly signal: number }
	/** Hang up on a main child that is an interactive shell. */
	| { readonly type: "hang-up-shell" }
	/** Put the main child's group in the terminal's foreground again and let it go on. */
	| { readonly type: "resume-main" }
	/** Stop our job as the main child was stopped, so that the shell before us sees it; then resume it. */
	| { readonly type: "follow-stop" }
	/** The main child is gone: the terminal's signals (Ctrl-C) come to us. */
	| { readonly type: "take-terminal" }
	/** Ask every process but the main child to end. */
	| { readonly type: "sweep" }
	/** Kill the main child, naming it: its share of the budget is over, or no signal of the ladder has ended it. */
	| { readonly type: "kill-main"; readonly isLate: boolean }
	| { readonly type: "say"; readonly level: LogLevel; readonly text: string }
	/** Start a start-up script, and a hook, in the main child's place. */
	| { readonly type: "run-script"; readonly path: string }
	| { readonly type: "run-hook"; readonly path: string }
	/** Read what a start-up script has changed. */
	| { readonly type: "reload-environment" }
	/** What there is beside the main command may have changed. */
	| { readonly type: "look-again" }
	/** Start the main command, if there is one. */
	| { readonly type: "start-main" }
	| { readonly type: "start-services" }
	/** None of them is started any more. */
	| { readonly type: "hold-services" }
	/** Ask all of them to end, until then. */
	| { readonly type: "stop-services"; readonly endMs: number }
	| { readonly type: "kill-services" }
	/** Kill the group of the script or hook that runs. */
	| { readonly type: "kill-group" }
	/** Kill what is left, naming it. */
	| { readonly type: "kill"; readonly why: string }
	/** Kill what has appeared since. */
	| { readonly type: "kill-again" }
	/** Say that something could not be ended. */
	| { readonly type: "give-up" };
