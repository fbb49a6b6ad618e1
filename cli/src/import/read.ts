// Everything that a source defines, whoever is to run it.
import { posix } from "node:path";
import { importCrontab, importCrontabs } from "./cron/crontabs.ts";
import { type Imported, together } from "./model.ts";
import { importRunit } from "./runit/runit.ts";
import { importLegacyS6 } from "./s6/legacy.ts";
import { importS6Rc, RC_FOLDERS } from "./s6/rc.ts";
import type { SourceTree } from "./source/tree.ts";
import { importSupervisord } from "./supervisord/config.ts";

/** What is known beside the files: of an image, how it is started. */
export interface Start {
	/** Entrypoint and command. */
	command: readonly string[];
	/** Where it is started. */
	directory: string;
	environment: Readonly<Record<string, string>>;
	/** The configuration of supervisord, where it is known. */
	configuration?: string | undefined;
	/** A crontab that was named itself: then nothing else is looked for. */
	crontab?: string | undefined;
}

/** Where supervisord looks by itself, and then where packages have their parts. */
const CONFIGURATIONS = [
	...["supervisord.conf", "etc/supervisord.conf"],
	...["/etc/supervisord.conf", "/etc/supervisor/supervisord.conf"],
];
const PARTS = ["/etc/supervisor/conf.d", "/etc/supervisor.d", "/etc/supervisord.d"];

export async function importAll(tree: SourceTree, start: Start): Promise<Imported> {
	if (start.crontab !== undefined) return await importCrontab(tree, start.crontab);
	const supervisord = { files: await supervisordFiles(tree, start), directory: start.directory };
	const found = together([
		await importLegacyS6(tree),
		...(await Promise.all(RC_FOLDERS.map((folder) => importS6Rc(tree, folder)))),
		await importSupervisord(tree, supervisord),
		await importRunit(tree),
		await importCrontabs(tree),
	]);
	return withEnvironment(found, start.environment);
}

/** Its configuration; where none is found, the files that an unknown one would include. */
async function supervisordFiles(tree: SourceTree, start: Start): Promise<string[]> {
	const named = start.configuration ?? configurationOf(start.command);
	const candidates = (named === undefined ? CONFIGURATIONS : [named]).map((path) =>
		posix.resolve(start.directory, path),
	);
	for (const path of candidates) if ((await tree.kindOf(path)) === "file") return [path];
	const parts = await Promise.all(
		PARTS.map(async (folder) => (await tree.list(folder)).map((name) => `${folder}/${name}`)),
	);
	return parts.flat().filter((path) => /\.(conf|ini)$/.test(path));
}

/** What `supervisord -c FILE` names, in whichever way. */
export function configurationOf(command: readonly string[]): string | undefined {
	const line = command.join(" ");
	return /\bsupervisord\b.*?\s(?:-[a-z]*c\s*|--configuration[=\s]\s*)(\S+)/.exec(line)?.[1];
}

/** Variables that mean something to s6-overlay. */
function withEnvironment(found: Imported, environment: Start["environment"]): Imported {
	const isStrict = environment["S6_BEHAVIOUR_IF_STAGE2_FAILS"] === "2";
	const names = Object.keys(environment).filter((name) => /^S6_/.test(name));
	return {
		...found,
		settings: found.settings.filter(
			({ variable }) => !(isStrict && variable === "INIT_ON_STARTUP_FAILURE"),
		),
		notes: [
			...found.notes,
			...names.map(
				(name) => `${name}=${environment[name]}: a setting of s6-overlay; it means nothing here`,
			),
		],
	};
}
