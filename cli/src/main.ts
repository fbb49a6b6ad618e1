#!/usr/bin/env node
// `baseimage`, the command for the host. Each verb is a file in verbs/.
import process from "node:process";
import { CommanderError } from "commander";
import { ExitCode } from "./exit-codes.ts";
import { errnoOf, Failure, messageOf } from "./failure.ts";
import { Interrupted } from "./interruption.ts";
import { createProgram } from "./program.ts";

async function main(): Promise<number> {
	let code: ExitCode = ExitCode.ok;
	try {
		await createProgram((concluded) => {
			code = concluded;
		}).parseAsync();
		return code;
	} catch (thrown) {
		return complain(thrown);
	}
}

/** Tells on stderr what went wrong and what to do; gives the exit code for it. */
function complain(thrown: unknown): number {
	// Commander has already written its message; its own code is 0 for --help and --version.
	if (thrown instanceof CommanderError) {
		return thrown.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
	}
	process.stderr.write(`baseimage: error: ${messageOf(thrown)}\n`);
	if (thrown instanceof Interrupted) return thrown.exitCode;
	if (!(thrown instanceof Failure)) return ExitCode.system;
	if (thrown.remedy !== "") process.stderr.write(`${thrown.remedy}\n`);
	return thrown.exitCode;
}

/** Whoever reads only the beginning, as head(1) does, is content; what can't be written is a failure of its own. */
function onWriteError(thrown: Error): void {
	if (errnoOf(thrown) === "EPIPE") return;
	process.stderr.write(`baseimage: error: writing the result: ${messageOf(thrown)}\n`);
	unwritten = true;
}

let unwritten = false;
process.stdout.on("error", onWriteError);
// There is nobody left who could be told.
process.stderr.on("error", () => undefined);

// No process.exit(): what was written to a pipe must arrive.
void main().then((code) => {
	process.exitCode = code;
});
process.once("exit", () => {
	if (unwritten) process.exitCode = ExitCode.system;
});
