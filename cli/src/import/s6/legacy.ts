// The folders that s6-overlay has had since its second version (github.com/just-containers/s6-overlay).
import {
	type Imported,
	type ImportedService,
	nothingImported,
	type Setting,
	type Stage,
} from "../model.ts";
import type { SourceTree } from "../source/tree.ts";
import { adaptProgram } from "./program.ts";
import { readServiceFolder } from "./service-folder.ts";

const SERVICES = "/etc/services.d";
const SCRIPTS = "/etc/cont-init.d";
const FINISH_SCRIPTS = "/etc/cont-finish.d";
const ATTRIBUTES = "/etc/fix-attrs.d";

export async function importLegacyS6(tree: SourceTree): Promise<Imported> {
	const imported = nothingImported();
	const scripts = await readScripts(tree, SCRIPTS, "startup", imported);
	imported.services.push(...scripts);
	for (const name of await tree.list(SERVICES)) {
		const path = `${SERVICES}/${name}`;
		if (name.startsWith(".") || (await tree.kindOf(path)) !== "folder") continue;
		const { service, problems } = await readServiceFolder(tree, path, "s6");
		if (service !== undefined) imported.services.push(service);
		imported.problems.push(...problems);
	}
	imported.services.push(...(await readScripts(tree, FINISH_SCRIPTS, "post-shutdown", imported)));
	for (const name of await tree.list(ATTRIBUTES)) {
		const place = { file: `${ATTRIBUTES}/${name}` };
		const why = "owners and modes are set in the Dockerfile, by RUN chown and chmod";
		imported.leftOut.push({ place, name: `fix-attrs.d/${name}`, why, isMissed: true });
	}
	if (scripts.length > 0) imported.settings.push(GOES_ON);
	return imported;
}

/** Unless somebody asked for S6_BEHAVIOUR_IF_STAGE2_FAILS=2. */
export const GOES_ON: Setting = {
	variable: "INIT_ON_STARTUP_FAILURE",
	value: "continue",
	why: "s6-overlay goes on after a failed start-up script, my_init does not",
};

async function readScripts(
	tree: SourceTree,
	folder: string,
	stage: Stage,
	imported: Imported,
): Promise<ImportedService[]> {
	const scripts: ImportedService[] = [];
	for (const name of await tree.list(folder)) {
		const file = `${folder}/${name}`;
		const content = await tree.read(file);
		if (content === undefined) continue;
		const { program, user, losses, problems } = adaptProgram(content, file);
		imported.problems.push(...problems);
		scripts.push(scriptOf({ name, file, origin: "s6", stage, program, user, losses }));
	}
	return scripts;
}

/** A script that runs once. */
export function scriptOf(script: {
	name: string;
	file: string;
	origin: ImportedService["origin"];
	stage: Stage;
	program: ImportedService["program"];
	user: string | undefined;
	losses: ImportedService["losses"];
	dependencies?: readonly string[];
}): ImportedService {
	const { name, file, origin, stage, program, user, losses, dependencies = [] } = script;
	return {
		name,
		origin,
		place: { file },
		stage,
		program,
		companions: [],
		...(user !== undefined && { user }),
		environment: [],
		restart: { kind: "never" },
		enabled: true,
		stopSignal: "TERM",
		stopsGroup: false,
		dependencies,
		logs: { stdout: { kind: "container" }, stderr: { kind: "container" } },
		losses,
	};
}
