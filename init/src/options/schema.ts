// The one table of options. The parser, the variables, --help and docs/options.md come from it.
import type { Settings } from "./settings.ts";
import { duration, logLevel, signalList, type ValueType } from "./value_types.ts";

/** All variables of ours begin so. */
export const VARIABLE_PREFIX = "INIT_";

/** One thing that can be set, by a long option or by a variable; the option wins. */
export interface Option {
	/** Without the two dashes. */
	readonly long: string;
	readonly variable: `${typeof VARIABLE_PREFIX}${string}`;
	/** The kind of its value, for tables. */
	readonly type: string;
	/** Completes "expected …" when a value is refused. */
	readonly expected: string;
	/** The default as one would write it. */
	readonly defaultText: string;
	/** One line that says what it does. */
	readonly text: string;
	/** Puts the value into the settings; false when the text is no such value. */
	set(settings: Settings, text: string): boolean;
}

export const OPTIONS: readonly Option[] = [
	option("stopTimeoutMs", duration, {
		long: "stop-timeout",
		variable: "INIT_STOP_TIMEOUT",
		defaultText: "9s",
		text: "the time for a whole stop; what is left then is killed (0: at once)",
	}),
	option("stopOn", signalList, {
		long: "stop-on",
		variable: "INIT_STOP_ON",
		defaultText: "TERM,INT",
		text: "the signals that begin a stop; all others are only forwarded",
	}),
	option("logLevel", logLevel, {
		long: "log-level",
		variable: "INIT_LOG_LEVEL",
		defaultText: "warning",
		text: "what is said on stderr: error, warning, info or debug",
	}),
];

function option<Key extends keyof Settings>(
	key: Key,
	type: ValueType<Settings[Key]>,
	row: Pick<Option, "long" | "variable" | "defaultText" | "text">,
): Option {
	return {
		...row,
		type: type.name,
		expected: type.expected,
		set(settings, text) {
			const value = type.parse(text);
			if (value === undefined) return false;
			settings[key] = value;
			return true;
		},
	};
}
