// Options of the command line and variables of the environment, read by the one table.
import type { Kernel } from "../kernel/kernel.ts";
import { type Log, printableText } from "../log/log.ts";
import { OPTIONS, type Option, VARIABLE_PREFIX } from "./schema.ts";
import type { Settings } from "./settings.ts";
import { FLAG } from "./value_types.ts";

/** No list that is meant is longer; one that is would take memory at each look at it. */
const LONGEST_VALUE = 4_096;

/** What the command line asks for: to run the command whose first argument has that index (0: none is given), or something else. */
export type Request =
	| number
	| { readonly kind: "help" }
	| { readonly kind: "version" }
	| { readonly kind: "usage-error"; readonly text: string };

/** Takes the variables over. A bad one never stops a container: one warning, and the value stays as it was. */
export function readVariables(kernel: Kernel, log: Log, settings: Settings): void {
	// Most containers set none, and each that is asked for takes a microsecond.
	if (!kernel.environmentHas(VARIABLE_PREFIX)) return;
	const complaints: string[] = [];
	for (const option of OPTIONS) {
		const value = kernel.environment(option.variable);
		if (value === undefined || value === "" || take(option, settings, value)) continue;
		complaints.push(
			`${option.variable}="${printableText(value)}" is ignored: expected ${option.expected}`,
		);
	}
	log.setLevel(settings.logLevel);
	for (const complaint of complaints) log.say("warning", complaint);
}

function take(option: Option, settings: Settings, value: string): boolean {
	return value.length <= LONGEST_VALUE && option.set(settings, value);
}

/** Reads the options from the argument at `first` on, up to the command. */
export function readOptions(kernel: Kernel, first: number, settings: Settings): Request {
	let index = first;
	for (;;) {
		const argument = kernel.argument(index);
		if (argument === undefined) return 0;
		if (argument === "--") return index + 1 < kernel.argumentCount() ? index + 1 : 0;
		if (argument === "-" || !argument.startsWith("-")) return index;
		if (argument === "-h" || argument === "--help") return { kind: "help" };
		if (argument === "--version") return { kind: "version" };

		const equals = argument.indexOf("=");
		const name = equals < 0 ? argument : argument.slice(0, equals);
		const option = OPTIONS.find((candidate) => name === `--${candidate.long}`);
		if (option === undefined) return usageError(`unknown option ${printableText(name)}`);
		const isFlag = option.type === FLAG;
		if (isFlag && equals >= 0) return usageError(`--${option.long} takes no value`);
		const next = isFlag ? "yes" : kernel.argument(index + 1);
		const value = equals < 0 ? next : argument.slice(equals + 1);
		if (value === undefined)
			return usageError(`--${option.long} needs a value: expected ${option.expected}`);
		if (!take(option, settings, value)) return badValue(option, value);
		index += equals < 0 && !isFlag ? 2 : 1;
	}
}

function badValue(option: Option, value: string): Request {
	return usageError(
		`--${option.long}: "${printableText(value)}" is not valid: expected ${option.expected}`,
	);
}

function usageError(text: string): Request {
	return { kind: "usage-error", text };
}
