// How long programs allow themselves for a stop, where they have been told, or where their own default is long.
import type { Link } from "../command/chain.ts";
import type { StartConfig } from "../command/config.ts";
import { knownProgram } from "../command/programs.ts";

export interface AppTimeout {
	who: string;
	seconds: number;
	/** Nobody has set it. */
	isDefault: boolean;
	/** What sets it. */
	option: string;
}

/** Variables of inits, with the unit of a bare number in seconds. */
const VARIABLES: readonly (readonly [name: string, who: string, unitS: number])[] = [
	["INIT_STOP_TIMEOUT", "the init", 1],
	["KILL_PROCESS_TIMEOUT", "phusion's init", 1],
	["KILL_ALL_PROCESSES_TIMEOUT", "phusion's init", 1],
	["S6_KILL_GRACETIME", "s6", 0.001],
	["S6_SERVICES_GRACETIME", "s6", 0.001],
	["GUNICORN_GRACEFUL_TIMEOUT", "gunicorn", 1],
];

/** Every one that the configuration or the command line tells of. */
export function appStopTimeouts(
	{ env }: StartConfig,
	argv: readonly string[],
	chain: readonly Link[],
): AppTimeout[] {
	const found: AppTimeout[] = [];
	for (const [name, who, unitS] of VARIABLES) {
		const seconds = env[name] === undefined ? undefined : duration(env[name], unitS);
		if (seconds !== undefined) found.push({ who, seconds, isDefault: false, option: name });
	}
	const init = optionValue(argv, "--stop-timeout");
	const initS = init === undefined ? undefined : duration(init, 1);
	if (initS !== undefined) {
		found.push({ who: "the init", seconds: initS, isDefault: false, option: "--stop-timeout" });
	}
	const last = chain.at(-1);
	const program = last?.kind === "program" ? knownProgram(last.word) : undefined;
	if (last !== undefined && program?.stopTakesS !== undefined) {
		const option = program.stopOption ?? "timeout";
		const said = optionValue(argv, option);
		const seconds =
			said === undefined ? program.stopTakesS : (duration(said, 1) ?? program.stopTakesS);
		found.push({ who: last.word, seconds, isDefault: said === undefined, option });
	}
	return found;
}

function optionValue(argv: readonly string[], option: string): string | undefined {
	const index = argv.findIndex((word) => word === option || word.startsWith(`${option}=`));
	if (index < 0) return undefined;
	const word = argv[index] ?? "";
	return word === option ? argv[index + 1] : word.slice(option.length + 1);
}

const UNITS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600 };

/** Seconds of `9s`, `1m30s`, `500ms` or a bare number of the unit; undefined: it is no time. */
export function duration(text: string, bareUnitS: number): number | undefined {
	if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * bareUnitS;
	if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) return undefined;
	return [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)].reduce(
		(sum, [, value, unit = ""]) => sum + Number(value) * (UNITS[unit] ?? 1),
		0,
	);
}
