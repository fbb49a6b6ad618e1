import type { Container, ContainerCreateOptions } from "dockerode";
import { outputOf } from "../engine/answer.ts";
import { pack } from "../engine/archive.ts";
import type { Engine } from "../engine/connect.ts";
import { readFileInside, withContainer } from "../engine/container.ts";
import type { Image } from "../engine/image.ts";
import { ExitCode } from "../exit-codes.ts";
import { Failure, messageOf } from "../failure.ts";
import { type ProcessReader, readerFor } from "../processes/reader.ts";
import { isZombie, type ProcessEntry } from "../processes/table.ts";
import { abandonOn, pause, until } from "../waiting.ts";
import {
	applicationCommand,
	applicationFiles,
	HOME,
	ORPHAN_NAME,
	type Pattern,
	releaseFile,
} from "./application.ts";
import { judgeFile } from "./judge.ts";
import type { Observation } from "./result.ts";

/** What all containers have in common. */
export interface Scenario {
	pattern: Pattern;
	orphans: number;
}

/** One of the containers that are compared. */
export interface Subject {
	image: Image;
	/** `docker run --init`: the engine puts its own init in front. */
	dockerInit: boolean;
}

/** Called with a phrase at every step, for a progress display. */
export type Report = (step: string) => void;

const READY_LIMIT_MS = 60_000;
const END_LIMIT_MS = 20_000;
const POLL_MS = 200;
/** What `docker stop` gives by default. Always said: Podman's API takes a missing one for 0. */
const STOP_GRACE_S = 10;
/** What a reaper gets before the zombies are counted: a thousandfold of what one needs. */
const GRACE_MS = 1_000;

/** Runs the application in one container, watches it and stops it. The container is gone afterwards. */
export function observe(
	engine: Engine,
	subject: Subject,
	scenario: Scenario,
	signal: AbortSignal,
	report: Report,
): Promise<Observation> {
	const { image } = subject;
	report("creating the container");
	return withContainer(engine, "demo", containerOptions(subject, scenario), async (container) => {
		signal.throwIfAborted();
		await container.putArchive(pack(applicationFiles()), { path: "/" });
		await startApplication(container, image);
		const processes = await readerFor(engine, container);

		report(`waiting for ${count(scenario.orphans)} orphans`);
		const orphans = await orphansAlive(container, processes, scenario.orphans, signal);
		await serverReady(container, signal);

		report(`letting ${count(scenario.orphans)} orphans end`);
		await container.putArchive(pack([releaseFile()]), { path: "/" });
		const after = await tableAfterEnd(processes, orphans, signal);

		report("stopping the container");
		const begin = performance.now();
		await abandonOn(signal, container.stop({ t: STOP_GRACE_S }));
		const stopSeconds = Math.round((performance.now() - begin) / 10) / 100;

		const { State } = await container.inspect();
		const file = judgeFile(await readFileInside(container, `${HOME}/records`));
		report(`stopped after ${stopSeconds.toFixed(1)} s`);
		return {
			image: image.reference,
			standIn: image.standIn,
			pid1: after.find(({ pid }) => pid === processes.rootPid)?.name ?? "?",
			orphans: orphans.size,
			zombies: after.filter((entry) => orphans.has(entry.pid) && isZombie(entry)).length,
			processesLeft: after.length,
			processesAlive: after.filter((entry) => !isZombie(entry)).length,
			stopSeconds,
			exitCode: State.ExitCode,
			file,
			countedFrom: processes.source,
		};
	});
}

function containerOptions(subject: Subject, scenario: Scenario): ContainerCreateOptions {
	return {
		Image: subject.image.reference,
		Cmd: applicationCommand(scenario.pattern, scenario.orphans),
		HostConfig: {
			// Always said: an engine may be set up to put its own init in front of everything.
			Init: subject.dockerInit,
			NetworkMode: "none",
		},
	};
}

async function startApplication(container: Container, image: Image): Promise<void> {
	try {
		await container.start();
	} catch (cause) {
		const what = `starting the application on ${image.reference} (${image.platform})`;
		throw new Failure(
			ExitCode.system,
			`${what}: ${messageOf(cause)}`,
			"The image must have a POSIX shell as /bin/sh and be made for the engine's processor.",
			{ cause },
		);
	}
}

/** The application never ends by itself: when it did, its last words tell why. */
async function assertRunning(container: Container): Promise<void> {
	const { State, Config } = await container.inspect();
	if (State.Running) return;
	const logs = await container.logs({ stdout: true, stderr: true, tail: 5 });
	throw new Failure(
		ExitCode.system,
		`the application on ${Config.Image} ended early with exit code ${State.ExitCode}: ${outputOf(logs).trim() || "it wrote nothing"}`,
	);
}

/** The proof that there is something to reap: so many distinct processes, adopted by PID 1, alive. */
async function orphansAlive(
	container: Container,
	processes: ProcessReader,
	expected: number,
	signal: AbortSignal,
): Promise<ReadonlySet<number>> {
	let seen = 0;
	const alive = (entry: ProcessEntry) =>
		entry.name === ORPHAN_NAME && entry.parentPid === processes.rootPid && !isZombie(entry);
	return await until(
		async () => {
			await assertRunning(container);
			const pids = (await processes.read()).filter(alive).map(({ pid }) => pid);
			seen = pids.length;
			return seen === expected ? new Set(pids) : undefined;
		},
		{
			everyMs: POLL_MS,
			limitMs: READY_LIMIT_MS,
			signal,
			describe: () =>
				`${count(expected)} orphans and saw ${count(seen)}; does a limit of processes (ulimit, pids) stop the application?`,
		},
	);
}

async function serverReady(container: Container, signal: AbortSignal): Promise<void> {
	await until(() => readFileInside(container, `${HOME}/server.ready`), {
		everyMs: POLL_MS,
		limitMs: END_LIMIT_MS,
		signal,
		describe: () => "the server to be ready",
	});
}

/** The process table when all orphans have ended and PID 1 has had time to wait for them. */
async function tableAfterEnd(
	processes: ProcessReader,
	orphans: ReadonlySet<number>,
	signal: AbortSignal,
): Promise<ProcessEntry[]> {
	let alive = 0;
	await until(
		async () => {
			const table = await processes.read();
			alive = table.filter((entry) => orphans.has(entry.pid) && !isZombie(entry)).length;
			return alive === 0 ? table : undefined;
		},
		{
			everyMs: POLL_MS,
			limitMs: END_LIMIT_MS,
			signal,
			describe: () => `the orphans to end; ${count(alive)} are still alive`,
		},
	);
	await pause(GRACE_MS, signal);
	return await processes.read();
}

function count(number: number): string {
	return number.toLocaleString("en-US");
}
