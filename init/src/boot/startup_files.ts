// What an image has the init do beside the main command: Phusion's folders of scripts and services.
import { describeErrno, ENOENT } from "../kernel/errno.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { type Log, printableText } from "../log/log.ts";
import type { Settings } from "../options/settings.ts";
import { DEFINITION_FOLDERS, SERVICES_FOLDER } from "../pid1/services.ts";
import { type Found, newStages, type Stages } from "../pid1/stages.ts";
import { FOLDER } from "./environment_files.ts";
import { SECRET_PREFIX } from "./secrets.ts";

const SCRIPTS_FOLDER = "/etc/my_init.d";
const SCRIPTS_FOLDER_VARIABLE = "ENV_INIT_DIRECTORY";
const LAST_SCRIPT = "/etc/rc.local";
const PRE_SHUTDOWN_FOLDER = "/etc/my_init.pre_shutdown.d";
const POST_SHUTDOWN_FOLDER = "/etc/my_init.post_shutdown.d";
const INSECURE_KEY = "/usr/sbin/enable_insecure_key";
const MOST_FILES = 1_024;
const NOT_WATCHED = -1;

/** Where an executable file is run. */
export const SCRIPT_FOLDERS = [SCRIPTS_FOLDER, PRE_SHUTDOWN_FOLDER, POST_SHUTDOWN_FOLDER];
export const SCRIPTS = [LAST_SCRIPT];

/** One of these is there wherever the init has more to do than the main command, or one of these variables. */
export const STARTUP_FILES = [
	...[FOLDER, SCRIPTS_FOLDER, LAST_SCRIPT, SERVICES_FOLDER],
	...[PRE_SHUTDOWN_FOLDER, POST_SHUTDOWN_FOLDER, ...DEFINITION_FOLDERS],
].join("\0");
export const STARTUP_VARIABLES = [SCRIPTS_FOLDER_VARIABLE, "KILL_", SECRET_PREFIX].join("\0");

/** What there is to do; undefined: nothing, and nothing can come, so that the main command is all. */
export function findStages(kernel: Kernel, log: Log, settings: Settings): Stages | undefined {
	const queue = startupScripts(kernel, log, settings);
	const found = findBesides(kernel, log, settings, NOT_WATCHED);
	return isIdle({ queue, found }) && found.watch < 0 ? undefined : newStages(queue, found);
}

/** Whether nothing is to be done yet: a service may come later. */
export function isIdle({ queue, found }: Pick<Stages, "queue" | "found">): boolean {
	const { services, preShutdown, postShutdown } = found;
	return queue.length + services.length + preShutdown.length + postShutdown.length === 0;
}

/** Services and hooks. From now on it is announced (see Found.watch) when a service comes. */
export function findBesides(
	kernel: Kernel,
	log: Log,
	{ skipsServices }: Settings,
	watch: number,
): Found {
	if (skipsServices) return { services: [], preShutdown: [], postShutdown: [], watch };
	return {
		// First, or what comes meanwhile would be missed.
		watch: watch >= 0 ? watch : kernel.announceChanges(SERVICES_FOLDER),
		services: findServices(kernel, log),
		preShutdown: executables(kernel, log, PRE_SHUTDOWN_FOLDER),
		postShutdown: executables(kernel, log, POST_SHUTDOWN_FOLDER),
	};
}

function startupScripts(kernel: Kernel, log: Log, settings: Settings): string[] {
	const scripts: string[] = [];
	if (settings.enablesInsecureKey) {
		if (kernel.checkExecutable(INSECURE_KEY) >= 0) scripts.push(INSECURE_KEY);
		else log.say("warning", `no key is made: this image has no ${INSECURE_KEY}`);
	}
	if (settings.skipsStartupFiles) return scripts;
	const folder = kernel.environment(SCRIPTS_FOLDER_VARIABLE) ?? SCRIPTS_FOLDER;
	scripts.push(...executables(kernel, log, folder));
	if (kernel.checkExecutable(LAST_SCRIPT) >= 0) scripts.push(LAST_SCRIPT);
	return scripts;
}

/** The executable files of a folder, in byte order. */
function executables(kernel: Kernel, log: Log, folder: string): string[] {
	const names = namesIn(kernel, log, folder);
	if (names.length === 0) return names;
	return names
		.map((name) => `${folder}/${name}`)
		.filter((path) => {
			const result = kernel.checkExecutable(path);
			if (result < 0)
				log.say("debug", `${printableText(path)} is not run: ${describeErrno(result)}`);
			return result >= 0;
		});
}

/** Their names: as runsvdir(8) finds folders, none that begins with a dot; and what is defined in TOML. */
function findServices(kernel: Kernel, log: Log): string[] {
	const names = namesIn(kernel, log, SERVICES_FOLDER);
	const found =
		names.length === 0
			? names
			: names.filter(
					(name) =>
						!name.startsWith(".") && kernel.checkExecutable(`${SERVICES_FOLDER}/${name}/run`) >= 0,
				);
	for (const folder of DEFINITION_FOLDERS)
		for (const name of namesIn(kernel, log, folder)) {
			const service = name.endsWith(".toml") ? name.slice(0, -5) : name;
			if (name.endsWith(".toml") && !found.includes(service)) found.push(service);
		}
	return found;
}

function namesIn(kernel: Kernel, log: Log, folder: string): string[] {
	const names = kernel.listDirectory(folder, MOST_FILES);
	if (typeof names !== "number") return names.length > 1 ? names.sort() : names;
	if (names !== -ENOENT)
		log.say("warning", `${printableText(folder)} cannot be read: ${describeErrno(names)}`);
	return [];
}
