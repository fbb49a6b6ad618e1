// What a service is, in full: what the files of definitions say once they are read, laid over each other, checked and resolved.
// Plain data that is the same after JSON; everything optional has been decided. Strings are bytes, times are milliseconds.

export interface Definition {
	/** What it is called in status and log: the service's name, with "-1", "-2" … where `scale` asks for several. */
	readonly name: string;
	/** The file that defines it, for messages; for runit's the folder. */
	readonly file: string;
	/** How to start it. `words` may be empty for the main command, which the arguments of PID 1 name. */
	readonly launch: Launch;
	/** Services, by name (all instances of a scaled one, each an entry), that come first. */
	readonly dependsOn: readonly Dependency[];
	readonly restart: Restart;
	/** How often in a row it is started again, −1: without limit. From anew after `stableMs` without an end. */
	readonly mostRestarts: number;
	/** Before the second restart in a row (the first follows at once); doubled for each more, up to the next. */
	readonly restartDelayMs: number;
	readonly restartMaxDelayMs: number;
	readonly stableMs: number;
	/** What asks it to end, by number, and how long it has then. */
	readonly stopSignal: number;
	readonly stopGraceMs: number;
	/** Run before it is asked to end, and once it is ready; undefined: nothing. */
	readonly preStop: Program | undefined;
	readonly postStart: Program | undefined;
	/** Whether its final failure ends the container, with its exit code. */
	readonly isCritical: boolean;
	/** Whether it runs in the main command's place: its last end is the container's. */
	readonly isMain: boolean;
	/** How it says that it is ready; undefined: once it is started. */
	readonly ready: Readiness | undefined;
	readonly healthcheck: Healthcheck | undefined;
	/** When it is started: five fields as crontab(5) has them; empty: at boot, and then by `restart`. */
	readonly schedule: string;
	/** Whether a scheduled start comes while the last one still runs. */
	readonly mayOverlap: boolean;
	readonly log: Logging;
	/** What a stop starts it without: runit's file `down`, or `restart` by hand only. */
	readonly isDown: boolean;
	/** runit's folder, whose `finish`, `check` and `control` are run; empty: none. */
	readonly runitFolder: string;
}

/** The conditions of Compose's depends_on. */
export type Condition = "service_started" | "service_healthy" | "service_completed_successfully";

export interface Dependency {
	readonly name: string;
	readonly condition: Condition;
	/** Whether a restart of it that somebody has asked for restarts this one too. */
	readonly restarts: boolean;
	/** Where false: it is not waited for where it has failed or is not there. */
	readonly isRequired: boolean;
}

/** As Compose has them. */
export type Restart = "no" | "always" | "on-failure" | "unless-stopped";

/** What the main command depends on where it does not say: all that is started at boot, runit's services too, unless it has failed. */
export const EVERY_SERVICE: Dependency = {
	name: "*",
	condition: "service_started",
	restarts: false,
	isRequired: false,
};

/** What a process is started with. */
export interface Launch {
	/** The program, looked up in PATH of its environment where it has no slash, and its arguments. */
	readonly words: readonly string[];
	/** undefined: ours. */
	readonly identity: Identity | undefined;
	/** "NAME=value", laid over the container environment. */
	readonly environment: readonly string[];
	/** Empty: ours. */
	readonly directory: string;
	/** −1: ours. */
	readonly umask: number;
	/** setrlimit(2), by number; −1: no limit. */
	readonly limits: readonly Limit[];
	/** undefined: ours. */
	readonly oomScoreAdj: number | undefined;
	readonly nice: number | undefined;
}

export interface Identity {
	readonly user: number;
	readonly group: number;
	/** The supplementary groups. */
	readonly groups: readonly number[];
}

export interface Limit {
	readonly resource: number;
	readonly soft: number;
	readonly hard: number;
}

/** A program that is run with the service's identity, environment and directory. */
export interface Program {
	/** Arguments of our own `initctl` where `isOurs`; otherwise as in Launch. */
	readonly words: readonly string[];
	readonly isOurs: boolean;
}

export type Readiness =
	/** sd_notify(3): READY=1 to the socket in NOTIFY_SOCKET. */
	| { readonly kind: "sd_notify"; readonly timeoutMs: number }
	/** A newline on this descriptor, as s6 has it. */
	| { readonly kind: "fd"; readonly descriptor: number; readonly timeoutMs: number }
	/** A program that ends with 0 once the service is ready: `initctl await` for everything else. */
	| { readonly kind: "program"; readonly program: Program; readonly timeoutMs: number };

export interface Healthcheck {
	/** Healthy where it ends with 0. */
	readonly program: Program;
	readonly intervalMs: number;
	readonly timeoutMs: number;
	/** So many failures in a row make it unhealthy. */
	readonly retries: number;
	/** So long after the start failures do not count, and the checks come every `startIntervalMs`. */
	readonly startPeriodMs: number;
	readonly startIntervalMs: number;
	readonly onUnhealthy: "restart" | "fail" | "none";
}

export interface Logging {
	/** inherit: stdout and stderr of the container; none: nowhere. For the others `initctl log` stands between. */
	readonly format: "inherit" | "prefix" | "json" | "none";
	/** Where lines go instead of the container's stdout; empty: there. */
	readonly file: string;
	/** In bytes; a file that would become larger is kept as FILE.1, the one before as FILE.2 … 0: never. */
	readonly maxSize: number;
	/** How many of these are kept, beside FILE. */
	readonly maxFiles: number;
}
