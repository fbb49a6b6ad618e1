#!/usr/bin/env node
// `baseimage`, the command for the host. Each verb is a file in verbs/.
import process from "node:process";
import { CommanderError } from "commander";
import { ExitCode } from "./exit-codes.ts";
import { Failure, messageOf } from "./failure.ts";
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

// No process.exit(): what was written to a pipe must arrive.
void main().then((code) => {
	process.exitCode = code;
});
