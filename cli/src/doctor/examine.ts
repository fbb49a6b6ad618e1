// Examines one subject after the other: what is read of it, and, where it runs, what is seen.
import type { Container, ContainerCreateOptions } from "dockerode";
import type { ImagePlatform } from "../binaries.ts";
import { DEFAULT_STOP_S, type StartConfig } from "../command/config.ts";
import { outputOf } from "../engine/answer.ts";
import type { Engine } from "../engine/connect.ts";
import { withContainer } from "../engine/container.ts";
import { scriptsOf } from "../engine/files-inside.ts";
import { failureOfStart, refusal } from "../engine/refusal.ts";
import { ExitCode } from "../exit-codes.ts";
import { Failure, messageOf } from "../failure.ts";
import { field, numberAt, textAt } from "../json.ts";
import { NoProbe, runProbe } from "../probe/probe.ts";
import { readOrphan, readSnapshots, type Snapshot } from "../probe/snapshot.ts";
import {
	containerConfig,
	containerSubject,
	inspectImage,
	pidModeOf,
} from "../subject/engine-subjects.ts";
import type { Subject } from "../subject/subject.ts";
import { within } from "../waiting.ts";
import type { WatchedFile } from "./files.ts";
import { type Examination, type Finding, failed, passed, type Seen, skipped } from "./finding.ts";
import { doomedBesideMain, judgeLive, skipProbed } from "./live.ts";
import { judgeStatic, planOf } from "./static.ts";
import { stopAndJudge } from "./stop.ts";

/** How an image is tried. */
export interface Trial {
	args: readonly string[];
	env: readonly string[];
	volumes: readonly string[];
	network: string;
	/** Until it is looked at. */
	warmUpMs: number;
	engineInit: boolean;
	stopTimeoutS: number | undefined;
}

/** How to go about a container that runs. */
interface Look {
	stops: boolean;
	files: readonly WatchedFile[];
	report: (step: string) => void;
}

/** What the files and the configuration tell. */
export async function examineStatic(subject: Subject): Promise<Examination> {
	const plan = await planOf(subject.config, subject.read, subject.unread);
	const { name, kind } = subject;
	return { subject: name, kind, command: plan.argv, findings: judgeStatic(plan) };
}

/** A container that somebody else runs. It goes on running, unless it is to be stopped. */
export async function examineContainer(
	engine: Engine,
	name: string,
	inspected: unknown,
	look: Look,
	signal: AbortSignal,
): Promise<Examination> {
	const container = engine.client.getContainer(textAt(inspected, "Id") ?? name);
	const still = await examineStatic(containerSubject(name, inspected, container));
	if (field(inspected, "State", "Running") !== true) {
		const state = textAt(inspected, "State", "Status") ?? "not running";
		const findings = [...still.findings, ...skipProbed(`the container is ${state}`)];
		return { ...still, findings };
	}
	if (field(inspected, "State", "Paused") === true) {
		return { ...still, findings: [...still.findings, ...skipProbed("the container is paused")] };
	}
	const live = await examineRunning(engine, container, inspected, look, signal);
	return { ...still, findings: [...still.findings, ...live.findings], ...live.seen };
}

/** An image, in a container of our own, which is gone afterwards. */
export async function examineTrial(
	engine: Engine,
	reference: string,
	trial: Trial,
	look: Omit<Look, "stops">,
	signal: AbortSignal,
): Promise<Examination> {
	const options: ContainerCreateOptions = {
		Image: reference,
		...(trial.args.length > 0 && { Cmd: [...trial.args] }),
		Env: [...trial.env],
		// Always said: Podman's API takes a missing one for 0.
		StopTimeout: trial.stopTimeoutS ?? DEFAULT_STOP_S,
		HostConfig: {
			// Always said: an engine may be set up to put its own init in front of everything.
			Init: trial.engineInit,
			Binds: [...trial.volumes],
			NetworkMode: trial.network,
		},
	};
	look.report("starting the container");
	return await withContainer(engine, "doctor", options, async (container) => {
		signal.throwIfAborted();
		const created: unknown = await container.inspect();
		const config = containerConfig(created);
		const still = await examineStatic({
			...{ name: reference, kind: "image", config, read: scriptsOf(container, config) },
		});
		await start(container, reference);
		look.report(`letting it work for ${trial.warmUpMs / 1000} s`);
		const ended = await endOf(container, reference, trial.warmUpMs, signal);
		if (ended !== undefined) {
			const findings = [...still.findings, ended, ...skipProbed("the container has ended")];
			return { ...still, findings };
		}
		const inspected: unknown = await container.inspect();
		const live = await examineRunning(
			engine,
			container,
			inspected,
			{ ...look, stops: true },
			signal,
		);
		const runs = passed("starts", `it runs, ${trial.warmUpMs / 1000} s after its start`);
		return { ...still, findings: [...still.findings, runs, ...live.findings], ...live.seen };
	});
}

async function start(container: Container, reference: string): Promise<void> {
	try {
		await container.start();
	} catch (thrown) {
		const known = refusal(`starting ${reference}`, thrown);
		if (known instanceof Failure) throw known;
		throw new Failure(
			ExitCode.system,
			`${reference} can't be started: ${messageOf(thrown)}`,
			"See whether its command exists in it; another one can be given behind --.",
			{ cause: thrown },
		);
	}
}

/** The verdict when the container ends by itself within the time; undefined: it goes on. */
async function endOf(
	container: Container,
	reference: string,
	withinMs: number,
	signal: AbortSignal,
): Promise<Finding | undefined> {
	const begin = performance.now();
	const over = new AbortController();
	const ended = container.wait({ abortSignal: over.signal }).then(() => true);
	ended.catch(() => undefined);
	try {
		if ((await within(withinMs, ended, signal)) === undefined) return undefined;
	} finally {
		over.abort();
	}
	const state: unknown = await container.inspect();
	const code = numberAt(state, "State", "ExitCode") ?? 0;
	const logs = outputOf(await container.logs({ stdout: true, stderr: true, tail: 5 })).trim();
	const seconds = ((performance.now() - begin) / 1000).toFixed(1);
	const unstarted = failureOfStart(reference, logs);
	if (unstarted !== undefined) throw unstarted;
	const reason = textAt(state, "State", "Error") ?? "";
	const said =
		logs === "" ? "it wrote nothing" : `its last words: ${logs.replace(/\s*\n\s*/g, " | ")}`;
	const text = `it ended by itself after ${seconds} s with exit code ${code}${reason && ` (${reason})`}; ${said}`;
	return code === 0 ? failed("starts", text, { severity: "note" }) : failed("starts", text);
}

interface LiveOutcome {
	findings: Finding[];
	seen: { seen?: Seen };
}

async function examineRunning(
	engine: Engine,
	container: Container,
	inspected: unknown,
	look: Look,
	signal: AbortSignal,
): Promise<LiveOutcome> {
	const config = containerConfig(inspected);
	const mode = pidModeOf(inspected);
	if (mode !== "" && mode !== "private") {
		const reason = `it is in the PID namespace "${mode}"`;
		return { findings: [failed("own-pid-1", reason), ...skipProbed(reason)], seen: {} };
	}
	const own = passed("own-pid-1", "it has a PID namespace of its own");
	const platform = await platformOf(engine, inspected);
	look.report("looking at its processes");
	const view = await probed(container, config, platform, look.stops, signal);
	const findings = [own, ...view.findings];
	if (!look.stops) {
		const reason = "it was not stopped; --stop does that";
		const unstopped = (["stop-time", "exit-code", "file-whole"] as const).map((rule) =>
			skipped(rule, reason),
		);
		return {
			findings: [...findings, ...unstopped],
			seen: view.seen === undefined ? {} : { seen: view.seen },
		};
	}
	look.report("stopping the container");
	const { files } = look;
	const { before, doomed } = view;
	const stopping = { container, config, platform, before, doomed, files };
	const stopped = await stopAndJudge(stopping, signal);
	return {
		findings: [...findings, ...stopped.findings],
		seen: view.seen === undefined ? {} : { seen: { ...view.seen, stop: stopped.stop } },
	};
}

interface Probed {
	findings: Finding[];
	before: Snapshot | undefined;
	doomed: ReadonlySet<number>;
	seen: Seen | undefined;
}

async function probed(
	container: Container,
	config: StartConfig,
	platform: ImagePlatform,
	willStop: boolean,
	signal: AbortSignal,
): Promise<Probed> {
	try {
		const blocks = await runProbe(container, platform, ["look", "orphan", "pause", "look"], signal);
		const [before, after] = readSnapshots(blocks);
		if (before === undefined || after === undefined) {
			throw new NoProbe("the container ended, or killed the probe, before it had looked twice");
		}
		const orphan = readOrphan(blocks);
		const seenTwice = { config, before, after, orphan, willStop };
		const { findings, seen } = judgeLive(seenTwice);
		const doomed = new Set(doomedBesideMain(seenTwice).map(({ pid }) => pid));
		return { findings, before: after, doomed, seen };
	} catch (thrown) {
		if (!(thrown instanceof NoProbe)) throw thrown;
		const nothing = { before: undefined, doomed: new Set<number>(), seen: undefined };
		return { findings: skipProbed(thrown.message), ...nothing };
	}
}

/** What the container's image is made for. */
async function platformOf(engine: Engine, inspected: unknown): Promise<ImagePlatform> {
	const image = await inspectImage(engine, textAt(inspected, "Image") ?? "");
	return {
		os: textAt(image, "Os") ?? "linux",
		architecture: textAt(image, "Architecture") ?? "amd64",
		variant: textAt(image, "Variant"),
	};
}
