// [program:x] as one or more services (supervisord.org/configuration.html#program-x-section-settings).
import type { ImportedService, Loss, Place, Problem, RestartPolicy, Word } from "../model.ts";
import {
	BadValue,
	commandWords,
	type Expansions,
	environmentPairs,
	valueText,
	valueWord,
} from "./expand.ts";
import { absolute, logLosses, logsOf } from "./logs.ts";
import {
	type Options,
	readBoolean,
	readExitCodes,
	readInteger,
	readNatural,
	readOctal,
	readSignal,
	written,
} from "./options.ts";

/** What holds for all programs of a supervisord. */
export interface Surroundings {
	/** The folder of the configuration file. */
	here: string;
	/** Where supervisord itself runs: its programs do too where they name no folder. */
	directory: string;
	/** The user that supervisord itself becomes. */
	user: string | undefined;
	environment: ImportedService["environment"];
}

/** A program, with what its group is called. */
export interface ProgramSection {
	name: string;
	group: string;
	place: Place;
	options: Options;
}

export interface ImportedProgram {
	services: readonly ImportedService[];
	problems: Problem[];
	/** Lower ones are started earlier, and end later. */
	priority: number;
}

const MOST_PROCESSES = 1_000;
const DEFAULT_PRIORITY = 999;

/** What has no equivalent, and why. */
const NO_EQUIVALENT: Readonly<Record<string, string>> = {
	startsecs: "it counts as started at once; after 10 s without an end restarts are counted anew",
	stdout_capture_maxbytes: "nothing listens to supervisord's events",
	stderr_capture_maxbytes: "nothing listens to supervisord's events",
	stdout_events_enabled: "nothing listens to supervisord's events",
	stderr_events_enabled: "nothing listens to supervisord's events",
	stdout_syslog: "it goes to the container's log",
	stderr_syslog: "it goes to the container's log",
	serverurl: "there is no HTTP server that a program could ask",
};

/** What is read, or needs no equivalent. */
const UNDERSTOOD = new Set([
	...["command", "process_name", "numprocs", "numprocs_start", "priority", "autostart"],
	...[
		"autorestart",
		"startretries",
		"exitcodes",
		"stopsignal",
		"stopwaitsecs",
		"stopasgroup",
		"killasgroup",
	],
	...["user", "redirect_stderr", "environment", "directory", "umask"],
	...["stdout_logfile", "stdout_logfile_maxbytes", "stdout_logfile_backups"],
	...["stderr_logfile", "stderr_logfile_maxbytes", "stderr_logfile_backups"],
]);

/** The processes of a program, each a service. */
export function importProgram(section: ProgramSection, around: Surroundings): ImportedProgram {
	const { name, options, place } = section;
	const problems: Problem[] = [];
	const complain = (what: string, remedy: string, at = place) =>
		problems.push({ place: at, what, remedy });
	if (options.raw("command") === "") {
		complain(`[program:${name}] has no command`, "Give it a command=.");
		return { services: [], problems, priority: DEFAULT_PRIORITY };
	}
	const count = options.get("numprocs", 1, readInteger);
	const first = options.get("numprocs_start", 0, readInteger);
	if (count < 1 || count > MOST_PROCESSES) {
		const what = `numprocs=${count}: from 1 to ${MOST_PROCESSES} processes are imported`;
		complain(what, "Change it, or import the program by hand.", options.place("numprocs"));
		return { services: [], problems, priority: DEFAULT_PRIORITY };
	}
	const nameText = options.raw("process_name") || "%(program_name)s";
	if (count > 1 && !nameText.includes("%(process_num)")) {
		const what = `numprocs=${count}, and process_name=${nameText} is the same for all of them`;
		const remedy = "Put %(process_num)d into process_name; supervisord refuses it too.";
		complain(what, remedy, options.place("process_name"));
		return { services: [], problems, priority: DEFAULT_PRIORITY };
	}
	const priority = options.get("priority", DEFAULT_PRIORITY, readInteger);
	const services: ImportedService[] = [];
	for (let number = first; number < first + count; number++) {
		const service = importProcess(section, around, nameText, number);
		if (service !== undefined) services.push(service);
		// Each process reads the same options: their faults are told once.
		if (options.problems.length > 0) break;
	}
	problems.push(...options.problems);
	return { services: asOne(services, name), problems, priority };
}

/** Processes that are alike but for their names are one service, so many times. */
function asOne(services: readonly ImportedService[], name: string): readonly ImportedService[] {
	const [first] = services;
	const kinds = new Set(services.map((service) => JSON.stringify({ ...service, name })));
	if (first === undefined || services.length === 1 || kinds.size > 1 || !first.enabled) {
		return services;
	}
	return [{ ...first, name, scale: services.length }];
}

function importProcess(
	{ name, group, place, options }: ProgramSection,
	around: Surroundings,
	nameText: string,
	number: number,
): ImportedService | undefined {
	const known: Expansions = {
		here: around.here,
		program_name: name,
		group_name: group,
		process_num: number,
		numprocs: options.get("numprocs", 1, readInteger),
	};
	const words = options.get("command", [], (text) => commandWords(text, known));
	if (words.length === 0) return undefined;
	const text = (option: string) => options.get(option, "", (raw) => valueText(raw, known));
	const user = text("user") || around.user;
	const umask = options.get("umask", undefined, readOctal);
	const stopWait = options.get("stopwaitsecs", undefined, readNatural);
	const own = options.get("environment", [], (raw) => environmentPairs(raw, known));
	const logs = logsOf(options, known, around.directory);
	return {
		name: options.get("process_name", name, () => valueText(nameText, known)),
		origin: "supervisord",
		place,
		stage: "service",
		program: { kind: "command", words },
		companions: [],
		...(user !== undefined && { user }),
		workingDirectory: directoryOf(options, known, around.directory),
		environment: withoutRepetition([...around.environment, ...own]),
		...(umask !== undefined && { umask }),
		restart: restartPolicy(options),
		enabled: options.get("autostart", true, readBoolean),
		stopSignal: options.get("stopsignal", "TERM", readSignal),
		stopsGroup: options.get("stopasgroup", false, readBoolean),
		...(stopWait !== undefined && { stopGraceMs: stopWait * 1_000 }),
		dependencies: [],
		logs,
		losses: lossesOf(options, logs),
	};
}

/** Of two with one name the last. */
function withoutRepetition(
	environment: ImportedService["environment"],
): ImportedService["environment"] {
	return [...new Map(environment.map((variable) => [variable.name, variable])).values()];
}

function directoryOf(options: Options, known: Expansions, base: string): Word {
	return options.get("directory", [base], (raw) => {
		if (raw.startsWith("~")) throw new BadValue("a home folder (~) is not looked up");
		return absolute(valueWord(raw, known), base);
	});
}

/** supervisord's default starts a program again unless it ends with 0. */
function restartPolicy(options: Options): RestartPolicy {
	const restarts = options.get("autorestart", "unexpected", (text) =>
		text.toLowerCase() === "unexpected" ? "unexpected" : readBoolean(text),
	);
	if (restarts === false) return { kind: "never" };
	if (restarts === true) return { kind: "always" };
	const exitCodes = options.get("exitcodes", [0], readExitCodes);
	const retries = options.get("startretries", 0, readInteger);
	return { kind: "unless-expected", exitCodes, ...(retries > 0 && { mostRestarts: retries }) };
}

function lossesOf(options: Options, logs: ImportedService["logs"]): Loss[] {
	const losses: Loss[] = [];
	const lose = (option: string, why: string) => {
		losses.push({ place: options.place(option), what: written(options, option), why });
	};
	for (const option of options.names()) {
		const why = NO_EQUIVALENT[option];
		if (why !== undefined) lose(option, why);
		else if (!UNDERSTOOD.has(option)) lose(option, "supervisord has no such option either");
	}
	losses.push(...logLosses(options, logs));
	const restart = restartPolicy(options);
	if (
		options.has("startretries") &&
		!(restart.kind === "unless-expected" && restart.mostRestarts)
	) {
		lose("startretries", "it is never given up: the pauses before its starts grow up to a minute");
	}
	return losses;
}
