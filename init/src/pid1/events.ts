// What can happen to PID 1, and what it can do about it.

export type Event =
	| { readonly type: "signal"; readonly signal: number }
	/** `isLast`: nobody else is left either. */
	| { readonly type: "main-ended"; readonly status: number; readonly isLast: boolean }
	| { readonly type: "main-stopped"; readonly signal: number }
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
	/** Kill the main child, naming it: no signal of the ladder has ended it. */
	| { readonly type: "kill-main" }
	/** Kill what is left, naming it. */
	| { readonly type: "kill"; readonly why: string }
	/** Kill what has appeared since. */
	| { readonly type: "kill-again" }
	/** Say that something could not be ended. */
	| { readonly type: "give-up" };
