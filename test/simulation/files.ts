// The few files that the init looks at beside /proc: programs, by path.
import type { Actor } from "./actor.ts";

export interface SimulatedFile {
	readonly kind: "file" | "directory" | "socket";
	readonly isExecutable: boolean;
	/** Paths with the same number lead to the same file. */
	readonly inode: number;
	/** Its first bytes. */
	readonly bytes: string;
	/** What it does when it is executed. */
	readonly actor: Actor;
	/** What execve answers: 0, or −errno. */
	readonly execResult: number;
	/** When it was written last, in seconds; the machine's own clock says nothing of it. */
	readonly modifiedS: number;
}

/** When a file was written that the test does not say more of. */
const SOME_TIME_S = 1_700_000_000;

const ELF = "\x7fELF";
let lastInode = 100;

export function program(actor: Actor): SimulatedFile {
	const inode = ++lastInode;
	return {
		...{ kind: "file", isExecutable: true, inode, bytes: ELF, actor, execResult: 0 },
		modifiedS: SOME_TIME_S,
	};
}

/** A program that execve refuses. */
export function unstartable(execResult: number, bytes = ELF): SimulatedFile {
	return { ...program([]), execResult, bytes };
}

export function plainFile(bytes = "text"): SimulatedFile {
	return { ...program([]), isExecutable: false, bytes };
}

/** A socket that nobody listens to any more. */
export function oldSocket(): SimulatedFile {
	return { ...plainFile(""), kind: "socket" };
}

export function directory(): SimulatedFile {
	return { ...program([]), kind: "directory" };
}
