// A service as NAME.toml, in the words of docs/services.md; what they cannot say stands in a script that is started, or is lost.
import { posix } from "node:path";
import { stringify } from "smol-toml";
import type { ImportedService, Loss, Rotation, Word } from "../model.ts";
import { plainCommand } from "../shell/plain.ts";
import type { PlannedFile } from "./folders.ts";
import { headOf, mapsExitCodes, originOf, startScript } from "./run-script.ts";

/** Where scripts lie that a definition starts. */
export const PROGRAMS = "etc/my_init/programs";
export const DEFINITIONS = "etc/my_init/services";
/** It passes what it is told to everything in its process group. */
const TO_ITS_GROUP = ["/sbin/my_init", "as", "dumb-init", "--"];
const MS_PER_SECOND = 1_000;
const LONGEST_MS = 604_800_000;
const MOST_OLD_FILES = 1_000;
const BYTES_PER_MIB = 1_048_576;

/** A service and the names that those have which it needs. */
export interface Defined {
	service: ImportedService;
	/** What it is called: NAME of NAME.toml. */
	name: string;
	dependencies: readonly Needed[];
}

export interface Needed {
	name: string;
	/** Runs once, and must have ended with 0. */
	isOnce: boolean;
	isRequired: boolean;
}

/** Its files, NAME.toml first, and what is lost. */
export interface DefinitionFiles {
	files: PlannedFile[];
	losses: Loss[];
}

type Value = string | number | boolean | readonly string[] | { readonly [key: string]: Value };

export function definitionFiles({ service, name, dependencies }: Defined): DefinitionFiles {
	const start = startOf(service, name);
	const losses = [...start.losses, ...lossesOf(service)];
	const keys: Record<string, Value | undefined> = {
		...start.keys,
		restart: restartOf(service),
		...(service.stopSignal !== "TERM" && { stop_signal: `SIG${service.stopSignal}` }),
		...(service.stopGraceMs !== undefined && { stop_grace_period: duration(service.stopGraceMs) }),
		...(service.critical === true && { critical: true }),
		...(service.scale !== undefined && { scale: service.scale }),
		// cron starts a job while the last one still runs, too.
		...(service.schedule !== undefined && { schedule: service.schedule, allow_overlap: true }),
		ready: readyOf(service),
		log: logOf(service),
		depends_on: dependenciesOf(dependencies),
	};
	const given = Object.entries(keys).filter(([, value]) => value !== undefined);
	const comments = originOf(service, losses).map((line) => `# ${line}\n`);
	const text = `${comments.join("")}${stringify(Object.fromEntries(given))}\n`;
	return {
		files: [plain(`${DEFINITIONS}/${name}.toml`, text.replace(/\n+$/, "\n")), ...start.files],
		losses,
	};
}

interface Start {
	keys: Record<string, Value>;
	files: PlannedFile[];
	losses: Loss[];
}

function startOf(service: ImportedService, name: string): Start {
	return service.program.kind === "file"
		? startOfFile(service, service.program.content)
		: startOfCommand(service, service.program.words, name);
}

/** A program file stays where it lay, with what lies beside it, unless it only starts a command. */
function startOfFile(service: ImportedService, content: Buffer): Start {
	const { companions, place } = service;
	const file = place.file.replace(/^\//, "");
	const folder = posix.dirname(file);
	const beside = companions.map(({ path, content: of }) => ({
		path: `${folder}/${path}`,
		content: of,
	}));
	const simple = plainCommand(content.toString("latin1"));
	if (simple === undefined || simple.words[0]?.startsWith(".")) {
		const program = { path: file, content: { kind: "file", bytes: content, mode: 0o755 } } as const;
		const keys = { command: [`/${file}`], working_dir: `/${folder}` };
		return { keys, files: [program, ...beside], losses: [] };
	}
	const { words, user, workingDirectory, environment } = simple;
	// In s6 its own folder, which has nothing in it then.
	const at = workingDirectory ?? (beside.length > 0 ? `/${folder}` : undefined);
	return {
		keys: {
			command: words,
			...(user !== undefined && { user }),
			...(at !== undefined && { working_dir: at }),
			...(environment.length > 0 && {
				environment: Object.fromEntries(environment.map(({ name, value }) => [name, value])),
			}),
		},
		files: beside,
		losses: [],
	};
}

function startOfCommand(service: ImportedService, words: readonly Word[], name: string): Start {
	const { restart, stopsGroup } = service;
	const { keys, rest } = divided(service);
	const log = logOf(service);
	const script: ImportedService = log === undefined ? rest : { ...rest, logs: NOTHING_ELSE };
	const isPlain =
		words.every(isLiteral) &&
		rest.environment.length === 0 &&
		rest.workingDirectory === undefined &&
		!hasRedirection(script) &&
		!mapsExitCodes(restart);
	if (isPlain) {
		const entrypoint = stopsGroup ? { entrypoint: TO_ITS_GROUP } : {};
		return { keys: { ...entrypoint, command: words.map(textOf), ...keys }, files: [], losses: [] };
	}
	const path = `${PROGRAMS}/${name}`;
	const isPassedOn = stopsGroup && !mapsExitCodes(restart);
	const bytes = startScript(script, words, headOf(script, []));
	return {
		keys: {
			...(isPassedOn && { entrypoint: TO_ITS_GROUP }),
			command: [`/${path}`],
			...keys,
		},
		files: [{ path, content: { kind: "file", bytes, mode: 0o755 } }],
		losses: [],
	};
}

const NOTHING_ELSE: ImportedService["logs"] = {
	stdout: { kind: "container" },
	stderr: { kind: "container" },
};

/** What keys can say, and the service without it. */
function divided(service: ImportedService): { keys: Record<string, Value>; rest: ImportedService } {
	const { user, workingDirectory, environment, umask, ...other } = service;
	// Files of output are opened before it becomes somebody else.
	const staysUser = logOf(service) === undefined && opensFiles(service);
	const literal = environment.filter(({ value }) => isLiteral(value) && !staysUser);
	const isHere = workingDirectory !== undefined && isLiteral(workingDirectory);
	const rest: ImportedService = {
		...other,
		...(staysUser && user !== undefined && { user }),
		...(!isHere && workingDirectory !== undefined && { workingDirectory }),
		environment: environment.filter((variable) => !literal.includes(variable)),
	};
	const keys = {
		...(user !== undefined && !staysUser && { user }),
		...(isHere && { working_dir: textOf(workingDirectory) }),
		...(literal.length > 0 && {
			environment: Object.fromEntries(literal.map(({ name, value }) => [name, textOf(value)])),
		}),
		...(umask !== undefined && { umask: umask.toString(8).padStart(3, "0") }),
	};
	return { keys, rest };
}

function opensFiles({ logs: { stdout, stderr } }: ImportedService): boolean {
	return stdout.kind === "file" || stderr.kind === "file";
}

function hasRedirection({ logs: { stdout, stderr } }: ImportedService): boolean {
	return stdout.kind !== "container" || stderr.kind !== "container";
}

function restartOf({ restart, schedule }: ImportedService): string | undefined {
	if (schedule !== undefined) return undefined;
	if (restart.kind === "always") return "always";
	if (restart.kind === "never") return "no";
	const { mostRestarts } = restart;
	return mostRestarts === undefined ? "on-failure" : `on-failure:${mostRestarts}`;
}

function readyOf({ readiness }: ImportedService): Value | undefined {
	if (readiness === undefined) return undefined;
	const { notificationFd, check, timeoutMs } = readiness;
	return {
		...(check === undefined ? { fd: notificationFd } : { exec: [check] }),
		...(timeoutMs !== undefined && { timeout: duration(timeoutMs) }),
	};
}

/** undefined: the container's stdout and stderr, or what only a shell can open. */
function logOf({ logs: { stdout, stderr, rotation } }: ImportedService): Value | undefined {
	if (stdout.kind === "nowhere" && ["nowhere", "stdout"].includes(stderr.kind)) {
		return { format: "none" };
	}
	const isOne = stderr.kind === "stdout" || stderr.kind === "container";
	if (stdout.kind !== "file" || rotation === undefined || !isLiteral(stdout.path) || !isOne) {
		return undefined;
	}
	return { file: textOf(stdout.path), ...sizesOf(rotation) };
}

function sizesOf({ maxBytes, oldFiles }: Rotation): {
	max_size: string | number;
	max_files: number;
} {
	const inMiB = maxBytes / BYTES_PER_MIB;
	return {
		max_size: Number.isInteger(inMiB) ? `${inMiB}m` : maxBytes,
		max_files: Math.min(oldFiles, MOST_OLD_FILES),
	};
}

function dependenciesOf(needed: readonly Needed[]): Value | undefined {
	if (needed.length === 0) return undefined;
	if (needed.every(({ isOnce, isRequired }) => !isOnce && isRequired)) {
		return needed.map(({ name }) => name);
	}
	return Object.fromEntries(
		needed.map(({ name, isOnce, isRequired }) => [
			name,
			{
				condition: isOnce ? "service_completed_successfully" : "service_started",
				...(!isRequired && { required: false }),
			},
		]),
	);
}

function lossesOf(service: ImportedService): Loss[] {
	const { place, logs, readiness } = service;
	const losses: Loss[] = [];
	const { stdout, stderr, rotation } = logs;
	if (stdout.kind === "file" && logOf(service) !== undefined) {
		const also = stderr.kind === "container" ? ", and those of stderr are among them" : "";
		const what = `the lines of ${textOf(stdout.path)} as they are`;
		losses.push({ place, what, why: `each begins with the service's name${also}` });
	} else if (rotation !== undefined) {
		const what = `${rotation.maxBytes} bytes at most in the file of stdout`;
		losses.push({
			place,
			what,
			why: "nothing rotates it where stderr goes elsewhere or its name has a variable",
		});
	}
	if (readiness !== undefined && readiness.timeoutMs === undefined) {
		const why = "a service that is not ready after a minute has failed; ready.timeout changes that";
		losses.push({ place, what: "no limit to the time until it is ready", why });
	}
	return losses;
}

function isLiteral(word: Word): boolean {
	return word.every((part) => typeof part === "string");
}

function textOf(word: Word): string {
	return word.filter((part) => typeof part === "string").join("");
}

/** As long as the init takes one. */
function duration(wantedMs: number): string {
	const ms = Math.min(wantedMs, LONGEST_MS);
	return ms % MS_PER_SECOND === 0 ? `${ms / MS_PER_SECOND}s` : `${ms}ms`;
}

/** Texts of the source are bytes, one code unit for each. */
function plain(path: string, text: string): PlannedFile {
	return { path, content: { kind: "file", bytes: Buffer.from(text, "latin1"), mode: 0o644 } };
}
