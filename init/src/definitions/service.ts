// One service: its table of keys as a definition.

import { SIGNAL_NAMES, signalNumber, wholeNumber } from "../kernel/signals.ts";
import type { Definition, Dependency, Program, Restart } from "../services/definition.ts";
import { checkTogether } from "./contradictions.ts";
import { checkKeys, Fields, shown } from "./fields.ts";
import { readLaunch, type ServiceFields, type Surroundings, type System } from "./launch.ts";
import type { Source } from "./layers.ts";
import { readLog } from "./logging.ts";
import { readMainService } from "./main_service.ts";
import { didYouMean, nearest } from "./nearest.ts";
import { isProgram, readHealthcheck, readReadiness } from "./probes.ts";
import { type Requirement, readRequirements } from "./requirements.ts";
import { parseSchedule } from "./schedule.ts";
import { MAIN, OF_CONTAINERS, SERVICE_KEYS } from "./schema.ts";
import { quoted } from "./toml/read_toml.ts";
import { type Findings, Table } from "./value.ts";

/** What runs for so long has not failed at once: as dockerd has it. */
const STABLE_MS = 10_000;
const PAGE = "docs/services.md has all";

export interface Service {
	readonly name: string;
	/** The file that defines it. */
	readonly file: string;
	readonly definition: Definition;
	/** What stands in front of the command, among the words of its launch. */
	readonly entrypoint: readonly string[];
	/** main.toml's: who runs in the main command's place. */
	readonly mainService: Requirement | undefined;
	/** Those of the definition; empty at first. */
	readonly dependsOn: Dependency[];
	readonly requirements: readonly Requirement[];
	/** Whether it has depends_on. */
	readonly saysRequirements: boolean;
	readonly scale: number;
	/** Whether there is anything to say of it; what it depends on, for one. */
	readonly isRead: boolean;
	/** Whether its own files are without fault. */
	readonly isSound: boolean;
}

/** @param given the arguments of PID 1, which are main's in place of its command */
export function readService(
	system: System,
	{ name, files, table = new Table([]) }: Source,
	given: readonly string[],
	findings: Findings,
): Service {
	const before = findings.problems.length;
	const file = files[0] ?? "";
	const fields = new Fields("", table, { file, line: 0, column: 0 }, SERVICE_KEYS, findings);
	const meant = checkKeys("", table, SERVICE_KEYS, findings, aboutUnknown);
	const mainService = readMainService(fields, name);
	const isMain = name === MAIN && mainService === undefined;
	const { entrypoint, words } = readWords(fields, name, isMain ? given : [], meant);
	const { launch, surroundings } = readLaunch(system, fields, words);
	const first = words[0];
	if (first !== undefined && (name !== MAIN || given.length === 0 || fields.has("entrypoint"))) {
		const key = fields.has("entrypoint") ? "entrypoint" : "command";
		isProgram([first], surroundings, (what) => fields.bad(key, what));
	}
	const dependsOn: Dependency[] = [];
	const restart = readRestart(fields);
	// Written out: what QuickJS takes out of other objects (...) it takes long for.
	const definition: Definition = {
		name,
		file,
		launch,
		dependsOn,
		restart: restart.restart,
		mostRestarts: restart.mostRestarts,
		restartDelayMs: restart.restartDelayMs,
		restartMaxDelayMs: restart.restartMaxDelayMs,
		stableMs: STABLE_MS,
		stopSignal: readSignal(fields),
		stopGraceMs: fields.durationMs("stop_grace_period"),
		preStop: readProgram(fields, "pre_stop", surroundings),
		postStart: readProgram(fields, "post_start", surroundings),
		isCritical: fields.flag("critical"),
		isMain: false,
		ready: readReadiness(fields, surroundings),
		healthcheck: readHealthcheck(fields, surroundings),
		schedule: readSchedule(fields),
		mayOverlap: fields.flag("allow_overlap"),
		log: readLog(fields),
		isDown: false,
		runitFolder: "",
	};
	const requirements = mainService === undefined ? readRequirements(fields) : [mainService];
	const scale = fields.integer("scale") ?? 1;
	checkTogether(fields, definition, requirements);
	const isSound = findings.problems.length === before;
	const saysRequirements = fields.has("depends_on") || mainService !== undefined;
	return {
		name,
		file,
		definition,
		entrypoint,
		mainService,
		dependsOn,
		requirements,
		saysRequirements,
		scale,
		isRead: true,
		isSound,
	};
}

function aboutUnknown(key: string): string {
	return OF_CONTAINERS.includes(key)
		? "it is about a container, and this is a service in one; take it out"
		: PAGE;
}

function readWords(
	fields: ServiceFields,
	name: string,
	given: readonly string[],
	meant: readonly string[],
): { readonly entrypoint: readonly string[]; readonly words: readonly string[] } {
	const entrypoint = fields.words("entrypoint") ?? [];
	const command = fields.words("command") ?? [];
	const words = [...entrypoint, ...(given.length > 0 ? given : command)];
	const isNamed = fields.has("command") || fields.has("entrypoint");
	if (words.length === 0 && isNamed)
		fields.bad(fields.has("command") ? "command" : "entrypoint", "names no program; write one");
	const isMeant = meant.includes("command") || meant.includes("entrypoint");
	if (!isNamed && !isMeant && name !== MAIN)
		fields.bad("command", "is missing; write what is to be executed");
	return { entrypoint, words };
}

function readRestart(
	fields: ServiceFields,
): Pick<Definition, "restart" | "mostRestarts" | "restartDelayMs" | "restartMaxDelayMs"> {
	const restartDelayMs = fields.durationMs("restart_delay");
	const restartMaxDelayMs = fields.durationMs("restart_max_delay");
	if (restartMaxDelayMs < restartDelayMs)
		fields.bad(
			fields.has("restart_max_delay") ? "restart_max_delay" : "restart_delay",
			"makes restart_delay longer than restart_max_delay; make it shorter",
		);
	// Scheduled ones are started by the clock.
	const preset = fields.has("schedule") ? "no" : SERVICE_KEYS.restart.preset;
	const value = fields.entry("restart")?.value ?? preset;
	if (value === "no" || value === "always" || value === "unless-stopped")
		return { restart: value, mostRestarts: -1, restartDelayMs, restartMaxDelayMs };
	const [word = "", most, ...more] = typeof value === "string" ? value.split(":") : [];
	const mostRestarts = most === undefined ? -1 : wholeNumber(most);
	const isLimited = word === "on-failure" && mostRestarts !== undefined && more.length === 0;
	if (isLimited) return { restart: "on-failure", mostRestarts, restartDelayMs, restartMaxDelayMs };
	const words: readonly Restart[] = ["no", "always", "on-failure", "unless-stopped"];
	if (value === false) fields.bad("restart", 'is false; write "no", between quotes');
	else if (typeof value !== "string" || words.some((known) => known === word))
		fields.unexpected("restart", value);
	else
		fields.bad(
			"restart",
			`is ${quoted(value)}; ${didYouMean(value, words, "")} write one of ${words.join(", ")}`,
		);
	return { restart: "no", mostRestarts: -1, restartDelayMs, restartMaxDelayMs };
}

function readSignal(fields: ServiceFields): number {
	const value = fields.entry("stop_signal")?.value ?? SERVICE_KEYS.stop_signal.preset;
	const isWord = typeof value === "string" || typeof value === "number";
	const signal = isWord ? signalNumber(String(value)) : undefined;
	if (signal === undefined) {
		const meant = typeof value === "string" ? nearestSignal(value) : undefined;
		if (meant === undefined) fields.unexpected("stop_signal", value);
		else fields.bad("stop_signal", `is ${shown(value)}; did you mean "${meant}"?`);
	}
	return signal ?? 0;
}

/** Written as the word is: with SIG, or without. */
function nearestSignal(word: string): string | undefined {
	const prefix = word.toUpperCase().startsWith("SIG") ? "SIG" : "";
	const name = nearest(word.slice(prefix.length), SIGNAL_NAMES);
	return name === undefined ? undefined : `${prefix}${name}`;
}

function readProgram(
	fields: ServiceFields,
	name: "pre_stop" | "post_start",
	around: Surroundings,
): Program | undefined {
	const words = fields.words(name);
	if (words === undefined) return undefined;
	const isThere = isProgram(words, around, (what) => fields.bad(name, what));
	return isThere ? { words, isOurs: false } : undefined;
}

function readSchedule(fields: ServiceFields): string {
	const text = fields.text("schedule");
	if (text === undefined) return "";
	const schedule = parseSchedule(text);
	if (typeof schedule === "string") return schedule;
	fields.bad("schedule", schedule.wrong);
	return "";
}
