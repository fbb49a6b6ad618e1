/**
 * What `baseimage` ends with. Scripts and CI depend on these numbers: they are printed by
 * `baseimage --help` and never change their meaning.
 */
export const ExitCode = {
	/** The verb did its work, and what it examined is in order. */
	ok: 0,
	/** The verb did its work, and what it examined is at fault. */
	fault: 1,
	/** The command line is wrong. */
	usage: 2,
	/** No container engine can be reached, or it refuses us. */
	engine: 3,
	/** The engine has no such image or container. */
	notFound: 4,
	/** Anything else went wrong: a time limit, a full disk, a bug. */
	system: 111,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

const MEANINGS: Readonly<Record<ExitCode, string>> = {
	[ExitCode.ok]: "done, and all is in order",
	[ExitCode.fault]: "done, and what was examined is at fault",
	[ExitCode.usage]: "wrong command line",
	[ExitCode.engine]: "no container engine can be reached, or it refuses",
	[ExitCode.notFound]: "no such image or container",
	[ExitCode.system]: "something else went wrong",
};

/** The section "Exit codes" of `--help`. */
export function exitCodesHelp(): string {
	const lines = Object.entries(MEANINGS).map(([code, text]) => `  ${code.padEnd(7)} ${text}`);
	return ["Exit codes:", ...lines, "  128+N   interrupted by signal N (130: Ctrl-C)"].join("\n");
}
