// From a definition to a process.
import { DEFAULT_PATH } from "../boot/find_command.ts";
import { ELF_MAGIC, SHELL, startFailure } from "../boot/start_command.ts";
import { Variables } from "../boot/variables.ts";
import { EXIT_NOT_FOUND, EXIT_SYSTEM } from "../exit_codes.ts";
import { describeErrno, EACCES, ENOENT, ENOEXEC } from "../kernel/errno.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { LAUNCH_STEPS } from "../kernel/services_kernel.ts";
import { printableText } from "../log/log.ts";
import type { Launch } from "./definition.ts";

/** Tells the processes of a service, whatever session they are in: its name. */
export const MARKER = "INIT_SERVICE";

/** What a process has beside what its definition says. */
export interface Surroundings {
	/** The container environment, as "NAME=value". */
	readonly environment: readonly string[];
	/** The service's name, and further variables. */
	readonly marker: string;
	readonly variables: readonly string[];
	/** Pairs: a descriptor of ours, and the process's. */
	readonly descriptors: readonly number[];
	/** The terminal whose foreground it gets; −1: none. */
	readonly terminal: number;
	readonly leads: number;
	/** The cgroup.procs of a cgroup of its own; empty: there is none. */
	readonly cgroup: string;
	readonly isMain: boolean;
}

export interface LaunchFailure {
	readonly exitCode: number;
	readonly text: string;
}

/** Starts the words (a Launch's own, or a program's) as the definition says; the pid, or why not. */
export function launchWords(
	kernel: Kernel,
	launch: Launch,
	words: readonly string[],
	isOurs: boolean,
	around: Surroundings,
): number | LaunchFailure {
	const environment = environmentOf(launch, around);
	const name = words[0] ?? "";
	const found = isOurs ? kernel.ownPath() : findProgram(kernel, name, environment);
	const start = (path: string, all: readonly string[]): number =>
		kernel.launch({
			path,
			words: all,
			environment,
			directory: launch.directory,
			umask: launch.umask,
			limits: launch.limits.flatMap(({ resource, soft, hard }) => [resource, soft, hard]),
			cgroup: around.cgroup,
			oomScoreAdj: launch.oomScoreAdj === undefined ? "" : String(launch.oomScoreAdj),
			setsNice: launch.nice !== undefined,
			nice: launch.nice ?? 0,
			identity:
				launch.identity === undefined
					? []
					: [launch.identity.user, launch.identity.group, ...launch.identity.groups],
			descriptors: around.descriptors,
			terminal: around.terminal,
			leads: around.leads,
			isMain: around.isMain,
		});
	let result = start(found, isOurs ? ["initctl", ...words] : words);
	if (
		result === -ENOEXEC &&
		kernel.readFile(pathFrom(launch, found), ELF_MAGIC.length) !== ELF_MAGIC
	)
		result = start(SHELL, [SHELL, found, ...words.slice(1)]);
	return result > 0 ? result : failure(kernel, pathFrom(launch, found), result);
}

function pathFrom({ directory }: Launch, path: string): string {
	if (path.startsWith("/") || directory === "" || !path.includes("/")) return path;
	return `${directory}/${path.startsWith("./") ? path.slice(2) : path}`;
}

function failure(kernel: Kernel, path: string, result: number): LaunchFailure {
	const step = kernel.launchStep();
	if (step > 0) {
		const what = LAUNCH_STEPS[step] ?? "prepare it";
		const text = `cannot start "${printableText(path)}": cannot ${what}: ${describeErrno(result)}`;
		return { exitCode: EXIT_SYSTEM, text };
	}
	const isMissing = result === -ENOENT && kernel.checkExecutable(path) === -ENOENT;
	if (!isMissing) return startFailure(path, result);
	const where = path.includes("/") ? "no such file (ENOENT)" : "it is not found in PATH";
	return { exitCode: EXIT_NOT_FOUND, text: `cannot start "${printableText(path)}": ${where}` };
}

function environmentOf(launch: Launch, around: Surroundings): readonly string[] {
	const own = [...launch.environment, ...around.variables, `${MARKER}=${around.marker}`];
	const variables = Variables.of(around.environment);
	for (const entry of own) {
		const equals = entry.indexOf("=");
		variables.set(entry.slice(0, equals), entry.slice(equals + 1));
	}
	return variables.entries();
}

/** As execvp(3) searches; where nothing is found, the name itself, for which execve(2) says why. */
function findProgram(kernel: Kernel, name: string, environment: readonly string[]): string {
	if (name.includes("/")) return name;
	const entry = environment.find((candidate) => candidate.startsWith("PATH="));
	let refused = "";
	for (const directory of (entry?.slice(5) ?? DEFAULT_PATH).split(":")) {
		const path = directory === "" ? `./${name}` : `${directory}/${name}`;
		const result = kernel.checkExecutable(path);
		if (result >= 0) return path;
		if (result === -EACCES && refused === "") refused = path;
	}
	return refused === "" ? name : refused;
}

/** For programs of ours. */
export const PLAIN_LAUNCH: Launch = {
	words: [],
	identity: undefined,
	environment: [],
	directory: "",
	umask: -1,
	limits: [],
	oomScoreAdj: undefined,
	nice: undefined,
};
