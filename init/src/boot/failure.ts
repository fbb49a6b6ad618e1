// What keeps the main command from being started.

/** Why the main command could not be started, and the exit code that says so. */
export interface Failure {
	readonly exitCode: number;
	readonly text: string;
}
