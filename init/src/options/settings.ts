// What the operator can set, and a name by options of its own, as plain values; and what holds when nothing is set.
import { SIGINT, SIGTERM } from "../kernel/signals.ts";
import type { LogLevel } from "../log/log.ts";
import { madeInAdvance } from "../made_in_advance.ts";

/** For what the init waits before it ends. */
export const WAITS = ["none", "term", "all"] as const;
/**
 * none   for the main child alone: what is left ends with PID 1
 * term   for everybody, who are asked to end once the main child has ended or a stop was asked for
 * all    for everybody, without limit and without asking; a stop that is asked for is that of `term`
 */
export type Wait = (typeof WAITS)[number];

/** Whom a signal is forwarded to. */
export const SIGNAL_SCOPES = ["child", "group", "session", "all"] as const;
/** The main child; its process group; everybody in its session; everybody. */
export type SignalScope = (typeof SIGNAL_SCOPES)[number];
/** In words, for messages. */
export const RECEIVERS: Readonly<Record<SignalScope, string>> = {
	child: "the main child",
	group: "the main child's process group",
	session: "the main child's session",
	all: "all processes",
};

/** What follows when a start-up script fails: the container stops, or goes on. */
export const STARTUP_FAILURES = ["stop", "continue"] as const;
export type StartupFailure = (typeof STARTUP_FAILURES)[number];

/** What comes in place of a number: of a signal (0: nothing), or of an exit code. */
export interface Replacement {
	readonly from: number;
	readonly to: number;
}

/** A signal for the main child, and how long it has before the next one. */
export interface StopSignal {
	readonly signal: number;
	readonly waitMs: number;
}

export interface Settings {
	/** The budget of a whole stop, in milliseconds; 0 kills at once, Infinity: there is none. */
	stopTimeoutMs: number;
	/** The signals that begin a stop. */
	stopOn: readonly number[];
	/** How long a stop waits before the main child is told, in milliseconds, within the budget. */
	stopDelayMs: number;
	/** The ladder of a stop, KILL at its end; empty: the signal that asked for it. */
	stopSignals: readonly StopSignal[];
	wait: Wait;
	signalScope: SignalScope;
	/** Signals that are forwarded as others. */
	rewrites: readonly Replacement[];
	/** Exit codes that become others. */
	exitRemap: readonly Replacement[];
	/** After how long a zombie is held against its living parent, in milliseconds; 0: never. */
	zombieWarnMs: number;
	/** Where the last words are written; empty: nowhere. */
	terminationLog: string;
	/** How much is said on stderr; undefined: warnings, and notices too where there are start-up files, services or hooks. */
	logLevel: LogLevel | undefined;
	/** Whether each orphan that is reaped is named in a warning. */
	namesOrphans: boolean;
	/** Whether start-up scripts are left alone; services, and the hooks around them. */
	skipsStartupFiles: boolean;
	skipsServices: boolean;
	/** Whether the program that makes a key pair for sshd is run before the start-up scripts. */
	enablesInsecureKey: boolean;
	/** What follows when a start-up script fails. */
	onStartupFailure: StartupFailure;
	/** How long each start-up script may take, in milliseconds; 0: as long as it does. */
	startupTimeoutMs: number;
	/** Which part of the stop budget is the main child's; 0: two thirds. */
	mainShare: number;
	/** Variables whose value may lie in the file that NAME_FILE names. */
	fileVariables: readonly string[];
	/** Patterns of names whose values are written nowhere. */
	secretVariables: readonly string[];
	/** What the main child's group is sent when the main child has ended and nobody is waited for; 0: nothing. */
	partingSignal: number;
}

/** Below Docker's 10 s, so that the init and not the engine has the last word. */
const STOP_TIMEOUT_MS = 9_000;
const STOP_ON = [SIGTERM, SIGINT];

/** Those of my_init. */
export function defaultSettings(): Settings {
	return {
		...forwardingSettings(),
		stopTimeoutMs: STOP_TIMEOUT_MS,
		stopOn: STOP_ON,
		wait: "term",
	};
}

/** Those of an init that only forwards, and ends with the main child. */
export function forwardingSettings(): Settings {
	return {
		stopTimeoutMs: Number.POSITIVE_INFINITY,
		stopOn: [],
		stopDelayMs: 0,
		stopSignals: [],
		wait: "none",
		signalScope: "child",
		rewrites: [],
		exitRemap: [],
		zombieWarnMs: 0,
		terminationLog: "",
		logLevel: undefined,
		namesOrphans: false,
		skipsStartupFiles: false,
		skipsServices: false,
		enablesInsecureKey: false,
		onStartupFailure: "stop",
		startupTimeoutMs: 0,
		mainShare: 0,
		fileVariables: [],
		secretVariables: [],
		partingSignal: 0,
	};
}

/** The defaults of my_init, to be changed by what the operator sets. */
export const newSettings = madeInAdvance(defaultSettings);

/** Those of an init that only forwards, to be changed. */
export const newForwardingSettings = madeInAdvance(forwardingSettings);

/** An init that only forwards knows no stop; whoever wants it to wait, to delay or to escalate wants one. */
export function completeSettings(settings: Settings): void {
	const hasStop =
		settings.wait !== "none" ||
		settings.stopDelayMs > 0 ||
		settings.stopSignals.length > 0 ||
		settings.stopTimeoutMs !== Number.POSITIVE_INFINITY ||
		settings.stopOn.length > 0;
	if (!hasStop) return;
	if (settings.stopOn.length === 0) settings.stopOn = STOP_ON;
	if (settings.stopTimeoutMs === Number.POSITIVE_INFINITY) settings.stopTimeoutMs = STOP_TIMEOUT_MS;
}

/** Those for other numbers. */
export function without(replacements: readonly Replacement[], number: number): Replacement[] {
	return replacements.filter(({ from }) => from !== number);
}

/** What the number becomes; itself where nothing says otherwise. */
export function replaced(replacements: readonly Replacement[], number: number): number {
	for (let i = 0; i < replacements.length; i++) {
		const replacement = replacements[i];
		if (replacement?.from === number) return replacement.to;
	}
	return number;
}
