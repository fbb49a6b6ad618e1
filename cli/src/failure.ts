import type { ExitCode } from "./exit-codes.ts";

/**
 * An end that the user can understand and mend. The message says what was being done and what
 * was seen; the remedy, in one or more lines, what to do.
 */
export class Failure extends Error {
	override readonly name = "Failure";
	readonly exitCode: ExitCode;
	readonly remedy: string;

	constructor(exitCode: ExitCode, message: string, remedy = "", options?: ErrorOptions) {
		super(message, options);
		this.exitCode = exitCode;
		this.remedy = remedy;
	}
}

/** The message of anything that was thrown; an engine's answer in its own words. */
export function messageOf(thrown: unknown): string {
	const message = thrown instanceof Error ? thrown.message : String(thrown);
	return message.replace(/^\(HTTP code \d+\) [\w ]+ - /, "").trimEnd();
}

/** The errno name (`"ENOENT"`) of a system error, or `""`. */
export function errnoOf(thrown: unknown): string {
	if (!(thrown instanceof Error) || !("code" in thrown)) return "";
	return typeof thrown.code === "string" ? thrown.code : "";
}
