// The supervision of services as PID 1's loop sees it. What does it is a script of its own (scripts/services.ts), which is
// loaded only where there are services.
import type { Failure } from "../boot/failure.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Log } from "../log/log.ts";
import type { Settings } from "../options/settings.ts";

/** What PID 1 must know of what has come of something. */
export type ServicesEvent =
	/** All that the main command depends on is there. Its name, where its definition says what is executed, else empty. */
	| { readonly type: "main-due"; readonly name: string }
	/** A critical service has failed for good, or nothing is left to run: the container ends with the code. */
	| { readonly type: "services-over"; readonly exitCode: number; readonly why: string }
	/** After `stop`: none runs any more. The exit code of one that ran in the main command's place until then. */
	| { readonly type: "services-ended"; readonly mainCode: number | undefined };

export interface ServiceManager {
	/**
	 * Starts the main command as its definition says, in the terminal's foreground (−1: there is none); its pid, or why not. undefined:
	 * there is no definition, and it is started as ever.
	 */
	startMain(terminal: number): number | Failure | undefined;
	/** Begins: starts what can be started. `isLate`: while the main command runs, when definitions are not read any more. */
	begin(nowMs: number, isLate: boolean): void;
	/** Takes note of a child that was reaped, with its wait status; what follows from it comes with the next `step`. */
	reaped(pid: number, status: number): void;
	/** What wakes the loop when it is readable. */
	descriptors(): readonly number[];
	readable(descriptors: readonly number[], nowMs: number): void;
	/** Does what follows from what has happened, and what is due. The main child (0: none) is no service's. */
	step(nowMs: number, mainPid: number): void;
	/** When it wants to be woken; Infinity: never. */
	deadlineMs(nowMs: number): number;
	/** The main command has ended: none is started any more. */
	hold(): void;
	/** Asks all to end, in the reverse order of their dependencies, until then. */
	stop(endMs: number, nowMs: number): void;
	/** Kills what is left of them, naming it. */
	kill(nowMs: number): void;
	/** Starts nothing any more, and closes all descriptors: who ends what is left needs them. */
	release(): void;
	/** What has happened since it was asked last. */
	take(): readonly ServicesEvent[];
}

/** Makes it. `command`: the words of the main command, whose end ends the container; empty: there is none. */
export type StartServices = (
	kernel: Kernel,
	log: Log,
	settings: Settings,
	command: readonly string[],
) => ServiceManager;
