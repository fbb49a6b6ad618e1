/** What is compared: programs that start a command, wait for it and end with its exit code. */

/** Ours; another init; or the floor, which only starts and waits and is the bound of what can be reached. */
export type Role = "ours" | "peer" | "floor";

/** As PID 1 of a fresh PID namespace, or as a child subreaper in the namespace of the machine. */
export type Place = "pid1" | "subreaper";

/** The init that every ratio refers to. */
export const REFERENCE = "tini";

export interface Init {
	/** The name of its column. */
	readonly name: string;
	readonly role: Role;
	readonly version: string;
	/** Absolute path of the program. */
	readonly file: string;
	readonly linkage: "static" | "dynamic";
	/** Its words before the command, for each place that it can take. */
	readonly words: Readonly<Partial<Record<Place, readonly string[]>>>;
	/** Whether it reaps adopted orphans at all. */
	readonly reaps: boolean;
}

/** The whole command line that makes the init start `command`; undefined where it cannot take that place. */
export function commandLine(
	init: Init,
	place: Place,
	command: readonly string[],
): readonly string[] | undefined {
	const words = init.words[place];
	return words && [init.file, ...words, ...command];
}

/** The same as PID 1, a place that every init can take. */
export function asPid1(init: Init, command: readonly string[]): readonly string[] {
	return [init.file, ...(init.words.pid1 ?? []), ...command];
}
