// A supervisord's configuration: its file, the files that it includes, its programs and groups.
import { posix } from "node:path";
import {
	type Imported,
	type ImportedService,
	nothingImported,
	type Place,
	type Problem,
} from "../model.ts";
import type { SourceTree } from "../source/tree.ts";
import { BadValue, environmentPairs, valueText } from "./expand.ts";
import { type IniSection, parseIni } from "./ini.ts";
import { Options } from "./options.ts";
import {
	type ImportedProgram,
	importProgram,
	type ProgramSection,
	type Surroundings,
} from "./program.ts";

/** Which files to read, and where their supervisord runs. */
export interface SupervisordFiles {
	/** The configuration, or files that an unknown one includes. */
	files: readonly string[];
	/** The working directory of supervisord. */
	directory: string;
}

/** A section and the file that it stands in. */
interface Located {
	file: string;
	section: IniSection;
	options: Options;
}

const LEFT_OUT: Readonly<Record<string, string>> = {
	eventlistener: "it is told of events by supervisord, and nothing here sends any",
	"fcgi-program": "it expects its socket on descriptor 0, which supervisord opens",
};

/** supervisorctl's side; whoever runs a container has the engine instead. */
const CONTROL = /^(unix_http_server|inet_http_server|supervisorctl|rpcinterface:.*|ctlplugin:.*)$/;

export async function importSupervisord(
	tree: SourceTree,
	{ files, directory }: SupervisordFiles,
): Promise<Imported> {
	const imported = nothingImported();
	const sections = await readAll(tree, files, imported.problems);
	const around = surroundingsOf(sections, files[0] ?? "/", directory);
	imported.problems.push(...around.problems);
	const groups = groupsOf(sections, imported.problems);
	const programs: ImportedProgram[] = [];
	for (const { file, section, options } of sections) {
		const [, kind = section.name, name = ""] = /^([a-z-]+):(.*)$/.exec(section.name) ?? [];
		const place: Place = { file, line: section.line };
		const why = LEFT_OUT[kind];
		if (why !== undefined) {
			imported.leftOut.push({ place, name: `[${section.name}]`, why, isMissed: true });
		} else if (CONTROL.test(section.name)) {
			const instead = "supervisorctl has no equivalent; see docker exec and docker logs";
			imported.leftOut.push({ place, name: `[${section.name}]`, why: instead, isMissed: false });
		} else if (kind === "program") {
			const trimmed = name.trim();
			if (trimmed === "" || /[ :/]/.test(trimmed)) {
				const what = `[${section.name}]: a name must not be empty or hold a space, ":" or "/"`;
				imported.problems.push({ place, what, remedy: "supervisord refuses it too." });
				continue;
			}
			const group = groups.get(trimmed) ?? trimmed;
			const program: ProgramSection = { name: trimmed, group, place, options };
			const found = importProgram(program, { ...around, here: posix.dirname(file) });
			programs.push(found);
			imported.problems.push(...found.problems);
		} else if (!["supervisord", "include", "group"].includes(kind)) {
			const why = "supervisord has no such section";
			imported.leftOut.push({ place, name: `[${section.name}]`, why, isMissed: false });
		}
	}
	imported.services.push(...inOrderOfPriority(programs));
	return imported;
}

/** Each program behind those of the next lower number; supervisord starts them so, and waits for none to be ready. */
function inOrderOfPriority(programs: readonly ImportedProgram[]): ImportedService[] {
	const started = programs.map(({ priority, services }) => ({
		priority,
		names: services.filter(({ enabled }) => enabled).map(({ name }) => name),
	}));
	const levels = started.filter(({ names }) => names.length > 0).map(({ priority }) => priority);
	return programs.flatMap(({ priority, services }) => {
		const before = Math.max(...levels.filter((level) => level < priority));
		const after = started
			.filter((other) => other.priority === before)
			.flatMap(({ names }) => names);
		return services.map((service) =>
			after.length > 0 && service.enabled ? { ...service, after } : service,
		);
	});
}

/** The files, each followed by those that it includes; an included file includes nothing itself. */
async function readAll(
	tree: SourceTree,
	files: readonly string[],
	problems: Problem[],
): Promise<Located[]> {
	const found: Located[] = [];
	const read = async (file: string) => {
		const ini = parseIni((await tree.readText(file)) ?? "");
		problems.push(...ini.problems.map(({ line, ...told }) => ({ place: { file, line }, ...told })));
		const here = ini.sections.map((section) => ({
			file,
			section,
			options: new Options(section, (line) => ({ file, line })),
		}));
		found.push(...here);
		return here.find(({ section }) => section.name === "include");
	};
	for (const file of files) {
		const include = await read(file);
		if (include === undefined) continue;
		const here = posix.dirname(file);
		const patterns = include.options.get("files", "", (raw) => valueText(raw, { here }));
		for (const pattern of patterns.split(/\s+/).filter(Boolean)) {
			const paths = await matching(tree, posix.resolve(here, pattern));
			for (const path of paths) await read(path);
		}
		problems.push(...include.options.problems);
	}
	return found;
}

/** The files that a pattern of glob(7) names, in byte order. */
async function matching(tree: SourceTree, pattern: string): Promise<string[]> {
	let folders = ["/"];
	for (const part of pattern.split("/").filter(Boolean)) {
		const next: string[] = [];
		for (const folder of folders) {
			const names = /[*?[]/.test(part) ? await tree.list(folder) : [part];
			const isHidden = (name: string) => name.startsWith(".") && !part.startsWith(".");
			const fitting = names.filter(
				(name) => name === part || (!isHidden(name) && posix.matchesGlob(name, part)),
			);
			next.push(...fitting.map((name) => posix.join(folder, name)));
		}
		folders = next;
	}
	const kinds = await Promise.all(folders.map((path) => tree.kindOf(path)));
	return folders.filter((_, index) => kinds[index] === "file");
}

function surroundingsOf(
	sections: readonly Located[],
	file: string,
	directory: string,
): Surroundings & { problems: Problem[] } {
	const here = posix.dirname(file);
	const own = sections.find(({ section }) => section.name === "supervisord")?.options;
	const environment: ImportedService["environment"] =
		own?.get("environment", [], (raw) => environmentPairs(raw, { here })) ?? [];
	const user = own?.get("user", "", (raw) => valueText(raw, { here })) ?? "";
	return {
		here,
		directory,
		// A supervisord of root's gives its programs nobody else's rights.
		user: user === "" || user === "root" || user === "0" ? undefined : user,
		environment,
		problems: own?.problems ?? [],
	};
}

/** Which group a program is in, where a [group:x] says so. */
function groupsOf(sections: readonly Located[], problems: Problem[]): Map<string, string> {
	const names = new Set(sections.map(({ section }) => section.name));
	const groups = new Map<string, string>();
	for (const { section, options } of sections) {
		if (!section.name.startsWith("group:")) continue;
		const group = section.name.slice("group:".length).trim();
		const programs = options.get("programs", [], (raw) => {
			const listed = raw.split(",").map((name) => name.trim());
			const missing = listed.filter(
				(name) => !names.has(`program:${name}`) && !names.has(`fcgi-program:${name}`),
			);
			if (missing.length > 0) throw new BadValue(`there is no [program:${missing[0]}]`);
			return listed;
		});
		for (const program of programs) groups.set(program, group);
		problems.push(...options.problems);
	}
	return groups;
}
