// The one table of options. The parser, the variables, --help and docs/options.md come from it.
import { exitCodeList, rewriteList, signalList, stopSignalList } from "./list_types.ts";
import { type Settings, SIGNAL_SCOPES, STARTUP_FAILURES, WAITS } from "./settings.ts";
import {
	choice,
	duration,
	FLAG,
	filePath,
	flag,
	logLevel,
	nameList,
	type ValueType,
} from "./value_types.ts";

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
		text: "time for a whole stop; what is left is killed then (0: at once)",
	}),
	option("stopOn", signalList, {
		long: "stop-on",
		variable: "INIT_STOP_ON",
		defaultText: "TERM,INT",
		text: "signals that begin a stop; all others are only forwarded",
	}),
	option("stopDelayMs", duration, {
		long: "stop-delay",
		variable: "INIT_STOP_DELAY",
		defaultText: "0",
		text: "how long a stop waits before the main child is told",
	}),
	option("stopSignals", stopSignalList, {
		long: "stop-signals",
		variable: "INIT_STOP_SIGNALS",
		defaultText: "none",
		text: "what the main child is sent at a stop, one by one; KILL at last",
	}),
	option("wait", choice(WAITS), {
		long: "wait",
		variable: "INIT_WAIT",
		defaultText: "term",
		text: "who else is waited for at last: none, all after TERM, or all",
	}),
	option("signalScope", choice(SIGNAL_SCOPES), {
		long: "signal-scope",
		variable: "INIT_SIGNAL_SCOPE",
		defaultText: "child",
		text: "who gets a signal: main child, its group, its session, or all",
	}),
	option("rewrites", rewriteList, {
		long: "rewrite",
		variable: "INIT_REWRITE",
		defaultText: "none",
		text: "signals that are forwarded as others, or not at all",
	}),
	option("exitRemap", exitCodeList, {
		long: "exit-remap",
		variable: "INIT_EXIT_REMAP",
		defaultText: "none",
		text: "exit codes that are reported as others",
	}),
	option("zombieWarnMs", duration, {
		long: "zombie-warn",
		variable: "INIT_ZOMBIE_WARN",
		defaultText: "0",
		text: "name parents that do not wait for a child this long (0: never)",
	}),
	option("terminationLog", filePath, {
		long: "termination-log",
		variable: "INIT_TERMINATION_LOG",
		defaultText: "none",
		text: "a file for one JSON object that says how it ended",
	}),
	option("skipsStartupFiles", flag, {
		long: "skip-startup-files",
		variable: "INIT_SKIP_STARTUP_FILES",
		defaultText: "no",
		text: "do not run /etc/my_init.d/* and /etc/rc.local",
	}),
	option("skipsServices", flag, {
		long: "skip-runit",
		variable: "INIT_SKIP_RUNIT",
		defaultText: "no",
		text: "start no services of /etc/service, run no shutdown hooks",
	}),
	option("onStartupFailure", choice(STARTUP_FAILURES), {
		long: "on-startup-failure",
		variable: "INIT_ON_STARTUP_FAILURE",
		defaultText: "stop",
		text: "after a failed start-up script: stop or continue",
	}),
	option("startupTimeoutMs", duration, {
		long: "startup-timeout",
		variable: "INIT_STARTUP_TIMEOUT",
		defaultText: "0",
		text: "time for each start-up script; then it is killed (0: no limit)",
	}),
	option("fileVariables", nameList, {
		long: "file-vars",
		variable: "INIT_FILE_VARS",
		defaultText: "none",
		text: "variables that get the content of the file that NAME_FILE names",
	}),
	option("secretVariables", nameList, {
		long: "env-secret",
		variable: "INIT_ENV_SECRET",
		defaultText: "none",
		text: "variables that no dump has, such as *_PASSWORD,*_TOKEN",
	}),
	option("enablesInsecureKey", flag, {
		long: "enable-insecure-key",
		variable: "INIT_ENABLE_INSECURE_KEY",
		defaultText: "no",
		text: "make a key pair for sshd, and say where it lies",
	}),
	option("logLevel", logLevel, {
		long: "log-level",
		variable: "INIT_LOG_LEVEL",
		defaultText: "warning",
		text: "what is said: error, warning, notice, info or debug",
	}),
	{
		...{ long: "no-kill-all-on-exit", variable: "INIT_NO_KILL_ALL_ON_EXIT" },
		...{ type: FLAG, expected: flag.expected, defaultText: "no", text: "the same as --wait none" },
		set: (settings, text) =>
			setWhere(flag.parse(text), () => {
				settings.wait = "none";
			}),
	},
	{
		...{ long: "quiet", variable: "INIT_QUIET" },
		...{
			type: FLAG,
			expected: flag.expected,
			defaultText: "no",
			text: "the same as --log-level warning",
		},
		set: (settings, text) =>
			setWhere(flag.parse(text), () => {
				settings.logLevel = "warning";
			}),
	},
];

/** Does it for a yes; false when the text was neither yes nor no. */
function setWhere(isWanted: boolean | undefined, set: () => void): boolean {
	if (isWanted === true) set();
	return isWanted !== undefined;
}

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
