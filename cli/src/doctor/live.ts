// What a running container shows: who is PID 1, what it does with signals, zombies and orphans.
import { type StartConfig, signalText, stopSignalOf } from "../command/config.ts";
import { baseName, knownInit } from "../command/inits.ts";
import type { OrphanSeen, ProcessSeen, Snapshot } from "../probe/snapshot.ts";
import { isZombie } from "../processes/table.ts";
import { type Finding, failed, passed, type Seen, skipped } from "./finding.ts";

/** Two looks a moment apart, and an orphan between them. */
export interface LiveView {
	config: StartConfig;
	before: Snapshot;
	after: Snapshot;
	orphan: OrphanSeen | undefined;
	/** A stop will follow, which shows more than masks do. */
	willStop: boolean;
}

/** The rules that need the probe. */
const PROBED = ["signal-taken", "zombies", "orphan-reaped", "others-asked"] as const;

/** The verdicts where no probe could look. */
export function skipProbed(reason: string): Finding[] {
	return PROBED.map((rule) => skipped(rule, reason));
}

export function judgeLive(view: LiveView): { findings: Finding[]; seen: Seen } {
	const findings = [signalTaken(view), zombies(view), orphanReaped(view), othersAsked(view)];
	return { findings, seen: seenIn(view) };
}

function seenIn({ after, orphan, before }: LiveView): Seen {
	const signals = after.pid1?.signals;
	return {
		pid1: titleOf(after.pid1),
		processes: after.processes.length,
		...(signals !== undefined && { signals }),
		zombies: lastingZombies(before, after).map((zombie) => ({
			pid: zombie.pid,
			name: zombie.name,
			parent: parentText(after, zombie),
			ageS: Math.round(zombie.ageS),
		})),
		...(orphan !== undefined && {
			orphan: {
				adopter: titleOf(after.processes.find(({ pid }) => pid === orphan.adopter)),
				reaped: orphan.reaped,
				ms: orphan.ms,
			},
		}),
	};
}

/** `nginx (nginx: master process)`, where both say something. */
export function titleOf(process: ProcessSeen | undefined): string {
	if (process === undefined) return "?";
	const { name, commandLine } = process;
	const line = commandLine.length > 60 ? `${commandLine.slice(0, 57)}...` : commandLine;
	return line === "" || line === name ? name : `${name} (${line})`;
}

function signalTaken({ config, before, after, willStop }: LiveView): Finding {
	const { pid1 } = after;
	// In one of the two moments it may have been at work.
	const waitsForSignals = before.waitsForSignals || after.waitsForSignals;
	const signal = stopSignalOf(config);
	if (signal === undefined) return skipped("signal-taken", "STOPSIGNAL names no signal");
	const name = signalText(signal);
	if (pid1 === undefined) return skipped("signal-taken", "PID 1 can't be seen in /proc");
	const who = titleOf(pid1);
	if (initOf(pid1, config) !== undefined || waitsForSignals) {
		return passed("signal-taken", `PID 1, ${who}, waits for signals and takes ${name}`);
	}
	const { signals } = pid1;
	if (signals === undefined) return skipped("signal-taken", "/proc/1/status can't be read");
	const inWords = `it catches ${listed(signals.caught)}, ignores ${listed(signals.ignored)}, blocks ${listed(signals.blocked)}`;
	if (signals.blocked.includes(name)) {
		return passed("signal-taken", `PID 1, ${who}, takes ${name} from a queue: ${inWords}`);
	}
	if (!signals.caught.includes(name)) {
		return failed("signal-taken", `PID 1, ${who}, has no handler for ${name}: ${inWords}`);
	}
	// Node.js catches TERM to mend its terminal, and sends it to itself again, which does nothing as PID 1.
	if (/^node/.test(baseName(pid1.exe || pid1.name)) && !willStop) {
		return skipped(
			"signal-taken",
			`PID 1, ${who}, catches ${name}, as Node.js always does: only a stop tells`,
		);
	}
	return passed("signal-taken", `PID 1, ${who}, has a handler for ${name}: ${inWords}`);
}

function listed(names: readonly string[]): string {
	if (names.length === 0) return "nothing";
	if (names.length > 20) return `${names.length} signals`;
	return names.map((name) => name.slice(3)).join(" ");
}

function initOf(process: ProcessSeen, { env }: StartConfig) {
	return (
		knownInit(process.exe, env) ??
		knownInit(process.name, env) ??
		knownInit(process.commandLine.split(" ", 1)[0] ?? "", env)
	);
}

/** Those that were there at both looks: whoever waits at once is not blamed for a moment. */
function lastingZombies(before: Snapshot, after: Snapshot): ProcessSeen[] {
	return after.processes.filter(
		(process) =>
			isZombie(process) &&
			before.processes.some(
				(earlier) =>
					earlier.pid === process.pid &&
					earlier.startTicks === process.startTicks &&
					isZombie(earlier),
			),
	);
}

function zombies({ before, after }: LiveView): Finding {
	const found = lastingZombies(before, after);
	if (found.length === 0)
		return passed("zombies", `none among ${after.processes.length} processes`);
	const ofPid1 = found.filter(({ parentPid }) => parentPid === 1);
	const shown = found
		.slice(0, 5)
		.map(
			(zombie) =>
				`${zombie.name} [${zombie.pid}] of ${parentText(after, zombie)}, started ${ageText(zombie.ageS)} ago`,
		);
	const more = found.length > shown.length ? `, and ${found.length - shown.length} more` : "";
	return failed("zombies", `${found.length}: ${shown.join("; ")}${more}`, {
		remedy:
			ofPid1.length > 0
				? "PID 1 does not wait for them: `baseimage graft IMAGE` puts an init in front."
				: "Their parents have to wait for them; no init can do it in their place.",
	});
}

function parentText({ processes }: Snapshot, { parentPid }: ProcessSeen): string {
	const parent = processes.find(({ pid }) => pid === parentPid);
	return parentPid === 1
		? `PID 1 (${parent?.name ?? "?"})`
		: `${parent?.name ?? "?"} [${parentPid}]`;
}

function ageText(seconds: number): string {
	if (seconds < 120) return `${Math.round(seconds)} s`;
	if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
	return `${Math.round(seconds / 3600)} h`;
}

function orphanReaped({ orphan, after }: LiveView): Finding {
	if (orphan === undefined)
		return skipped("orphan-reaped", "the probe's orphan could not be followed");
	const adopter = titleOf(after.processes.find(({ pid }) => pid === orphan.adopter));
	const who = orphan.adopter === 1 ? `PID 1, ${adopter},` : `${adopter} [${orphan.adopter}]`;
	return orphan.reaped
		? passed("orphan-reaped", `${who} waited for it ${orphan.ms} ms after it was told to end`)
		: failed(
				"orphan-reaped",
				`${who} left it as a zombie for ${orphan.ms} ms; it stays until the container ends`,
			);
}

/**
 * Who is killed because an init ends with its child: those beside a child that dies of the stop signal.
 * Empty where the child handles the signal: its own children are its own to end.
 */
export function doomedBesideMain({ config, after }: LiveView): ProcessSeen[] {
	const { pid1, processes } = after;
	const init = pid1 === undefined ? undefined : initOf(pid1, config);
	if (init === undefined || init.waitsForAll) return [];
	const main = processes.find(({ parentPid }) => parentPid === 1);
	if (main?.signals === undefined || main.signals.caught.includes(stopSignalText(config)))
		return [];
	return processes.filter((process) => ![1, main.pid].includes(process.pid) && !isZombie(process));
}

function othersAsked(view: LiveView): Finding {
	const { config, after } = view;
	const { pid1, processes } = after;
	const init = pid1 === undefined ? undefined : initOf(pid1, config);
	if (pid1 === undefined || init === undefined) {
		return passed("others-asked", "PID 1 is the program itself: what it starts is its own to end");
	}
	if (init.waitsForAll) {
		return passed("others-asked", `${pid1.name} asks everything to end, and waits`);
	}
	const doomed = doomedBesideMain(view);
	const main = titleOf(processes.find(({ parentPid }) => parentPid === 1));
	if (doomed.length === 0) {
		return passed("others-asked", `nobody else is there when ${main} ends, or it sees to them`);
	}
	const names = doomed.slice(0, 5).map(titleOf).join(", ");
	return failed(
		"others-asked",
		`${pid1.name} ends with ${main}, which has no handler for ${stopSignalText(config)} and dies at once: then the kernel kills ${names}`,
	);
}

function stopSignalText(config: StartConfig): string {
	return signalText(stopSignalOf(config) ?? 15);
}
