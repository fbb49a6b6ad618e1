// How tests mark what they make in the engine.

/** Carried by every container of the tests; its value names the run. */
export const RUN_LABEL = "baseimage-ts.test.run";

/** Carried by every image that was made for tests. */
export const IMAGE_LABEL = "baseimage-ts.test";

/** The value of the label for a run of this process. */
export function nameOfRun(): string {
	return String(process.pid);
}

/** Whether the process that made it is still there; on another machine it cannot be seen, and counts as gone. */
export function isRunning(run: string): boolean {
	try {
		process.kill(Number(run), 0);
		return true;
	} catch (error) {
		return error instanceof Error && "code" in error && error.code === "EPERM";
	}
}
