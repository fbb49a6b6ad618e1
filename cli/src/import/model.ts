// What every parser makes and every writer takes: plain values, bound to no supervisor.

/** A place in the source, as its own file system names it. */
export interface Place {
	file: string;
	/** From 1; undefined: the file as a whole. */
	line?: number;
}

/** Something that the source asked for and the init does not do. */
export interface Loss {
	place: Place;
	/** As the source has it, or a few words: `startretries=10`, `finish`. */
	what: string;
	/** Why, and what happens instead. One sentence without a full stop. */
	why: string;
}

/** Something in the source that is wrong by its own rules. */
export interface Problem {
	place: Place;
	what: string;
	remedy: string;
}

/** A part of a word: its own text, or a variable of the environment that is put in when it starts. */
export type Part = string | Variable;

export interface Variable {
	variable: string;
	/** Its value becomes several words where it has spaces, and none where it is empty. */
	splits: boolean;
}

/** An argument, a path or a value. */
export type Word = readonly Part[];

/** What is started. */
export type Program =
	/** A command; what else is to be done for it (user, folder …) stands in the fields of the service. */
	| { kind: "command"; words: readonly Word[] }
	/** A file that is started as it is. The service's fields only tell what is known to stand in it. */
	| { kind: "file"; content: Buffer; notes: readonly string[] };

/** When it is started again after its end. */
export type RestartPolicy =
	| { kind: "always" }
	| { kind: "never" }
	/** Except after an exit code of these; so often in a row, where somebody has said it. */
	| { kind: "unless-expected"; exitCodes: readonly number[]; mostRestarts?: number };

/** Where a stream goes; `container` is the container's own log. */
export type LogTarget =
	| { kind: "container" }
	| { kind: "nowhere" }
	| { kind: "file"; path: Word }
	/** Where stdout goes. */
	| { kind: "stdout" };

/** Files of a certain size, and so many of them; 0 bytes: one file without limit. */
export interface Rotation {
	maxBytes: number;
	oldFiles: number;
}

/** How a service tells that it is ready. */
export interface ImportedReadiness {
	/** It writes a line on this descriptor. */
	notificationFd: number;
	/** In place of that this program ends with 0: an absolute path. */
	check?: string;
	/** Until then it must be; undefined: the source says nothing. */
	timeoutMs?: number;
}

/** When it runs: once before the services, beside the main command, or once in a stop. */
export type Stage = "startup" | "service" | "pre-shutdown" | "post-shutdown";

/** A file that lies beside the program and goes with it; the path is relative to it. */
export interface Companion {
	path: string;
	content: { kind: "file"; bytes: Buffer; mode: number } | { kind: "link"; target: string };
}

/** A supervised program, start-up script or hook, whoever defined it. */
export interface ImportedService {
	name: string;
	origin: "s6" | "s6-rc" | "supervisord" | "runit" | "cron";
	place: Place;
	stage: Stage;
	program: Program;
	companions: readonly Companion[];
	/** USER or USER:GROUP, names or numbers; undefined: the container's own. */
	user?: string;
	/** undefined: the folder that it lies in. */
	workingDirectory?: Word;
	environment: readonly { name: string; value: Word }[];
	/** As umask(2) takes it. */
	umask?: number;
	restart: RestartPolicy;
	/** False: it is defined, and started only by hand. */
	enabled: boolean;
	/** A name without SIG. */
	stopSignal: string;
	/** Everything in its process group gets the signal, not it alone. */
	stopsGroup: boolean;
	/** From the signal to SIGKILL; undefined: the source says nothing. */
	stopGraceMs?: number;
	/** Names of other services. */
	dependencies: readonly string[];
	/** Names of those that are started earlier, and whose failure does not matter. */
	after?: readonly string[];
	readiness?: ImportedReadiness;
	/** As crontab(5) has it: five fields or @daily and the like; undefined: at boot. */
	schedule?: string;
	/** Its end is the container's. */
	critical?: boolean;
	/** So many of it, alike but for the variable INSTANCE; undefined: one. */
	scale?: number;
	/** `rotation` is of the file of stdout. */
	logs: { stdout: LogTarget; stderr: LogTarget; rotation?: Rotation };
	losses: readonly Loss[];
}

/** A definition that does not become a service, and why. */
export interface LeftOut {
	place: Place;
	name: string;
	why: string;
	/** It did something that nothing here does; otherwise nobody misses it. */
	isMissed: boolean;
}

/** A variable that an image which takes over should set. */
export interface Setting {
	variable: string;
	value: string;
	why: string;
}

/** All that was found in a source. Start-up scripts and hooks are in the order in which they run. */
export interface Imported {
	services: ImportedService[];
	leftOut: LeftOut[];
	problems: Problem[];
	settings: Setting[];
	notes: string[];
}

export function nothingImported(): Imported {
	return { services: [], leftOut: [], problems: [], settings: [], notes: [] };
}

/** Everything that several parsers have found. */
export function together(found: readonly Imported[]): Imported {
	return {
		services: found.flatMap(({ services }) => services),
		leftOut: found.flatMap(({ leftOut }) => leftOut),
		problems: found.flatMap(({ problems }) => problems),
		settings: found.flatMap(({ settings }) => settings),
		notes: found.flatMap(({ notes }) => notes),
	};
}

/** `FILE:LINE`, as compilers write it. */
export function written({ file, line }: Place): string {
	return line === undefined ? file : `${file}:${line}`;
}
