// A file of this machine that is written whole or not at all.
import { randomUUID } from "node:crypto";
import { chmodSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { errnoOf, messageOf } from "./failure.ts";

interface How {
	mode?: number;
	/** Looks at what was written before the path leads to it. */
	check?: (unfinished: string) => void;
}

/**
 * Writes beside the path, and renames: what was there stays whole until then, and a program that runs can be replaced.
 * Throws what the system throws; nothing is left of it then.
 */
export function writeWhole(
	path: string,
	content: string | Buffer,
	{ mode, check }: How = {},
): void {
	const unfinished = join(dirname(path), `.${basename(path)}.${randomUUID()}`);
	try {
		writeFileSync(unfinished, content, { flag: "wx", flush: true });
		if (mode !== undefined) chmodSync(unfinished, mode);
		check?.(unfinished);
		renameSync(unfinished, path);
	} catch (thrown) {
		rmSync(unfinished, { force: true });
		throw thrown;
	}
}

const IN_WORDS: Readonly<Record<string, string>> = {
	EACCES: "no permission",
	EPERM: "no permission",
	EROFS: "the file system is read-only",
	ENOSPC: "the disk is full",
	EDQUOT: "the user's share of the disk is full",
};

/** Why a file could not be written. */
export function whyNotWritten(thrown: unknown): string {
	return IN_WORDS[errnoOf(thrown)] ?? messageOf(thrown);
}
