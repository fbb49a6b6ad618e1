// Planned files onto the disk: all of them, or none.
import { existsSync, lstatSync, mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { ExitCode } from "../../exit-codes.ts";
import { errnoOf, Failure, messageOf } from "../../failure.ts";
import { whyNotWritten, writeWhole } from "../../whole-file.ts";
import type { PlannedFile } from "./folders.ts";

/** Throws a Failure where the folder has something in it already, or cannot be written. */
export function assertWritable(folder: string, force: boolean): void {
	const names = ((): string[] => {
		try {
			return readdirSync(folder);
		} catch (thrown) {
			if (errnoOf(thrown) === "ENOENT") return [];
			const what = `reading the folder to write to, ${folder}: ${messageOf(thrown)}`;
			throw new Failure(ExitCode.usage, what, "Name a folder that is empty or not there yet.");
		}
	})();
	if (names.length === 0 || force) return;
	throw new Failure(
		ExitCode.usage,
		`the folder to write to, ${folder}, is not empty (it has ${names.slice(0, 3).join(", ")})`,
		"Name another one, or write into it with --force, which replaces files of the same names.",
	);
}

/**
 * Writes everything without giving way: a signal is heard before or after. What was made is removed when something fails.
 * With files replaced there is no way back for those.
 */
export function writeAll(folder: string, files: readonly PlannedFile[]): void {
	const made: string[] = [];
	let at = resolve(folder);
	const makeFolder = (path: string) => {
		if (existsSync(path)) return;
		makeFolder(dirname(path));
		mkdirSync(path);
		made.push(path);
	};
	try {
		makeFolder(at);
		for (const { path, content } of files) {
			at = join(resolve(folder), path);
			makeFolder(dirname(at));
			refuseLinks(resolve(folder), dirname(at));
			const found = lstatSync(at, { throwIfNoEntry: false });
			if (found?.isDirectory() || (found !== undefined && content.kind === "link")) {
				rmSync(at, { recursive: true });
			}
			if (content.kind === "link") symlinkSync(content.target, at);
			else writeWhole(at, content.bytes, { mode: content.mode });
			if (found === undefined) made.push(at);
		}
	} catch (thrown) {
		for (const path of made.reverse()) rmSync(path, { recursive: true, force: true });
		if (thrown instanceof Failure) throw thrown;
		throw new Failure(
			ExitCode.system,
			`writing ${at}: ${whyNotWritten(thrown)}`,
			made.length === 0 ? "" : "What was written before it is removed again.",
			{ cause: thrown },
		);
	}
}

/** Nothing is written through a link, which could lead anywhere. */
function refuseLinks(root: string, folder: string): void {
	for (let at = folder; at.length > root.length; at = dirname(at)) {
		if (!lstatSync(at).isSymbolicLink()) continue;
		throw new Failure(
			ExitCode.usage,
			`${at} is a link, and would lead out of ${root}`,
			"Write into a folder without one.",
		);
	}
}
