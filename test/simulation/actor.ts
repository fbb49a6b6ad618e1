// Small programs as plain values. The simulated machine plays them (program.ts); test/scenarios/ has them
// played by real processes as well.

/** Steps one after the other; after the last one the process exits with 0. */
export type Actor = readonly Step[];

export type Step =
	/** Handled signals are taken while a program rests: in "sleep" and "wait". */
	| { readonly do: "sleep"; readonly ms: number }
	/** Waits for every child to end. */
	| { readonly do: "wait" }
	| { readonly do: "exit"; readonly code: number }
	/** Signals itself: dies of it, or stops. */
	| { readonly do: "raise"; readonly signal: number }
	| { readonly do: "fork"; readonly child: Actor }
	| { readonly do: "new-session" }
	| { readonly do: "new-group" }
	| { readonly do: "ignore"; readonly signal: number }
	| { readonly do: "on"; readonly signal: number; readonly steps: Actor }
	/** Becomes another program: handlers are lost, what is ignored stays so. */
	| { readonly do: "exec"; readonly name: string; readonly steps: Actor }
	/** Becomes a process of another user. */
	| { readonly do: "change-user" }
	/** Leaves a line for the observer. */
	| { readonly do: "say"; readonly text: string }
	/** Writes a file. Simulated only. */
	| { readonly do: "write"; readonly path: string; readonly bytes: string }
	/** Puts a program there. Simulated only. */
	| { readonly do: "install"; readonly path: string; readonly actor: Actor }
	/** Waits in the kernel, as for a dead disk: not even SIGKILL ends it meanwhile. Simulated only. */
	| { readonly do: "hang"; readonly ms: number };

export const FOREVER_MS = 1e9;

export const sleep = (ms: number): Step => ({ do: "sleep", ms });
export const sleepForever: Step = sleep(FOREVER_MS);
export const wait: Step = { do: "wait" };
export const exit = (code: number): Step => ({ do: "exit", code });
export const raise = (signal: number): Step => ({ do: "raise", signal });
export const fork = (...child: Actor): Step => ({ do: "fork", child });
export const newSession: Step = { do: "new-session" };
export const newGroup: Step = { do: "new-group" };
export const ignore = (signal: number): Step => ({ do: "ignore", signal });
export const on = (signal: number, ...steps: Actor): Step => ({ do: "on", signal, steps });
export const exec = (name: string, ...steps: Actor): Step => ({ do: "exec", name, steps });
export const changeUser: Step = { do: "change-user" };
export const say = (text: string): Step => ({ do: "say", text });
export const write = (path: string, bytes: string): Step => ({ do: "write", path, bytes });
export const install = (path: string, ...actor: Actor): Step => ({ do: "install", path, actor });
export const hang = (ms: number): Step => ({ do: "hang", ms });

/** A daemon by the book: fork, new session, fork again, both parents gone. */
export const daemonize = (...daemon: Actor): Step => fork(newSession, fork(...daemon), exit(0));

/** A number of children that do the same. */
export const forkMany = (count: number, ...child: Actor): Actor =>
	Array.from({ length: count }, () => fork(...child));
