// The init's binary as a file of this machine: written whole, read back, and compared.
import { createHash } from "node:crypto";
import { existsSync, lstatSync, readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { ExitCode } from "../exit-codes.ts";
import { errnoOf, Failure } from "../failure.ts";
import { whyNotWritten, writeWhole } from "../whole-file.ts";

const EXECUTABLE = 0o755;

export function sha256(content: Buffer): string {
	return createHash("sha256").update(content).digest("hex");
}

/**
 * Writes a binary with mode 0755, so that its path has it whole or not at all. Nothing gives way meanwhile: a signal is heard
 * before or after. Throws a Failure where the path cannot be written, or is taken and not to be replaced.
 */
export function writeBinary(path: string, binary: Buffer, force: boolean): void {
	try {
		const found = lstatSync(path, { throwIfNoEntry: false });
		if (found?.isDirectory()) {
			const remedy = "Name a file, or a folder in which there is no such folder.";
			throw new Failure(ExitCode.usage, `${path} is a folder`, remedy);
		}
		if (found !== undefined && !force) {
			throw new Failure(ExitCode.usage, `${path} exists`, "Replace it with --force.");
		}
		const sum = sha256(binary);
		writeWhole(path, binary, { mode: EXECUTABLE, check: (file) => compare(path, file, sum) });
	} catch (thrown) {
		throw thrown instanceof Failure ? thrown : failureOf(path, thrown);
	}
}

function compare(path: string, file: string, sum: string): void {
	const written = sha256(readFileSync(file));
	if (written === sum) return;
	throw new Failure(
		ExitCode.system,
		`${path}: what was written has the sha256 ${written}, and should have ${sum}`,
		"The disk or the memory of this machine is at fault: write it elsewhere.",
	);
}

function failureOf(path: string, thrown: unknown): Failure {
	const folder = dirname(path);
	const errno = errnoOf(thrown);
	if ((errno === "ENOENT" || errno === "ENOTDIR") && !isFolder(folder)) {
		const what = existsSync(folder) ? `${folder} is no folder` : `there is no folder ${folder}`;
		return new Failure(ExitCode.usage, `writing ${path}: ${what}`, `Make it: mkdir -p ${folder}`);
	}
	return new Failure(
		ExitCode.system,
		`writing ${path}: ${whyNotWritten(thrown)}`,
		"Name a path that this user may write to, or write to stdout with `-o -`.",
		{ cause: thrown },
	);
}

/** Whether a path means a folder for what is written: it is one, or says so at its end. */
export function meansFolder(path: string): boolean {
	return path.endsWith("/") || isFolder(path);
}

function isFolder(path: string): boolean {
	try {
		return statSync(path).isDirectory();
	} catch {
		return false; // Whoever writes to it hears why.
	}
}
