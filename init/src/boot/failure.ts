// What keeps the main command from being started.

/** Why the main command could not be started, and the exit code that says so. */
export interface Failure {
	readonly exitCode: number;
	/** It is not there, or not executable: not another reason such as a loop of links. */
	readonly isUsual: boolean;
	readonly text: string;
}
