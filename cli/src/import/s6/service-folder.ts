// A folder with a `run`, as s6 (skarnet.org/software/s6/servicedir.html) and runit (runsv(8)) have it.
import { posix } from "node:path";
import type { Companion, ImportedService, Loss, Problem } from "../model.ts";
import type { SourceTree } from "../source/tree.ts";
import { BadValue } from "../supervisord/expand.ts";
import { readNatural, readSignal } from "../supervisord/options.ts";
import { adaptProgram } from "./program.ts";

export interface ServiceFolder {
	service: ImportedService | undefined;
	problems: Problem[];
}

/** What a supervisor reads there, or makes there itself; all else is the service's own. */
const CONTROL = new Set([
	...["run", "down", "event", "supervise", "log", "notification-fd", "down-signal", "lock-fd"],
	...["nosetsid", "max-death-tally", "type", "dependencies", "dependencies.d", "contents"],
	...["contents.d", "essential", "flag-essential", "flag-newpidns", "producer-for", "consumer-for"],
	...["pipeline-name", "up", "template", "instance", "instances"],
	...["timeout-kill", "timeout-finish", "timeout-up", "timeout-down"],
]);
const NOTIFYONCHECK = "s6-notifyoncheck";
/** Links that lead into themselves end somewhere. */
const DEEPEST = 8;

const FINISH =
	"nothing runs it: the service is started again, whatever it ended with; what it does belongs into the service itself";
const FINISH_ENDS_ALL =
	"it ended the container when the service ended; here its failure does (critical), and with code 0 it stays ended";
const ENDS_ALL = /s6-svscanctl|basedir\/bin\/halt|container-results|kill\s+(-\w+\s+)?1\b/;

const NO_EQUIVALENT: Readonly<Record<string, string>> = {
	"max-death-tally":
		"it is never given up: the pauses before its starts get longer, up to a minute",
	"flag-newpidns": "it sees the processes of the container",
};

/** @param path where the folder lies, links and all */
export async function readServiceFolder(
	tree: SourceTree,
	path: string,
	origin: ImportedService["origin"],
): Promise<ServiceFolder> {
	const name = posix.basename(path);
	const file = `${path}/run`;
	const run = await tree.read(file);
	if (run === undefined) {
		const remedy = `Add ${file}, or take the folder away.`;
		return {
			service: undefined,
			problems: [{ place: { file: path }, what: "it has no run", remedy }],
		};
	}
	const problems: Problem[] = [];
	const read = async <T>(name: string, parse: (word: string) => T): Promise<T | undefined> => {
		const word = await tree.readWord(`${path}/${name}`);
		if (word === undefined) return undefined;
		try {
			return parse(word);
		} catch (thrown) {
			if (!(thrown instanceof BadValue)) throw thrown;
			const what = `"${word}": ${thrown.message}`;
			problems.push({ place: { file: `${path}/${name}`, line: 1 }, what, remedy: "Mend it." });
			return undefined;
		}
	};
	const adapted = adaptProgram(run, file);
	const names = await tree.list(path);
	const isRunit = origin === "runit";
	const notificationFd = await read("notification-fd", readDescriptor);
	const timeoutMs = (await read("timeout-up", readNatural)) || undefined;
	// What s6-notifyoncheck runs where it is told nothing else.
	const check = `${path}/data/check`;
	const isChecked =
		adapted.losses.some(({ what }) => what === NOTIFYONCHECK) &&
		(await tree.kindOf(check)) === "file" &&
		!/s6-notifyoncheck\s(?:.*\s)?-c/.test(run.toString("latin1"));
	const own = isChecked
		? adapted.losses.filter(({ what }) => what !== NOTIFYONCHECK)
		: adapted.losses;
	const finish = isRunit ? undefined : await tree.readText(`${path}/finish`);
	const critical = finish !== undefined && ENDS_ALL.test(finish);
	// 0 is no limit.
	const stopGraceMs = (await read("timeout-kill", readNatural)) || undefined;
	const service: ImportedService = {
		name,
		origin,
		place: { file },
		stage: "service",
		program: adapted.program,
		companions: (await companionsOf(tree, path, "", DEEPEST, isRunit)).filter(
			({ path: companion }) => isRunit || companion !== "finish",
		),
		...(adapted.user !== undefined && { user: adapted.user }),
		environment: [],
		restart: { kind: critical ? "never" : "always" },
		...(critical && { critical }),
		enabled: !names.includes("down"),
		stopSignal: (await read("down-signal", readSignal)) ?? "TERM",
		stopsGroup: false,
		...(stopGraceMs !== undefined && { stopGraceMs }),
		dependencies: [],
		...(notificationFd !== undefined && {
			readiness: {
				notificationFd,
				...(isChecked && { check }),
				...(timeoutMs !== undefined && { timeoutMs }),
			},
		}),
		logs: { stdout: { kind: "container" }, stderr: { kind: "container" } },
		losses: [...own, ...(isRunit ? [] : await lossesOf(tree, path, names, finish))],
	};
	return { service, problems: [...problems, ...adapted.problems] };
}

/** Those below are stdin, stdout and stderr; 255 is as far as ready.fd goes. */
function readDescriptor(text: string): number {
	const descriptor = readNatural(text);
	if (descriptor < 3 || descriptor > 255) throw new BadValue("no descriptor from 3 to 255");
	return descriptor;
}

async function lossesOf(
	tree: SourceTree,
	path: string,
	names: string[],
	finish: string | undefined,
): Promise<Loss[]> {
	const losses: Loss[] = [];
	for (const name of names) {
		const why = NO_EQUIVALENT[name];
		if (why !== undefined) losses.push({ place: { file: `${path}/${name}` }, what: name, why });
	}
	if (finish !== undefined) {
		const why = ENDS_ALL.test(finish) ? FINISH_ENDS_ALL : FINISH;
		losses.push({ place: { file: `${path}/finish` }, what: "finish", why });
	}
	if (await tree.read(`${path}/log/run`)) {
		const why = "no logger is started: what the service writes goes to the container's log";
		losses.push({ place: { file: `${path}/log/run` }, what: "log/run", why });
	}
	return losses;
}

async function companionsOf(
	tree: SourceTree,
	folder: string,
	below: string,
	depth: number,
	withLogger: boolean,
): Promise<Companion[]> {
	const found: Companion[] = [];
	if (depth === 0) return found;
	for (const name of await tree.list(posix.join(folder, below))) {
		// runit's logger is a service of its own below it.
		if (below === "" && CONTROL.has(name) && !(withLogger && name === "log")) continue;
		if (below === "log" && CONTROL.has(name) && name !== "run") continue;
		const path = posix.join(below, name);
		const entry = await tree.entry(posix.join(folder, path));
		if (entry?.kind === "link") {
			found.push({ path, content: { kind: "link", target: entry.target } });
		} else if (entry?.kind === "folder") {
			found.push(...(await companionsOf(tree, folder, path, depth - 1, withLogger)));
		} else if (entry?.kind === "file") {
			const bytes = (await tree.read(posix.join(folder, path))) ?? Buffer.alloc(0);
			found.push({ path, content: { kind: "file", bytes, mode: entry.mode & 0o777 } });
		}
	}
	return found;
}
