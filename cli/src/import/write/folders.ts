// Which file each service, start-up script and hook becomes (docs/services.md, docs/migrate-from-phusion.md).
import { posix } from "node:path";
import type { Imported, ImportedService, Loss, Setting, Stage } from "../model.ts";
import { definitionFiles, type Needed } from "./definition.ts";
import { headOf, PROGRAM_FILE, programFiles } from "./run-script.ts";

/** A file to be written; the path is relative to the root of the image. */
export interface PlannedFile {
	path: string;
	content: { kind: "file"; bytes: Buffer; mode: number } | { kind: "link"; target: string };
}

/** What became of a service. */
export interface Outcome {
	service: ImportedService;
	/** Its files, the one that is started first. */
	files: PlannedFile[];
	/** What is lost by these folders, beside what the parser could not express. */
	losses: Loss[];
}

export interface Plan {
	outcomes: Outcome[];
	settings: Setting[];
}

const FOLDERS: Readonly<Record<Exclude<Stage, "service">, string>> = {
	startup: "etc/my_init.d",
	"pre-shutdown": "etc/my_init.pre_shutdown.d",
	"post-shutdown": "etc/my_init.post_shutdown.d",
};
const SERVICES = "etc/service";
const EXECUTABLE = 0o755;
const LONGEST_NAME = 190;
const MAIN = "main";

/** Services have so much of the whole stop's time, where no main command needs its own; the default is 9 s. */
const SHARE = 8 / 9;
const DEFAULT_BUDGET_MS = 9_000;

/** Start-up scripts and hooks as files of their folders; services as definitions, or as folders of runit's. */
export function planFiles({ services, settings }: Imported): Plan {
	const taken = new Set<string>();
	const names = new Map<ImportedService, string>();
	for (const service of services.filter(({ stage }) => stage === "service")) {
		const safe = isFolder(service) ? safeName(service.name) : definitionName(service.name);
		names.set(service, unique(safe, service.origin, taken));
	}
	const outcomes = services.map((service): Outcome => {
		const name = names.get(service);
		if (name !== undefined && !isFolder(service)) {
			const { needed, losses } = neededBy(service, names);
			const defined = definitionFiles({
				service: { ...service, losses: [...service.losses, ...losses] },
				...{ name, dependencies: needed },
			});
			return { service, files: defined.files, losses: [...losses, ...defined.losses] };
		}
		const losses = name === undefined ? [] : lossesOf(service, names);
		const comments = headOf(service, losses);
		if (name !== undefined) {
			return { service, files: serviceFiles(service, `${SERVICES}/${name}`, comments), losses };
		}
		const path = `${FOLDERS[stageOf(service)]}/${numbered(service, services, taken)}`;
		const { main } = programFiles({ ...service, restart: { kind: "always" } }, comments);
		return { service, files: [executable(path, main)], losses };
	});
	return {
		outcomes,
		settings: [
			...new Map([...settings, ...stopTime(services)].map((s) => [s.variable, s])).values(),
		],
	};
}

/** runit's own, and those that are started by hand only: definitions have no word for that. */
function isFolder({ origin, enabled }: ImportedService): boolean {
	return origin === "runit" || !enabled;
}

/** One of s6-rc's that needs a longrun, and so is no start-up script. */
function isOneshot({ origin, restart, critical }: ImportedService): boolean {
	return origin === "s6-rc" && restart.kind === "never" && critical !== true;
}

function stageOf({ stage }: ImportedService): Exclude<Stage, "service"> {
	return stage === "service" ? "startup" : stage;
}

/** What a definition says that it needs; what it cannot, since it is none of them, is lost. */
function neededBy(
	service: ImportedService,
	names: ReadonlyMap<ImportedService, string>,
): { needed: Needed[]; losses: Loss[] } {
	const needed: Needed[] = [];
	const losses: Loss[] = [];
	const seek = (wanted: string, isRequired: boolean) => {
		for (const [other, name] of names) {
			if (other.name !== wanted || other.origin !== service.origin || other === service) continue;
			if (!isFolder(other)) {
				needed.push({ name, isOnce: isOneshot(other), isRequired });
				continue;
			}
			const why = "it is started by hand only";
			losses.push({ place: service.place, what: `depends on ${wanted}`, why });
		}
	};
	for (const name of service.dependencies) seek(name, true);
	for (const name of service.after ?? []) seek(name, false);
	return { needed, losses };
}

function serviceFiles(
	service: ImportedService,
	folder: string,
	comments: readonly string[],
): PlannedFile[] {
	const { main, program } = programFiles(service, comments);
	const files = [executable(`${folder}/run`, main)];
	if (program !== undefined) files.push(executable(`${folder}/${PROGRAM_FILE}`, program));
	if (!service.enabled) {
		const empty = Buffer.alloc(0);
		files.push({ path: `${folder}/down`, content: { kind: "file", bytes: empty, mode: 0o644 } });
	}
	for (const { path, content } of service.companions) {
		files.push({ path: `${folder}/${path}`, content });
	}
	return files;
}

function executable(path: string, bytes: Buffer): PlannedFile {
	return { path, content: { kind: "file", bytes, mode: EXECUTABLE } };
}

/** Scripts run in the order of their names: a number keeps them in theirs. */
function numbered(
	service: ImportedService,
	services: readonly ImportedService[],
	taken: Set<string>,
): string {
	const same = services.filter(({ stage }) => stage === service.stage);
	const number = String(same.indexOf(service) + 10).padStart(String(same.length + 9).length, "0");
	const name = safeName(service.name.replace(/^\d+[-_.]/, ""));
	return unique(`${number}_${name}`, service.origin, taken);
}

/** A name of a file that no tool stumbles over, and that is never hidden, since hidden ones are not run. */
function safeName(name: string): string {
	return posix
		.basename(name)
		.replaceAll(/[^\w.@:+-]/g, "-")
		.replace(/^\.*$|^\./, "_");
}

/** As init/src/definitions has it: and `main` is the command of the container. */
function definitionName(name: string): string {
	const safe = safeName(name)
		.replaceAll(/[^\w.-]/g, "-")
		.replace(/^-/, "_")
		.slice(0, LONGEST_NAME);
	return safe === MAIN ? `${safe}-service` : safe;
}

function unique(name: string, origin: string, taken: Set<string>): string {
	const names = [name, `${name}-${origin}`];
	for (let number = 2; ; number++) {
		const free = names.find((candidate) => !taken.has(candidate));
		if (free !== undefined) {
			taken.add(free);
			return free;
		}
		names.push(`${name}-${number}`);
	}
}

/** What a folder of runit's cannot say. */
function lossesOf(service: ImportedService, names: ReadonlyMap<ImportedService, string>): Loss[] {
	const { place, dependencies, after = [], readiness } = service;
	const losses: Loss[] = [];
	const defined = new Set([...names.keys()].map(({ name }) => name));
	const needed = [...dependencies, ...after].filter((name) => defined.has(name));
	if (needed.length > 0) {
		const why = "somebody starts it by hand, and then starts these too";
		losses.push({ place, what: `depends on ${needed.join(", ")}`, why });
	}
	if (readiness !== undefined) {
		const what = `notification-fd ${readiness.notificationFd}`;
		losses.push({ place, what, why: "nobody waits until it is ready" });
	}
	return losses;
}

/** The init has one time for the whole stop. */
function stopTime(services: readonly ImportedService[]): Setting[] {
	const longest = services.reduce<ImportedService | undefined>(
		(found, service) => ((service.stopGraceMs ?? 0) > (found?.stopGraceMs ?? 0) ? service : found),
		undefined,
	);
	const graceMs = longest?.stopGraceMs ?? 0;
	if (longest === undefined || graceMs <= DEFAULT_BUDGET_MS * SHARE) return [];
	const seconds = Math.ceil(graceMs / SHARE / 1_000);
	const why = `${longest.name} has ${graceMs / 1_000} s to stop, and services have eight ninths of this; give docker stop -t more`;
	return [{ variable: "INIT_STOP_TIMEOUT", value: `${seconds}s`, why }];
}
