// Stops a container as `docker stop` does, and sees how it goes.
import type { Container } from "dockerode";
import type { ImagePlatform } from "../binaries.ts";
import { DEFAULT_STOP_S, type StartConfig, signalText, stopSignalOf } from "../command/config.ts";
import { readFileInside } from "../engine/container.ts";
import { numberAt } from "../json.ts";
import { NoProbe, startProbe } from "../probe/probe.ts";
import { readTables, type Snapshot } from "../probe/snapshot.ts";
import { isZombie } from "../processes/table.ts";
import { abandonOn, within } from "../waiting.ts";
import { judgeFile, type WatchedFile } from "./files.ts";
import { type Finding, failed, passed, type Seen, skipped } from "./finding.ts";

/** An end this near to the end of the grace period is the engine's doing. */
const KILL_SLACK_S = 1;
const PROBE_BEGIN_MS = 5_000;
const KILLED = 137;

type StopSeen = NonNullable<Seen["stop"]>;

/** What to stop, and what was known of it before. */
export interface Stopping {
	container: Container;
	config: StartConfig;
	platform: ImagePlatform;
	/** The last look; undefined where no probe can be had. */
	before: Snapshot | undefined;
	/** Pids of those that are known to be killed with the end of PID 1. */
	doomed: ReadonlySet<number>;
	files: readonly WatchedFile[];
}

/** Stops it, watches it meanwhile, and judges. Throws the signal's reason when it is aborted. */
export async function stopAndJudge(
	stopping: Stopping,
	signal: AbortSignal,
): Promise<{ findings: Finding[]; stop: StopSeen }> {
	const { container, config } = stopping;
	const graceS = config.stopTimeoutS ?? DEFAULT_STOP_S;
	const watch = stopping.before === undefined ? undefined : await startWatch(stopping, signal);
	const begin = performance.now();
	await abandonOn(signal, container.stop({ t: graceS }));
	const seconds = Math.round((performance.now() - begin) / 10) / 100;
	const inspected: unknown = await container.inspect();
	const exitCode = numberAt(inspected, "State", "ExitCode") ?? 0;
	const isKilled = exitCode === KILLED && seconds >= graceS - KILL_SLACK_S;
	const last =
		watch === undefined ? undefined : readTables(await watch.output.catch(() => [])).at(-1);
	const alive = last?.entries.filter((entry) => !isZombie(entry)) ?? [];
	const stop: StopSeen = {
		signal: signalText(stopSignalOf(config) ?? 15),
		...{ seconds, graceS, exitCode },
		killed: isKilled ? alive.map(({ name, pid }) => `${name} [${pid}]`) : [],
		files: [],
	};
	const pids = new Set(alive.map(({ pid }) => pid));
	const files = await judgeFiles(stopping, isKilled ? pids : stopping.doomed, stop);
	return { findings: [stopTime(stop, isKilled), exitCodeOf(stop, isKilled), ...files], stop };
}

async function startWatch(stopping: Stopping, signal: AbortSignal) {
	try {
		const watch = await startProbe(stopping.container, stopping.platform, ["watch"]);
		await within(PROBE_BEGIN_MS, watch.begun, signal);
		return watch;
	} catch (thrown) {
		if (thrown instanceof NoProbe) return undefined;
		throw thrown;
	}
}

function stopTime(
	{ signal, seconds, graceS, killed, exitCode }: StopSeen,
	isKilled: boolean,
): Finding {
	if (!isKilled) {
		return passed(
			"stop-time",
			`${signal} ended it after ${seconds.toFixed(1)} s (of ${graceS} s) with exit code ${exitCode}`,
		);
	}
	const who = killed.length === 0 ? "everything" : killed.slice(0, 8).join(", ");
	return failed(
		"stop-time",
		`${signal} did not end it: after ${seconds.toFixed(1)} s the engine killed ${who}`,
	);
}

function exitCodeOf({ exitCode, signal }: StopSeen, isKilled: boolean): Finding {
	const number = stopSignalOf({ stopSignal: signal }) ?? 15;
	if (isKilled) return skipped("exit-code", `${exitCode}: it was killed`);
	if (exitCode === 0 || exitCode === 128 + number) return passed("exit-code", String(exitCode));
	const text = exitCode > 128 && exitCode <= 192 ? ` (${signalText(exitCode - 128)})` : "";
	return failed("exit-code", `${exitCode}${text} after ${signal}`);
}

/** Those that the user names, and those that were open for writing in a process that was killed. */
async function judgeFiles(
	{ container, before, files }: Stopping,
	killed: ReadonlySet<number>,
	stop: StopSeen,
): Promise<Finding[]> {
	const open = new Map(
		(before?.processes ?? []).flatMap(({ name, pid, written }) =>
			written.map(
				(path) => [path, { who: `${name} [${pid}]`, isKilled: killed.has(pid) }] as const,
			),
		),
	);
	const named = files.map(({ path }) => path);
	const atRisk = [...open].filter(([path, { isKilled }]) => isKilled && !named.includes(path));
	const watched = [...files, ...atRisk.map(([path]) => ({ path, lastLine: undefined }))];
	if (watched.length === 0) {
		if (before === undefined) return [skipped("file-whole", "no probe: open files are not known")];
		return [
			passed(
				"file-whole",
				`${open.size} files were open for writing, none by a process that was killed`,
			),
		];
	}
	const findings: Finding[] = [];
	for (const file of watched.slice(0, 20)) {
		const content = await readFileInside(container, file.path);
		const writer = open.get(file.path);
		const whose =
			writer === undefined
				? ""
				: `, open in ${writer.who}${writer.isKilled ? " when that was killed" : ""}`;
		if (content === undefined) {
			findings.push(skipped("file-whole", `${file.path} can't be read after the stop${whose}`));
			continue;
		}
		const { state, why } = judgeFile(file, content);
		stop.files.push({ path: file.path, state });
		const evidence = `${file.path} is ${state === "unknown" ? "of unknown state" : state}, ${content.length} bytes: ${why}${whose}`;
		const isFine = state === "whole" || (state === "unknown" && writer?.isKilled !== true);
		findings.push(isFine ? passed("file-whole", evidence) : failed("file-whole", evidence));
	}
	return findings;
}
