import type { Command } from "commander";
import type { ExitCode } from "../exit-codes.ts";

/** How a verb tells what the process is to end with. */
export type Conclude = (code: ExitCode) => void;

/**
 * Makes the command of one verb: its options, its help and its action. What the action needs is
 * imported when it runs, so that `--version` and `--help` load no engine client.
 */
export type Verb = (conclude: Conclude) => Command;
