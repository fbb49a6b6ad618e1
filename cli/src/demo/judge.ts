import { constants } from "node:os";
import { RECORDS } from "./application.ts";
import type { FlushedFile, Observation } from "./result.ts";

/** Reads what the server left; undefined: it never wrote. */
export function judgeFile(content: string | undefined): FlushedFile {
	const lines = (content ?? "").split("\n").filter((line) => line !== "");
	const records = lines.filter((line, index) => line === `record ${index + 1}`).length;
	const ended = lines.length === RECORDS + 1 && lines.at(-1) === "end";
	return {
		state: ended && records === RECORDS ? "whole" : "torn",
		records,
		recordsExpected: RECORDS,
	};
}

/** The signal that an exit code tells of (128 + its number), by name; "" when it tells of none. */
export function signalOf(exitCode: number): string {
	const [name = ""] =
		Object.entries(constants.signals).find(([, number]) => number === exitCode - 128) ?? [];
	return name;
}

/** True when the whole container was killed because it did not stop in time. */
export function wasKilled({ exitCode }: Pick<Observation, "exitCode">): boolean {
	return signalOf(exitCode) === "SIGKILL";
}

/** What the base image promises for any application that behaves. */
export function passes(seen: Observation): boolean {
	return seen.zombies === 0 && seen.file.state === "whole" && !wasKilled(seen);
}
